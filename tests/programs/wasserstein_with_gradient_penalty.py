"""WGAN-GP: the penalty is a gradient inside the loss, so training differentiates twice."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(13)


def critic(points, reuse=None):
    with tf.variable_scope("critic", reuse=reuse):
        hidden = tf.layers.dense(points, 7, activation=tf.nn.softplus, name="one")
        return tf.layers.dense(hidden, 1, name="two")


real = tf.placeholder(tf.float32, [None, 2])
fake = tf.placeholder(tf.float32, [None, 2])
alpha = tf.placeholder(tf.float32, [None, 1])
on_real, on_fake = critic(real), critic(fake, reuse=True)
between = real + alpha * (fake - real)
slopes = tf.gradients(critic(between, reuse=True), [between])[0]
norms = tf.sqrt(tf.reduce_sum(tf.square(slopes), reduction_indices=[1]))
penalty = tf.reduce_mean((norms - 1.0) ** 2)
loss = tf.reduce_mean(on_fake) - tf.reduce_mean(on_real) + 10.0 * penalty
train = tf.train.AdamOptimizer(learning_rate=1e-2, beta1=0.0, beta2=0.9).minimize(
    loss, var_list=tf.trainable_variables("critic")
)

result = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.6 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(8):
        feed = {real: random.randn(12, 2) + 1, fake: random.randn(12, 2), alpha: random.rand(12, 1)}
        result += sess.run([loss, penalty, train], feed)[:2]
