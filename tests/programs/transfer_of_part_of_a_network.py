"""Training the last layer only: collections, var_list, and a stopped gradient in front."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(20)
x = tf.placeholder(tf.float32, [None, 3])
t = tf.placeholder(tf.float32, [None, 1])
initializer = tf.variance_scaling_initializer()
dense = tf.layers.Dense(4, activation=tf.nn.relu, kernel_initializer=initializer, name="frozen")
h = tf.stop_gradient(dense(x))
y = tf.layers.dense(h, 1, name="head", kernel_initializer=tf.glorot_uniform_initializer())
loss = tf.losses.huber_loss(t, y) + tf.losses.absolute_difference(t, y, weights=0.1)
head = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, "head")
optimizer = tf.train.AdadeltaOptimizer(5.0)
train = optimizer.minimize(tf.losses.get_total_loss(), var_list=head)
everything = tf.gradients(loss, tf.trainable_variables())

result = [v.name for v in head] + [g is None for g in everything] + [len(dense.trainable_weights)]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(6):
        inputs = random.randn(8, 3)
        result.append(sess.run([loss, train], {x: inputs, t: inputs[:, :1]})[0])
