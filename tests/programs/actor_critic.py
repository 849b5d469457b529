"""An actor and a critic that share nothing but the temporal difference."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(31)


class Actor:
    def __init__(self, sess, n_features, n_actions, lr=0.01):
        self.sess = sess
        self.s = tf.placeholder(tf.float32, [1, n_features], "state")
        self.a = tf.placeholder(tf.int32, None, "act")
        self.td_error = tf.placeholder(tf.float32, None, "td_error")
        with tf.variable_scope("Actor"):
            l1 = tf.layers.dense(
                inputs=self.s,
                units=7,
                activation=tf.nn.relu,
                kernel_initializer=tf.random_normal_initializer(0.0, 0.1),
                bias_initializer=tf.constant_initializer(0.1),
                name="l1",
            )
            self.acts_prob = tf.layers.dense(l1, n_actions, tf.nn.softmax, name="acts_prob")
        with tf.variable_scope("exp_v"):
            log_prob = tf.log(self.acts_prob[0, self.a])
            self.exp_v = tf.reduce_mean(log_prob * self.td_error)
        with tf.variable_scope("train"):
            self.train_op = tf.train.AdamOptimizer(lr).minimize(-self.exp_v)

    def learn(self, s, a, td):
        feed = {self.s: s[np.newaxis, :], self.a: a, self.td_error: td}
        return self.sess.run([self.train_op, self.exp_v], feed)[1]


class Critic:
    def __init__(self, sess, n_features, lr=0.01):
        self.sess = sess
        self.s = tf.placeholder(tf.float32, [1, n_features], "state")
        self.v_ = tf.placeholder(tf.float32, [1, 1], "v_next")
        self.r = tf.placeholder(tf.float32, None, "r")
        with tf.variable_scope("Critic"):
            l1 = tf.layers.dense(self.s, 6, tf.nn.relu, name="l1")
            self.v = tf.layers.dense(l1, 1, None, name="V")
        with tf.variable_scope("squared_TD_error"):
            self.td_error = self.r + 0.9 * self.v_ - self.v
            self.loss = tf.square(self.td_error)
        with tf.variable_scope("train"):
            self.train_op = tf.train.AdamOptimizer(lr).minimize(self.loss)

    def learn(self, s, r, s_):
        v_ = self.sess.run(self.v, {self.s: s_[np.newaxis, :]})
        feed = {self.s: s[np.newaxis, :], self.v_: v_, self.r: r}
        return self.sess.run([self.td_error, self.train_op], feed)[0]


sess = tf.Session()
actor, critic = Actor(sess, 4, 3), Critic(sess, 4)
sess.run(tf.global_variables_initializer())
for v in tf.trainable_variables():
    sess.run(v.assign(0.5 * random.randn(*v.shape.as_list()).astype(np.float32)))
result = [v.name for v in tf.global_variables()]
for step in range(6):
    s, s_, r = random.randn(4), random.randn(4), random.rand()
    td = critic.learn(s, r, s_)
    result += [td, actor.learn(s, step % 3, td)]
sess.close()
