"""AlexNet's way of normalizing across channels, with its gradients."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(2)
image = random.randn(2, 3, 3, 7).astype(np.float32)

x = tf.placeholder(tf.float32, [None, 3, 3, 7])
same = tf.nn.lrn(x, 4, bias=1.0, alpha=0.001 / 9.0, beta=0.75)
strong = tf.nn.local_response_normalization(x, depth_radius=2, bias=2.0, alpha=0.5)
slopes = [tf.gradients(tf.reduce_sum(y * y), x)[0] for y in (same, strong)]

with tf.Session() as sess:
    result = sess.run([same, strong] + slopes, {x: image})
