"""A tensor on a card: as numbers, as cells, or as a thumbnail."""
