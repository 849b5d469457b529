"""One attention head by hand, with a mask, layer normalisation and a residual connection."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(18)
tokens = tf.placeholder(tf.float32, [None, 4, 3])
mask = tf.constant(np.tril(np.ones((4, 4), np.float32)))
wq, wk, wv = (tf.Variable(random.randn(3, 3).astype(np.float32)) for _ in range(3))


def project(w):
    return tf.tensordot(tokens, w, axes=[[2], [0]])


scores = tf.matmul(project(wq), project(wk), transpose_b=True) / np.sqrt(3.0).astype(np.float32)
scores = tf.where(
    tf.tile(tf.expand_dims(mask, 0), [tf.shape(tokens)[0], 1, 1]) > 0,
    scores,
    -1e9 * tf.ones_like(scores),
)
attention = tf.nn.softmax(scores)
mixed = tokens + tf.einsum("bij,bjk->bik", attention, project(wv))
mean, variance = tf.nn.moments(mixed, axes=[-1], keep_dims=True)
normal = (mixed - mean) * tf.rsqrt(variance + 1e-5)
loss = tf.reduce_mean(tf.abs(normal) ** 3)
gradients = tf.gradients(loss, [wq, wk, wv, tokens])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    result = sess.run([loss, attention] + gradients, {tokens: random.randn(2, 4, 3)})
