"""Saliency: the gradient of one class score with respect to the picture."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(16)
image = tf.placeholder(tf.float32, [None, 6, 6, 1])
w = tf.Variable(random.randn(3, 3, 1, 3).astype(np.float32))
h = tf.nn.max_pool(
    tf.nn.relu(tf.nn.conv2d(image, w, [1, 1, 1, 1], "VALID")), [1, 2, 2, 1], [1, 2, 2, 1], "SAME"
)
flat = tf.contrib.layers.flatten(h)
logits = tf.matmul(flat, tf.Variable(random.randn(12, 4).astype(np.float32)))
best = tf.reduce_max(logits, axis=1)
saliency = tf.reduce_max(tf.abs(tf.gradients(best, image)[0]), axis=-1)
adversarial = tf.clip_by_value(image + 0.1 * tf.sign(tf.gradients(best, image)[0]), 0.0, 1.0)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    picture = random.rand(2, 6, 6, 1)
    result = sess.run([logits, saliency, adversarial], {image: picture})
