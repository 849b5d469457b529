"""Post 000: "How does tf.gradients work?" The arguments reversed, and NumPy arrays for tensors."""

import numpy as np
import nbgrad as tf

# As the question had it: two arrays, which become constants with nothing between them.
X = np.random.rand(3, 3)
y = np.random.rand(2, 2)
grad = tf.gradients(X, y)
print(grad)
with tf.Session() as sess:
    try:
        sess.run(grad)
    except TypeError as error:
        print(str(error).splitlines()[0])

# As the answers have it: a variable, and an expression of it.
x = tf.Variable(2.0)
y = x**2 + x - 1
grad = tf.gradients(y, x)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print([float(g) for g in sess.run(grad)])

# A matrix: every element of the gradient is 2 S + 1, for the sum S.
X = tf.Variable(tf.random_normal([3, 3]))
X_sum = tf.reduce_sum(X)
y = X_sum**2 + X_sum - 1
grad = tf.gradients(y, X)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    total, (slope,) = sess.run([X_sum, grad])
    print(slope.shape, np.allclose(slope, 2 * total + 1))
