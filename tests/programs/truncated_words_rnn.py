"""A character model: one-hot letters, a cell called step by step by hand, perplexity."""

import numpy as np
import nbgrad as tf

text = "gradients flow back"
letters = sorted(set(text))
codes = np.array([letters.index(c) for c in text])
random = np.random.RandomState(19)

inputs = tf.placeholder(tf.int32, [1, None])
cell = tf.nn.rnn_cell.LSTMCell(num_units=6, state_is_tuple=True)
embedding = tf.get_variable("embedding", [len(letters), 5])
state = cell.zero_state(1, tf.float32)
losses = []
with tf.variable_scope("model"):
    for i in range(6):
        if i > 0:
            tf.get_variable_scope().reuse_variables()
        vector = tf.nn.embedding_lookup(embedding, inputs[:, i])
        output, state = cell(vector, state)
        logits = tf.layers.dense(output, len(letters), name="project")
        losses.append(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=inputs[:, i + 1], logits=logits)
        )
loss = tf.add_n([tf.reduce_mean(one) for one in losses]) / len(losses)
train = tf.train.AdagradOptimizer(0.3).minimize(loss)

result = [v.name for v in tf.trainable_variables()]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.5 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for i in range(8):
        result.append(np.exp(sess.run([loss, train], {inputs: codes[None, i : i + 7]})[0]))
