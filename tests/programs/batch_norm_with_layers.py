"""tf.layers.batch_normalization with its update operations, trained and then applied."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(15)
x = tf.placeholder(tf.float32, [None, 3])
t = tf.placeholder(tf.float32, [None, 1])
training = tf.placeholder(tf.bool, name="training")
h = tf.layers.dense(x, 4, use_bias=False)
h = tf.layers.batch_normalization(h, training=training, momentum=0.6)
y = tf.layers.dense(tf.nn.relu(h), 1)
loss = tf.losses.mean_squared_error(labels=t, predictions=y)
updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(updates):
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

result = [len(updates), [v.name for v in tf.global_variables()]]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        if "kernel" in v.name:
            sess.run(v.assign(random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(6):
        inputs = random.randn(10, 3)
        feed = {x: inputs, t: inputs.sum(1, keepdims=True), training: True}
        result.append(sess.run([train, loss], feed)[1])
    result.append(sess.run(y, {x: np.eye(3), training: False}))
