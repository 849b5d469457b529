"""Skip-gram word vectors: embedding_lookup; the loss over all words, and its gradient by rows."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(6)
centres = np.array([1, 4, 1, 0, 3, 4, 4, 2])
context = np.array([[0], [2], [5], [5], [1], [0], [3], [2]])

embeddings = tf.Variable(random.uniform(-1, 1, (6, 4)).astype(np.float32))
out = tf.Variable(random.randn(6, 4).astype(np.float32) / 2)
bias = tf.Variable(tf.zeros([6]))
words = tf.placeholder(tf.int32, shape=[8])
neighbours = tf.placeholder(tf.int32, shape=[8, 1])
vectors = tf.nn.embedding_lookup(embeddings, words)
logits = tf.nn.bias_add(tf.matmul(vectors, tf.transpose(out)), bias)
labels = tf.one_hot(tf.squeeze(neighbours, [1]), 6)
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits))
train = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keep_dims=True))
similarity = tf.matmul(embeddings / norm, embeddings / norm, transpose_b=True)

result = []
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(10):
        _, value = sess.run([train, loss], {words: centres, neighbours: context})
        result.append(value)
    result += [sess.run(embeddings), sess.run(similarity)]
