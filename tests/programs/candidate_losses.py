"""Noise-contrastive estimation and sampled softmax: with every word sampled they are exact."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(21)
w = tf.Variable(random.randn(6, 3).astype(np.float32))
b = tf.Variable(random.randn(6).astype(np.float32))
inputs = tf.constant(random.randn(4, 3).astype(np.float32))
labels = tf.constant([[0], [3], [5], [3]], dtype=tf.int64)
every = (tf.constant([0, 1, 2, 3, 4, 5], dtype=tf.int64), tf.ones([4, 1]), tf.ones([6]))
nce = tf.nn.nce_loss(
    weights=w,
    biases=b,
    labels=labels,
    inputs=inputs,
    num_sampled=6,
    num_classes=6,
    sampled_values=every,
)
sampled = tf.nn.sampled_softmax_loss(
    weights=w,
    biases=b,
    labels=labels,
    inputs=inputs,
    num_sampled=6,
    num_classes=6,
    sampled_values=every,
)
total = tf.reduce_mean(nce) + tf.reduce_mean(sampled)
gradients = [tf.convert_to_tensor(g) for g in tf.gradients(total, [w, b])]

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    result = sess.run([nce, sampled] + gradients)
