"""The rulebook as processes read it: cached, refreshed, and tried out on the past."""
