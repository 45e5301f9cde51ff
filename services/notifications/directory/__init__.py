"""Whom to reach, and how: people, who stands in for whom, and who may hear nothing of a child."""
