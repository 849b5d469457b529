"""A variational autoencoder; the noise of the latent code is fed, so that the run repeats."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(5)
data = (random.rand(20, 8) > 0.5).astype(np.float32)

initial = {
    "w1": random.randn(8, 6),
    "w_mean": random.randn(6, 2),
    "w_log": random.randn(6, 2),
    "w2": random.randn(2, 6),
    "w_out": random.randn(6, 8),
}
weights = {k: tf.Variable(0.4 * v.astype(np.float32), name=k) for k, v in initial.items()}
x = tf.placeholder(tf.float32, [None, 8])
epsilon = tf.placeholder(tf.float32, [None, 2])
hidden = tf.nn.softplus(tf.matmul(x, weights["w1"]))
mean, log_variance = tf.matmul(hidden, weights["w_mean"]), tf.matmul(hidden, weights["w_log"])
z = mean + tf.exp(0.5 * log_variance) * epsilon
logits = tf.matmul(tf.nn.softplus(tf.matmul(z, weights["w2"])), weights["w_out"])
reconstruction = tf.reduce_sum(
    tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits), axis=1
)
divergence = -0.5 * tf.reduce_sum(
    1 + log_variance - tf.square(mean) - tf.exp(log_variance), reduction_indices=1
)
loss = tf.reduce_mean(reconstruction + divergence)
train = tf.train.AdamOptimizer(learning_rate=0.01).minimize(loss, var_list=weights.values())

result = []
with tf.Session() as sess:
    sess.run(tf.initialize_all_variables())
    for _ in range(10):
        feed = {x: data, epsilon: random.randn(20, 2)}
        result.append(sess.run([loss, train], feed_dict=feed)[0])
    result.append(sess.run(weights["w_mean"]))
