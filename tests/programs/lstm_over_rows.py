"""An LSTM reads the rows of an image one after the other (static_rnn)."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(7)
images = random.rand(5, 6, 4).astype(np.float32)
digits = np.eye(3)[random.randint(0, 3, 5)]

x = tf.placeholder("float", [None, 6, 4])
t = tf.placeholder("float", [None, 3])
rows = tf.unstack(x, 6, 1)
cell = tf.nn.rnn_cell.BasicLSTMCell(5, forget_bias=1.0)
outputs, state = tf.nn.static_rnn(cell, rows, dtype=tf.float32)
w = tf.Variable(0.5 * random.randn(5, 3).astype(np.float32))
b = tf.Variable(tf.zeros([3]))
logits = tf.matmul(outputs[-1], w) + b
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=t))
train = tf.train.GradientDescentOptimizer(learning_rate=0.5).minimize(loss)

result = [v.name for v in tf.trainable_variables()]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.4 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(8):
        result.append(sess.run([loss, train], feed_dict={x: images, t: digits})[0])
    result += sess.run([state.c, state.h], {x: images})
