"""Two dense layers from tf.layers, cross-entropy on sparse labels, Adam."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(1)
images = random.rand(32, 20).astype(np.float32)
classes = random.randint(0, 4, 32)

x = tf.placeholder(tf.float32, [None, 20])
labels = tf.placeholder(tf.int64, [None])
hidden = tf.layers.dense(x, 16, activation=tf.nn.relu, name="hidden")
hidden = tf.layers.dense(hidden, 8, tf.nn.tanh, kernel_regularizer=tf.nn.l2_loss)
logits = tf.layers.dense(inputs=hidden, units=4, name="logits", use_bias=False)
loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
loss = loss + 0.01 * tf.losses.get_regularization_loss()
correct = tf.equal(tf.argmax(logits, 1), labels)
accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
step = tf.train.AdamOptimizer(0.05).minimize(loss)

result = [v.name for v in tf.trainable_variables()]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.3 * random.randn(*v.shape.as_list()).astype(np.float32)))
    feed = {x: images, labels: classes}
    for _ in range(15):
        result.append(sess.run([step, loss], feed)[1])
    result.append(sess.run(accuracy, feed))
