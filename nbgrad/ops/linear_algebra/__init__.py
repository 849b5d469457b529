"""Matrices: products, solutions, determinants, factors."""
