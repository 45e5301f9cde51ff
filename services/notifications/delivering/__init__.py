"""Tells people: the inbox first, then their channels, one after the other, until one takes it."""
