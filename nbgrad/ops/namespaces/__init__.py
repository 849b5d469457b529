"""The names under which TensorFlow offers the operations: `tf.…`, `tf.nn.…`, `tf.linalg.…`."""
