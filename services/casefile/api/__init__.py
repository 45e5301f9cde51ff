"""The HTTP edge, /v1: decides who may, reads what was sent, calls the application, answers."""
