"""Post 004: compute_gradients and apply_gradients, by themselves."""

import nbgrad as tf

x = tf.Variable(5, dtype=tf.float32)
y = tf.Variable(3, dtype=tf.float32)
z = x**2 + x * y + 3
sess = tf.Session()
sess.run(tf.global_variables_initializer())
optimizer = tf.train.GradientDescentOptimizer(0.1)
grads_and_vars = optimizer.compute_gradients(z, [x, y])
for name, (gradient, variable) in zip("xy", grads_and_vars):
    print("{}: grad {}, value {}".format(name, sess.run(gradient), sess.run(variable)))
print("x: {}, y: {}".format(*sess.run([x, y])))
sess.run(optimizer.apply_gradients(grads_and_vars))
print("x: {:.3f}, y: {:.3f}".format(*sess.run([x, y])))
