"""Cards, edges and what belongs to them, with their looks in each state."""
