"""One child, folded from her stream whenever somebody asks: always current, as of any day."""
