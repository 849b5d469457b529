"""An autoencoder with fully_connected layers of tf.contrib and Xavier's initial values."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(3)
data = random.rand(24, 10).astype(np.float32)

x = tf.placeholder(tf.float32, shape=[None, 10])
with tf.variable_scope("encoder"):
    code = tf.contrib.layers.fully_connected(x, 6, activation_fn=tf.nn.sigmoid)
    code = tf.contrib.layers.fully_connected(
        code, 2, activation_fn=None, weights_initializer=tf.contrib.layers.xavier_initializer()
    )
with tf.variable_scope("decoder"):
    w = tf.get_variable("w", [2, 10], initializer=tf.contrib.layers.xavier_initializer())
    b = tf.get_variable("b", [10], initializer=tf.zeros_initializer())
    y = tf.nn.sigmoid(tf.matmul(code, w) + b)
loss = tf.reduce_mean(tf.pow(x - y, 2))
train = tf.train.RMSPropOptimizer(0.02).minimize(loss)

result = [v.name for v in tf.trainable_variables()]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.5 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(12):
        result.append(sess.run((train, loss), feed_dict={x: data})[1])
