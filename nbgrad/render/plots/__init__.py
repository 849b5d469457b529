"""Plots and tables in the colours of the pictures."""
