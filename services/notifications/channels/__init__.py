"""The ways a person can be reached, and the words that are sent."""
