"""Skip-gram word vectors with sampled noise (nce): the loss falls, whatever words are sampled."""

import math
import numpy as np
import nbgrad as tf

random = np.random.RandomState(30)
centres = random.randint(0, 20, 64)
context = ((centres + 1) % 20)[:, None]
graph = tf.Graph()
with graph.as_default():
    train_inputs = tf.placeholder(tf.int32, shape=[64])
    train_labels = tf.placeholder(tf.int32, shape=[64, 1])
    valid = tf.constant([1, 2], dtype=tf.int32)
    with tf.device("/cpu:0"):
        embeddings = tf.Variable(tf.random_uniform([20, 8], -1.0, 1.0, seed=1))
        embed = tf.nn.embedding_lookup(embeddings, train_inputs)
        nce_weights = tf.Variable(tf.truncated_normal([20, 8], stddev=1.0 / math.sqrt(8), seed=2))
        nce_biases = tf.Variable(tf.zeros([20]))
    loss = tf.reduce_mean(
        tf.nn.nce_loss(
            weights=nce_weights,
            biases=nce_biases,
            labels=train_labels,
            inputs=embed,
            num_sampled=5,
            num_classes=20,
        )
    )
    optimizer = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keepdims=True))
    normalized = embeddings / norm
    close = tf.nn.embedding_lookup(normalized, valid)
    similarity = tf.matmul(close, normalized, transpose_b=True)
    init = tf.global_variables_initializer()

losses = []
with tf.Session(graph=graph) as session:
    init.run()
    for _ in range(150):
        feed = {train_inputs: centres, train_labels: context}
        losses.append(session.run([optimizer, loss], feed_dict=feed)[1])
    table = similarity.eval()
result = [bool(np.mean(losses[-20:]) < 0.7 * np.mean(losses[:20])), list(table.shape)]
