"""Small programs for those who develop Casefile."""
