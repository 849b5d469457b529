"""The same elements elsewhere: other shapes, other orders, joined or cut."""
