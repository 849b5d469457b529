"""Two GRU cells on top of each other (MultiRNNCell), gradients clipped by their global norm."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(9)
sequence = random.randn(4, 5, 3).astype(np.float32)
goal = random.rand(4, 1).astype(np.float32)

x = tf.placeholder(tf.float32, [4, 5, 3])
t = tf.placeholder(tf.float32, [4, 1])
cells = [tf.nn.rnn_cell.GRUCell(4) for _ in range(2)]
cells = [tf.nn.rnn_cell.DropoutWrapper(cell, output_keep_prob=1.0) for cell in cells]
network = tf.nn.rnn_cell.MultiRNNCell(cells)
start = network.zero_state(4, tf.float32)
outputs, final = tf.nn.dynamic_rnn(network, x, initial_state=start)
y = tf.layers.dense(outputs[:, -1, :], 1, activation=tf.sigmoid)
loss = tf.reduce_sum(tf.square(y - t))
variables = tf.trainable_variables()
gradients, norm = tf.clip_by_global_norm(tf.gradients(loss, variables), 1.0)
train = tf.train.GradientDescentOptimizer(0.5).apply_gradients(zip(gradients, variables))

result = [v.name for v in variables]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in variables:
        sess.run(v.assign(0.5 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(6):
        result += sess.run([loss, norm, train], {x: sequence, t: goal})[:2]
    result.append(sess.run(final, {x: sequence})[1])
