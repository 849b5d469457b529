"""Two LSTMs, forward and backward over a sequence; and one that stops at each sequence's length."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(33)
x = tf.placeholder("float", [None, 5, 3])
lengths = tf.placeholder(tf.int32, [None])
forward = tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True)
backward = tf.nn.rnn_cell.BasicLSTMCell(4, forget_bias=1.0)
outputs, states = tf.nn.bidirectional_dynamic_rnn(forward, backward, x, dtype=tf.float32)
both = tf.concat(outputs, axis=2)
with tf.variable_scope("second"):
    cell = tf.nn.rnn_cell.GRUCell(3)
    until, last = tf.nn.dynamic_rnn(cell, both, sequence_length=lengths, dtype=tf.float32)
logits = tf.layers.dense(last, 2, kernel_regularizer=tf.nn.l2_loss)
loss = tf.reduce_sum(logits**2)
gradients = tf.gradients(loss, tf.trainable_variables())

result = [v.name for v in tf.trainable_variables()]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.5 * random.randn(*v.shape.as_list()).astype(np.float32)))
    feed = {x: random.randn(3, 5, 3), lengths: [5, 2, 3]}
    result += sess.run([until, last, states[1].h, loss] + gradients, feed)
