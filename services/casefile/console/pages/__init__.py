"""The pages, one module each with one template of the same name."""
