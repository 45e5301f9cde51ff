"""One child, one stream of immutable events, and everything that follows from it."""
