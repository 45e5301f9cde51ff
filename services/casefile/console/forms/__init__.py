"""Forms made from the types of the kinds: which fields, what was typed into them, what is wrong with it."""
