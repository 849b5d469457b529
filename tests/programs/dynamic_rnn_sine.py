"""A basic RNN cell learns the next number of a sine (dynamic_rnn with a known number of steps)."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(8)
series = np.sin(np.linspace(0, 12, 31)).astype(np.float32)
batch = np.stack([series[i : i + 8] for i in range(20)])[..., None]
targets = np.stack([series[i + 1 : i + 9] for i in range(20)])[..., None]

x = tf.placeholder(tf.float32, [None, 8, 1])
t = tf.placeholder(tf.float32, [None, 8, 1])
cell = tf.contrib.rnn.BasicRNNCell(num_units=6, activation=tf.nn.tanh)
outputs, states = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
flat = tf.reshape(outputs, [-1, 6])
y = tf.reshape(tf.layers.dense(flat, 1), [-1, 8, 1])
loss = tf.losses.mean_squared_error(t, y)
optimizer = tf.train.AdamOptimizer(0.02)
pairs = optimizer.compute_gradients(loss)
clipped = [(tf.clip_by_norm(g, 0.5), v) for g, v in pairs]
train = optimizer.apply_gradients(clipped)

result = [v.name for v in tf.trainable_variables()]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.5 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(10):
        result.append(sess.run([train, loss], {x: batch, t: targets})[1])
    result.append(sess.run(states, {x: batch}))
