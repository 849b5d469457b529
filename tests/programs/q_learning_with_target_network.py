"""Q-learning with a target network that copies the online one now and then."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(10)


def network(states, name):
    with tf.variable_scope(name):
        w1 = tf.get_variable("w1", [3, 6], initializer=tf.random_normal_initializer(0.0, 0.3))
        b1 = tf.get_variable("b1", [1, 6], initializer=tf.constant_initializer(0.1))
        w2 = tf.get_variable("w2", [6, 2], initializer=tf.random_normal_initializer(0.0, 0.3))
        b2 = tf.get_variable("b2", [1, 2], initializer=tf.constant_initializer(0.1))
        return tf.matmul(tf.nn.relu(tf.matmul(states, w1) + b1), w2) + b2


s = tf.placeholder(tf.float32, [None, 3], name="s")
a = tf.placeholder(tf.int32, [None], name="a")
r = tf.placeholder(tf.float32, [None], name="r")
s_next = tf.placeholder(tf.float32, [None, 3], name="s_")
q, q_next = network(s, "online"), network(s_next, "target")
goal = tf.stop_gradient(r + 0.9 * tf.reduce_max(q_next, axis=1))
indices = tf.stack([tf.range(tf.shape(a)[0], dtype=tf.int32), a], axis=1)
chosen = tf.gather_nd(params=q, indices=indices)
loss = tf.reduce_mean(tf.squared_difference(goal, chosen, name="TD_error"))
train = tf.train.RMSPropOptimizer(0.01).minimize(loss)
online = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope="online")
target = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope="target")
copy = [tf.assign(t, e) for t, e in zip(target, online)]

result = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.5 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for step in range(9):
        if step % 3 == 0:
            sess.run(copy)
        feed = {
            s: random.randn(7, 3),
            a: random.randint(0, 2, 7),
            r: random.rand(7),
            s_next: random.randn(7, 3),
        }
        result.append(sess.run([train, loss], feed_dict=feed)[1])
