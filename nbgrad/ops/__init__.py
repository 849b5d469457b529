"""The mathematics: every operation as a NumPy kernel, its gradient rule directly below it."""
