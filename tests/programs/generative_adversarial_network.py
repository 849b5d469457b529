"""A generative adversarial network: two losses, two optimizers, variables chosen by scope."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(4)


def generator(noise):
    with tf.variable_scope("generator"):
        hidden = tf.layers.dense(noise, 8, activation=tf.nn.leaky_relu)
        return tf.layers.dense(hidden, 2, activation=tf.nn.tanh)


def discriminator(points, reuse=False):
    with tf.variable_scope("discriminator", reuse=reuse):
        hidden = tf.layers.dense(points, 8, activation=tf.nn.leaky_relu)
        return tf.layers.dense(hidden, 1)


noise = tf.placeholder(tf.float32, [None, 3])
real = tf.placeholder(tf.float32, [None, 2])
fake = generator(noise)
on_real, on_fake = discriminator(real), discriminator(fake, reuse=True)


def entropy(logits, target):
    labels = tf.ones_like(logits) if target else tf.zeros_like(logits)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))


d_loss = entropy(on_real, 1) + entropy(on_fake, 0)
g_loss = entropy(on_fake, 1)
d_vars = [v for v in tf.trainable_variables() if v.name.startswith("discriminator")]
g_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="generator")
d_step = tf.train.AdamOptimizer(0.02, beta1=0.5).minimize(d_loss, var_list=d_vars)
g_step = tf.train.AdamOptimizer(0.02, beta1=0.5).minimize(g_loss, var_list=g_vars)

result = [len(d_vars), len(g_vars)]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.4 * random.randn(*v.get_shape().as_list()).astype(np.float32)))
    for _ in range(8):
        feed = {noise: random.randn(16, 3), real: 0.3 * random.randn(16, 2) + 1}
        _, a = sess.run([d_step, d_loss], feed)
        _, b = sess.run([g_step, g_loss], feed)
        result += [a, b]
