"""Derivatives worked out as one does by hand."""
