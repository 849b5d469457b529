"""What is more than a formula: branches, order, Python, gradients of one's own."""
