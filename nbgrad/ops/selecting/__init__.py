"""Elements chosen by position or by rank, and grouped by number."""
