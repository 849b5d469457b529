"""A picture in words."""
