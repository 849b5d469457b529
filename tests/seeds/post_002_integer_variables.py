"""Post 002: the documentation of tf.gradients, tried on integers, as TensorFlow 1.8 took them."""

import nbgrad as tf

w1 = tf.Variable([[1, 2]])
w2 = tf.Variable([[3, 4]])
res = tf.matmul(w1, [[2], [1]])
with tf.Session() as sess:
    tf.global_variables_initializer().run()
    print(sess.run(tf.gradients(res, [w1])))
    try:
        sess.run(tf.gradients(res, [w1, w2]))
    except TypeError as error:
        print(str(error).splitlines()[0])

# Several ys: their gradients are added up, each times its grad_y.
a = tf.matmul(w1, [[2], [1]]) + tf.matmul(w2, [[3], [5]])
b = tf.matmul(w1, [[2], [4]]) + tf.matmul(w2, [[8], [6]])
q1, q2 = tf.Variable([[1]]), tf.Variable([[2]])
with tf.Session() as sess:
    tf.global_variables_initializer().run()
    for gradient in sess.run(tf.gradients([a, b], [w1, w2])):
        print(gradient)
    for gradient in sess.run(tf.gradients([a, b], [w1, w2], grad_ys=[q1, q2])):
        print(gradient)
