"""A small convolution network for 12×12 images: conv2d, pooling, flatten, dropout, dense."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(2)
images = random.rand(6, 144).astype(np.float32)
digits = np.eye(3, dtype=np.float32)[random.randint(0, 3, 6)]

x = tf.placeholder(tf.float32, [None, 144], name="images")
t = tf.placeholder(tf.float32, [None, 3], name="labels")
training = tf.placeholder_with_default(False, [], name="training")
net = tf.reshape(x, [-1, 12, 12, 1])
net = tf.layers.conv2d(net, filters=4, kernel_size=[5, 5], padding="same", activation=tf.nn.relu)
net = tf.layers.max_pooling2d(net, pool_size=[2, 2], strides=2)
net = tf.layers.conv2d(net, 6, 3, strides=(2, 2), activation=tf.nn.elu, name="second")
net = tf.layers.average_pooling2d(net, 2, 1)
net = tf.layers.flatten(net)
net = tf.layers.dropout(net, rate=0.4, training=training)
logits = tf.layers.dense(net, 3)
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=t, logits=logits))
optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
train = optimizer.minimize(loss, global_step=tf.train.get_or_create_global_step())

result = [v.name for v in tf.global_variables()]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.2 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(8):
        result.append(sess.run([loss, train], {x: images, t: digits})[0])
    result.append(sess.run(tf.train.get_global_step()))
