"""Loops with a counter: a power, its slopes, Newton's square root, a sum in a branch."""

import nbgrad as tf

x = tf.Variable(1.5)
turns, power = tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, a * x), (0, 1.0))
root = tf.while_loop(
    lambda i, r: tf.less(i, tf.constant(6)),
    lambda i, r: [tf.add(i, 1), 0.5 * (r + x / r)],
    [tf.constant(0), tf.constant(1.0)],
)[1]
few = tf.while_loop(lambda i: True, lambda i: i + 2, [0], maximum_iterations=3)
total = tf.cond(
    x > 1.0,
    lambda: tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, s + x), (0, 0.0))[1],
    lambda: x,
)
slopes = [tf.gradients(y, x)[0] for y in (power, root, total)]

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    result = sess.run([turns, power, root, few, total] + slopes)
    result.append(type(tf.while_loop(lambda i: i < 2, lambda i: i + 1, [0])).__name__ == "list")
