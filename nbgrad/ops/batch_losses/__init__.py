"""`tf.losses`: one number for a batch, weighed, averaged and listed in the graph."""
