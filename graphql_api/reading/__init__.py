"""From seed files to typed values, with a name for everything that can be wrong on the way."""
