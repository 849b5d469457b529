"""Batch normalisation by hand: moments, a moving average, and tf.cond between the two."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(14)
x = tf.placeholder(tf.float32, [None, 3])
t = tf.placeholder(tf.float32, [None, 1])
training = tf.placeholder(tf.bool)
w1 = tf.Variable(random.randn(3, 4).astype(np.float32))
z = tf.matmul(x, w1)
scale, offset = tf.Variable(tf.ones([4])), tf.Variable(tf.zeros([4]))
mean, variance = tf.nn.moments(z, [0])
averages = tf.train.ExponentialMovingAverage(decay=0.5)


def updated():
    with tf.control_dependencies([averages.apply([mean, variance])]):
        return tf.identity(mean), tf.identity(variance)


m, v = tf.cond(training, updated, lambda: (averages.average(mean), averages.average(variance)))
h = tf.nn.relu(tf.nn.batch_normalization(z, m, v, offset, scale, 1e-3))
w2 = tf.Variable(random.randn(4, 1).astype(np.float32))
loss = tf.reduce_mean(tf.square(tf.matmul(h, w2) - t))
train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)

result = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(6):
        inputs = 2 * random.randn(9, 3) + 1
        feed = {x: inputs, t: inputs[:, :1] ** 2, training: True}
        result.append(sess.run([train, loss], feed)[1])
    result.append(sess.run(loss, {x: np.eye(3), t: np.ones((3, 1)), training: False}))
    result += sess.run([scale, offset, averages.average(mean), averages.average(variance)])
