"""A decaying learning rate, and a model that is saved, spoilt and restored."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(17)
x = tf.constant(random.randn(15, 2).astype(np.float32))
t = tf.constant(random.randn(15, 1).astype(np.float32))
step = tf.Variable(0, trainable=False, name="step")
rate = tf.train.exponential_decay(0.5, step, 3, 0.7, staircase=True)
w = tf.Variable(tf.zeros([2, 1]), name="w")
loss = tf.reduce_mean((tf.matmul(x, w) - t) ** 2)
train = tf.train.GradientDescentOptimizer(rate).minimize(loss, global_step=step)
saver = tf.train.Saver(max_to_keep=2)

result = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(7):
        result += sess.run([loss, rate, train])[:2]
        path = saver.save(sess, logdir + "/model", global_step=i)
    kept = sess.run(w)
    sess.run(w.assign([[9.0], [9.0]]))
    saver.restore(sess, tf.train.latest_checkpoint(logdir))
    result += [bool((sess.run(w) == kept).all()), sess.run(step), path.endswith("model-6")]
