"""The short verbs that draw, explain, check and plot."""
