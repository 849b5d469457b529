"""Post 001: derivatives in back-propagation. A cost that is a vector, and f = x²y + y + 2."""

import nbgrad as tf

X = tf.constant([-1, -2], dtype=tf.float32)
w = tf.Variable([2.0, 3.0])
truth = [3.0, 3.0]
Y = w * X
cost = Y[1] * Y
optimizer = tf.train.GradientDescentOptimizer(1).minimize(cost)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(sess.run(Y))
    print(sess.run(w))
    print(sess.run(cost))
    print(sess.run(Y))
    sess.run(optimizer)
    print(sess.run(w))

# The cost that the post has in a comment: the cosine between Y and the truth.
cosine = tf.reduce_sum(Y * truth) / (
    tf.sqrt(tf.reduce_sum(tf.square(Y))) * tf.sqrt(tf.reduce_sum(tf.square(truth)))
)
slope = tf.gradients(cosine, w)[0]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print("{:.7f}".format(sess.run(cosine)), ["{:.7f}".format(each) for each in sess.run(slope)])

# The node by node derivation of f at (3, 4).
x, y = tf.Variable(3.0), tf.Variable(4.0)
n4 = x * x
n5 = n4 * y
n6 = y + 2.0
n7 = n5 + n6
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(float(sess.run(n7)))
    print([float(g) for g in sess.run(tf.gradients(n7, [n7, n5, n6, n4, x, y]))])
