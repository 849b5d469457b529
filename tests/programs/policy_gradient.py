"""REINFORCE: the log-probability of what was done, weighed by what it brought."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(11)
observations = tf.placeholder(tf.float32, [None, 4], name="observations")
actions = tf.placeholder(tf.int32, [None], name="actions")
returns = tf.placeholder(tf.float32, [None], name="returns")
layer = tf.layers.dense(
    inputs=observations,
    units=5,
    activation=tf.nn.tanh,
    kernel_initializer=tf.random_normal_initializer(mean=0, stddev=0.3),
    bias_initializer=tf.constant_initializer(0.1),
    name="fc1",
)
scores = tf.layers.dense(layer, 3, activation=None, name="fc2")
probabilities = tf.nn.softmax(scores, name="act_prob")
negative_log = tf.reduce_sum(-tf.log(probabilities) * tf.one_hot(actions, 3), axis=1)
loss = tf.reduce_mean(negative_log * returns)
same = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=scores, labels=actions)
entropy = -tf.reduce_sum(probabilities * tf.log(probabilities), axis=1)
train = tf.train.AdamOptimizer(0.03).minimize(loss - 0.01 * tf.reduce_mean(entropy))

result = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.3 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(6):
        feed = {
            observations: random.randn(10, 4),
            actions: random.randint(0, 3, 10),
            returns: random.randn(10),
        }
        result += sess.run([loss, same, train], feed)[:2]
    result.append(sess.run(probabilities, {observations: np.eye(4)}))
