"""Where everything stands: a matter of the graph's structure alone."""
