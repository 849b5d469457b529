"""Element by element: arithmetic, functions, comparisons, with broadcasting."""
