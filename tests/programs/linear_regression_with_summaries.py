"""A straight line through noisy points; every loss goes into a summary."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(0)
points = random.uniform(-1, 1, 40).astype(np.float32)
targets = 3 * points + 0.5 + 0.1 * random.randn(40).astype(np.float32)

with tf.name_scope("input"):
    x = tf.placeholder(tf.float32, [None], name="x")
    t = tf.placeholder(tf.float32, [None], name="t")
with tf.name_scope("model"):
    slope = tf.Variable(0.0, name="slope")
    intercept = tf.Variable(0.0, name="intercept")
    y = slope * x + intercept
with tf.name_scope("loss"):
    loss = tf.reduce_mean(tf.square(y - t))
    tf.summary.scalar("loss", loss)
    tf.summary.histogram("predictions", y)
train = tf.train.GradientDescentOptimizer(0.3).minimize(loss)
merged = tf.summary.merge_all()

result = []
with tf.Session() as sess:
    writer = tf.summary.FileWriter(logdir, sess.graph)
    sess.run(tf.global_variables_initializer())
    for step in range(20):
        _, value, summary = sess.run([train, loss, merged], {x: points, t: targets})
        writer.add_summary(summary, step)
        result.append(value)
    writer.close()
    result += sess.run([slope, intercept])
