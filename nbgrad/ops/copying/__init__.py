"""The same elements again: as they are, in another dtype, or repeated."""
