"""The services of Casefile. They share messages, never code."""
