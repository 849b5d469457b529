"""An up-sampling network: conv2d_transpose, fused_batch_norm, and a loss on pictures."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(22)
z = tf.constant(random.randn(2, 3, 3, 2).astype(np.float32))
k = tf.Variable(0.5 * random.randn(3, 3, 4, 2).astype(np.float32))
up = tf.nn.conv2d_transpose(z, k, output_shape=[2, 6, 6, 4], strides=[1, 2, 2, 1])
scale, offset = tf.Variable(tf.ones([4])), tf.Variable(tf.zeros([4]))
normal, mean, variance = tf.nn.fused_batch_norm(up, scale, offset, epsilon=0.01)
pictures = tf.layers.conv2d_transpose(tf.nn.relu(normal), 1, 3, padding="same", name="out")
loss = tf.reduce_mean(tf.nn.tanh(pictures) ** 2)
gradients = tf.gradients(loss, [k, scale, offset])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    out = [v for v in tf.trainable_variables() if v.name.startswith("out")]
    for v in out:
        sess.run(v.assign(random.randn(*v.shape.as_list()).astype(np.float32)))
    result = [v.name for v in out] + sess.run([loss, mean, variance] + gradients)
