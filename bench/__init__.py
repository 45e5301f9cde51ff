"""Measurements: ours, stock and the ceiling, side by side in one run."""
