"""A gradient in words and formulas: derivations, comparisons, tables, the line of a step."""
