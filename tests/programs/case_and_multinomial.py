"""tf.case, tf.multinomial's shape, map_fn and scan over a known number of steps."""

import nbgrad as tf

x = tf.Variable(1.5)
value = tf.case(
    [(x < 0, lambda: -x), (x > 1, lambda: x * x)], default=lambda: 3 * x, exclusive=True
)
samples = tf.multinomial(tf.log([[0.2, 0.8], [1.0, 1e-9]]), 5, seed=3)
squares = tf.map_fn(lambda v: v * v + x, tf.constant([1.0, 2.0, 3.0]))
running = tf.scan(lambda total, v: total * x + v, tf.constant([1.0, 2.0, 3.0, 4.0]))
from_start = tf.scan(lambda total, v: total + v * x, tf.constant([1.0, 2.0]), initializer=10.0)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    result = sess.run([value, squares, running, from_start])
    result += sess.run(tf.gradients(value, x) + tf.gradients(squares, x) + tf.gradients(running, x))
    drawn = sess.run(samples)
    result += [list(drawn.shape), drawn[1].tolist()]
