"""Where everything stands: columns, rails, the mirror, the tape, paths and overviews."""
