"""Post 003: compute_gradients and tf.gradients; and a Gaussian process, whose inverse is noise.

The post says that the two differ in float32 and agree, on −21.5, in float64. Neither is the slope:
the kernel of 300 close points cannot be inverted in either, and where `inverse` is replaced by
`solve` the slope is −0.729 in both. Here the process runs with 12 points, where it can.
"""

import numpy as np
import nbgrad as tf

x = tf.Variable(2.0, name="x")
f = tf.sin(x) * x + tf.cos(x) * tf.exp(x)
one = tf.gradients(f, [x])
other = tf.train.AdamOptimizer().compute_gradients(f, var_list=[x])
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(["{:.6f}".format(g) for g in sess.run(one)])
    print([("{:.6f}".format(g), float(v)) for g, v in sess.run(other)])


def expectation(x, dtype):
    places = np.linspace(-5.0, 5.0, 12).reshape(12, 1)
    values = tf.constant(1.0 + np.sin(places[:, 0]), dtype=dtype)
    point = tf.constant(places, dtype=dtype)
    kernel = tf.exp(-((point - tf.transpose(point)) ** 2) / (2 * 1.5**2))
    inverse = tf.matrix_inverse(kernel)
    vector = tf.exp(-((x - tf.transpose(point)) ** 2) / (2 * 1.5**2))
    return tf.matmul(vector, tf.matmul(inverse, tf.expand_dims(values, 1)))[0, 0]


for dtype in (tf.float32, tf.float64):
    x = tf.Variable(2.0, dtype=dtype)
    mean = expectation(x, dtype)
    one = tf.gradients(mean, x)[0]
    other = tf.train.GradientDescentOptimizer(0.1).compute_gradients(mean, [x])[0][0]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        a, b = sess.run([one, other])
        print(dtype.name, a == b, "{:.3f}".format(a))
