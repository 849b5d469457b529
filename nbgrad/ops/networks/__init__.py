"""What networks are made of: convolutions, probabilities, losses for each example."""
