"""Sentences: embeddings, windows of three sizes, the largest answer of each filter, dropout."""

import numpy as np
import nbgrad as tf

random = np.random.RandomState(34)
sequence_length, vocabulary, size = 7, 12, 4
input_x = tf.placeholder(tf.int32, [None, sequence_length], name="input_x")
input_y = tf.placeholder(tf.float32, [None, 2], name="input_y")
keep = tf.placeholder(tf.float32, name="dropout_keep_prob")
l2_loss = tf.constant(0.0)
with tf.device("/cpu:0"), tf.name_scope("embedding"):
    W = tf.Variable(tf.random_uniform([vocabulary, size], -1.0, 1.0), name="W")
    embedded = tf.expand_dims(tf.nn.embedding_lookup(W, input_x), -1)
pooled_outputs = []
for i, filter_size in enumerate([2, 3, 4]):
    with tf.name_scope("conv-maxpool-%s" % filter_size):
        shape = [filter_size, size, 1, 3]
        F = tf.Variable(tf.truncated_normal(shape, stddev=0.1), name="W")
        b = tf.Variable(tf.constant(0.1, shape=[3]), name="b")
        conv = tf.nn.conv2d(embedded, F, strides=[1, 1, 1, 1], padding="VALID", name="conv")
        h = tf.nn.relu(tf.nn.bias_add(conv, b), name="relu")
        pooled = tf.nn.max_pool(
            h,
            ksize=[1, sequence_length - filter_size + 1, 1, 1],
            strides=[1, 1, 1, 1],
            padding="VALID",
            name="pool",
        )
        pooled_outputs.append(pooled)
flat = tf.reshape(tf.concat(pooled_outputs, 3), [-1, 9])
with tf.name_scope("dropout"):
    dropped = tf.nn.dropout(flat, keep)
with tf.name_scope("output"):
    W2 = tf.get_variable("W", [9, 2], initializer=tf.contrib.layers.xavier_initializer())
    b2 = tf.Variable(tf.constant(0.1, shape=[2]), name="b")
    l2_loss += tf.nn.l2_loss(W2) + tf.nn.l2_loss(b2)
    scores = tf.nn.xw_plus_b(dropped, W2, b2, name="scores")
    predictions = tf.argmax(scores, 1, name="predictions")
losses = tf.nn.softmax_cross_entropy_with_logits(logits=scores, labels=input_y)
loss = tf.reduce_mean(losses) + 0.1 * l2_loss
global_step = tf.Variable(0, name="global_step", trainable=False)
optimizer = tf.train.AdamOptimizer(1e-2)
grads_and_vars = optimizer.compute_gradients(loss)
summaries = []
for g, v in grads_and_vars:
    if g is not None:
        summaries.append(tf.summary.histogram("{}/grad/hist".format(v.op.name), g))
        summaries.append(
            tf.summary.scalar("{}/grad/sparsity".format(v.op.name), tf.nn.zero_fraction(g))
        )
train_op = optimizer.apply_gradients(grads_and_vars, global_step=global_step)
merged = tf.summary.merge(summaries)

result = [v.name for v in tf.global_variables()]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        sess.run(v.assign(0.5 * random.randn(*v.shape.as_list()).astype(np.float32)))
    for _ in range(4):
        feed = {
            input_x: random.randint(0, vocabulary, (5, sequence_length)),
            input_y: np.eye(2)[random.randint(0, 2, 5)],
            keep: 1.0,
        }
        value = sess.run([train_op, loss, merged], feed)[1]
        result += [int(sess.run(global_step)), value]
