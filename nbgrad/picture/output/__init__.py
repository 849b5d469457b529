"""A styled scene as SVG, TikZ or a matplotlib figure."""
