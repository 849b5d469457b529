"""Style by Gram matrices: the picture itself is the variable that is trained."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(12)
kernel = tf.constant(random.randn(3, 3, 2, 4).astype(np.float32) / 4)


def features(picture):
    return tf.nn.relu(tf.nn.conv2d(picture, kernel, strides=[1, 1, 1, 1], padding="SAME"))


def gram(tensor):
    channels = int(tensor.get_shape()[3])
    matrix = tf.reshape(tensor, shape=[-1, channels])
    return tf.matmul(tf.transpose(matrix), matrix)


content = random.rand(1, 6, 6, 2).astype(np.float32)
style = random.rand(1, 6, 6, 2).astype(np.float32)
picture = tf.Variable(content + 0.1 * random.randn(1, 6, 6, 2).astype(np.float32))
content_loss = 2 * tf.nn.l2_loss(features(picture) - features(content)) / content.size
style_loss = tf.reduce_mean(tf.square(gram(features(picture)) - gram(features(style))))
variation = tf.nn.l2_loss(picture[:, 1:, :, :] - picture[:, :5, :, :]) + tf.nn.l2_loss(
    picture[:, :, 1:, :] - picture[:, :, :5, :]
)
loss = 5.0 * content_loss + 0.1 * style_loss + 0.01 * variation
train = tf.train.AdamOptimizer(0.05, 0.9, 0.999, 1e-8).minimize(loss)

result = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(8):
        result += sess.run([loss, content_loss, style_loss, train])[:3]
    result.append(picture.eval())
