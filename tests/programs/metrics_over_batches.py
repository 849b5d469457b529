"""Metrics that add up batches in local variables, with weights, and start again."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(4)
batches = [(random.rand(6, 1), random.rand(6, 1)) for _ in range(3)]

p = tf.placeholder(tf.float32, [None, 1])
t = tf.placeholder(tf.float32, [None, 1])
right, guess = tf.greater(t, 0.5), tf.greater(p, 0.5)
metrics = [
    tf.metrics.mean(p, weights=t),
    tf.metrics.accuracy(right, guess),
    tf.metrics.mean_squared_error(t, p, weights=2.0),
    tf.metrics.mean_absolute_error(t, p, name="error"),
    tf.metrics.root_mean_squared_error(t, p),
    tf.metrics.precision(right, guess),
    tf.metrics.recall(right, guess, weights=t),
    tf.metrics.true_positives(right, guess),
    tf.metrics.false_positives(right, guess),
    tf.metrics.false_negatives(right, guess),
    tf.metrics.accuracy(tf.squeeze(right, -1), guess),
]
values, updates = zip(*metrics)
result = [v.name for v in tf.local_variables()]
result += [v.name for v in values[:7] + updates[:7]]
with tf.Session() as sess:
    for _ in range(2):
        sess.run(tf.local_variables_initializer())
        result.append(sess.run(values))
        for prediction, truth in batches:
            result.append(sess.run(updates, {p: prediction, t: truth}))
    result.append(sess.run(values))
