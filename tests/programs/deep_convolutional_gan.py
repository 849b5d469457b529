"""A generator of images: dense, reshape, batch norm, conv2d_transpose; AUTO_REUSE on both sides."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(32)
z = tf.placeholder(tf.float32, shape=[None, 5])
real = tf.placeholder(tf.float32, shape=[None, 8, 8, 1])
is_train = tf.placeholder(dtype=tf.bool)
keep_prob = tf.placeholder(tf.float32)


def lrelu(x):
    return tf.maximum(x, tf.multiply(x, 0.2))


def generator(z, is_training):
    with tf.variable_scope("generator", reuse=None):
        x = tf.layers.dense(z, units=2 * 2 * 3, activation=lrelu)
        x = tf.layers.dropout(x, 1 - keep_prob, training=is_training)
        x = tf.layers.batch_normalization(x, training=is_training, momentum=0.9)
        x = tf.reshape(x, shape=[-1, 2, 2, 3])
        x = tf.layers.conv2d_transpose(x, 4, 5, strides=2, padding="same", activation=lrelu)
        x = tf.layers.batch_normalization(x, training=is_training, momentum=0.9)
        return tf.layers.conv2d_transpose(
            x, filters=1, kernel_size=5, strides=2, padding="same", activation=tf.nn.sigmoid
        )


def discriminator(images):
    with tf.variable_scope("discriminator", reuse=tf.AUTO_REUSE):
        x = tf.layers.conv2d(images, 4, 5, strides=2, padding="same", activation=lrelu)
        x = tf.contrib.layers.flatten(x)
        x = tf.layers.dense(x, units=6, activation=lrelu)
        return tf.layers.dense(x, units=1, activation=tf.nn.sigmoid)


g = generator(z, is_train)
d_real, d_fake = discriminator(real), discriminator(g)
vars_g = [v for v in tf.trainable_variables() if v.name.startswith("generator")]
vars_d = [v for v in tf.trainable_variables() if v.name.startswith("discriminator")]


def binary_cross_entropy(x, t):
    eps = 1e-12
    return -(x * tf.log(t + eps) + (1.0 - x) * tf.log(1.0 - t + eps))


d_reg = tf.add_n([1e-3 * tf.nn.l2_loss(v) for v in vars_d])
loss_d = tf.reduce_mean(
    0.5
    * (
        binary_cross_entropy(tf.ones_like(d_real), d_real)
        + binary_cross_entropy(tf.zeros_like(d_fake), d_fake)
    )
)
loss_g = tf.reduce_mean(binary_cross_entropy(tf.ones_like(d_fake), d_fake))
optimizer_d = tf.train.GradientDescentOptimizer(0.1).minimize(loss_d + d_reg, var_list=vars_d)
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    optimizer_g = tf.train.GradientDescentOptimizer(0.1).minimize(loss_g, var_list=vars_g)

result = [v.name for v in tf.trainable_variables()]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.3 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(4):
        feed = {z: random.rand(6, 5), real: random.rand(6, 8, 8, 1), is_train: True, keep_prob: 1.0}
        result.append(sess.run([loss_d, optimizer_d], feed)[0])
        result.append(sess.run([loss_g, optimizer_g], feed)[0])
    result.append(sess.run(g, {z: random.rand(1, 5), is_train: False, keep_prob: 1.0})[0, :, :, 0])
