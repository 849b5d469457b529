"""Where values come from: constants, sequences, random numbers."""
