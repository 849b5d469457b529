"""Variables of a graph: listing, initialising and sharing them."""
