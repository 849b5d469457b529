"""Losses as public teaching code for TensorFlow 1 writes them, with its sizes and its habits.

Each function builds its graph in the default one and returns its loss or losses, and the variables
that are trained. `feeds()` gives every placeholder of the default graph a batch.
"""
# ruff: noqa: N802, N803, N806 - as such code names things

import numpy as np

import nbgrad as tf

BATCH = 64


def feeds():
    """Numbers for all placeholders: labels are one-hot rows, a keep_prob is 0.5, noise is noise."""
    random = np.random.default_rng(0)
    operations = tf.get_default_graph().get_operations()
    tensors = [op.outputs[0] for op in operations if op.type == "Placeholder"]
    return {tensor: numbers_for(tensor, random) for tensor in tensors}


def numbers_for(tensor, random):
    """A batch for one placeholder, by its name, type and shape."""
    name, kind = tensor.op.name, tensor.dtype.as_numpy_dtype
    shape = [BATCH if size is None else size for size in tensor.shape.as_list()]
    if kind == np.bool_:
        return True
    if np.issubdtype(kind, np.integer):
        return random.integers(0, 2, shape).astype(kind)
    if not shape:
        return 0.5
    if name.lower().startswith(("y", "label", "t")) and shape[-1] > 1:
        return np.eye(shape[-1], dtype=kind)[random.integers(0, shape[-1], shape[:-1])]
    if name.lower().startswith(("y", "label", "t")):
        return random.integers(0, 2, shape).astype(kind)
    return (random.random(shape) if len(shape) > 1 else random.normal(size=shape)).astype(kind)


def normal(*shape):
    return tf.Variable(tf.random_normal(list(shape), stddev=0.1, seed=len(shape) + shape[-1]))


# Regression and classification ----------------------------------------------------------------


def linear_regression():
    X = tf.placeholder(tf.float32, [None], name="X")
    Y = tf.placeholder(tf.float32, [None], name="Y")
    W = tf.Variable(0.3, name="weight")
    b = tf.Variable(-0.1, name="bias")
    pred = tf.add(tf.multiply(X, W), b)
    cost = tf.reduce_sum(tf.pow(pred - Y, 2)) / (2 * BATCH)
    return cost, [W, b]


def logistic_regression():
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    y = tf.placeholder(tf.float32, [None, 1], name="y")
    W = normal(2, 1)
    b = tf.Variable(tf.zeros([1]))
    hypothesis = 1 / (1 + tf.exp(-(tf.matmul(x, W) + b)))
    cost = -tf.reduce_mean(y * tf.log(hypothesis) + (1 - y) * tf.log(1 - hypothesis))
    return cost, [W, b]


def softmax_by_hand():
    x = tf.placeholder(tf.float32, [None, 784])
    y = tf.placeholder(tf.float32, [None, 10], name="y")
    W = tf.Variable(tf.zeros([784, 10]))
    b = tf.Variable(tf.zeros([10]))
    pred = tf.nn.softmax(tf.matmul(x, W) + b)
    cost = tf.reduce_mean(-tf.reduce_sum(y * tf.log(pred), reduction_indices=1))
    return cost, [W, b]


def softmax_classifier():
    with tf.name_scope("input"):
        x = tf.placeholder(tf.float32, [None, 784], name="x-input")
        y_ = tf.placeholder(tf.int64, [None], name="y-input")
    W = normal(784, 10)
    b = tf.Variable(tf.zeros([10]))
    y = tf.matmul(x, W) + b
    onehot = tf.one_hot(tf.cast(y_, tf.int32), 10)
    with tf.name_scope("cross_entropy"):
        diff = tf.nn.softmax_cross_entropy_with_logits(labels=onehot, logits=y)
        with tf.name_scope("total"):
            cross_entropy = tf.reduce_mean(diff)
    return cross_entropy, [W, b]


def mlp_with_dropout():
    X = tf.placeholder(tf.float32, [None, 784], name="X")
    Y = tf.placeholder(tf.float32, [None, 10], name="Y")
    keep_prob = tf.placeholder(tf.float32, name="keep_prob", shape=[])
    weights = {"h1": normal(784, 256), "h2": normal(256, 256), "out": normal(256, 10)}
    biases = {"b1": normal(256), "b2": normal(256), "out": normal(10)}

    def multilayer_perceptron(x):
        layer_1 = tf.nn.relu(tf.add(tf.matmul(x, weights["h1"]), biases["b1"]))
        layer_1 = tf.nn.dropout(layer_1, keep_prob)
        layer_2 = tf.nn.relu(tf.add(tf.matmul(layer_1, weights["h2"]), biases["b2"]))
        layer_2 = tf.nn.dropout(layer_2, keep_prob)
        return tf.matmul(layer_2, weights["out"]) + biases["out"]

    logits = multilayer_perceptron(X)
    loss = tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=Y)
    return tf.reduce_mean(loss), [*weights.values(), *biases.values()]


def mlp_with_layers_and_decay():
    X = tf.placeholder(tf.float32, [None, 784], name="X")
    y = tf.placeholder(tf.int64, [None], name="y")
    with tf.name_scope("dnn"):
        hidden1 = tf.layers.dense(X, 300, activation=tf.nn.relu, name="hidden1")
        hidden2 = tf.layers.dense(hidden1, 100, activation=tf.nn.relu, name="hidden2")
        logits = tf.layers.dense(hidden2, 10, name="outputs")
    with tf.name_scope("loss"):
        xentropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
        base = tf.reduce_mean(xentropy, name="base_loss")
        kernels = [v for v in tf.trainable_variables() if "kernel" in v.name]
        penalty = tf.add_n([tf.nn.l2_loss(w) for w in kernels])
        loss = tf.add(base, 0.001 * penalty, name="loss")
    return loss, tf.trainable_variables()


def network_with_batch_norm_by_hand():
    x = tf.placeholder(tf.float32, [None, 784])
    y_ = tf.placeholder(tf.float32, [None, 10], name="y_")
    epsilon = 1e-3
    w1, w2, w3 = normal(784, 100), normal(100, 100), normal(100, 10)
    z1 = tf.matmul(x, w1)
    mean1, var1 = tf.nn.moments(z1, [0])
    scale1, beta1 = tf.Variable(tf.ones([100])), tf.Variable(tf.zeros([100]))
    z1_hat = (z1 - mean1) / tf.sqrt(var1 + epsilon)
    l1 = tf.nn.sigmoid(scale1 * z1_hat + beta1)
    z2 = tf.matmul(l1, w2)
    mean2, var2 = tf.nn.moments(z2, [0])
    scale2, beta2 = tf.Variable(tf.ones([100])), tf.Variable(tf.zeros([100]))
    l2 = tf.nn.sigmoid(tf.nn.batch_normalization(z2, mean2, var2, beta2, scale2, epsilon))
    b3 = tf.Variable(tf.zeros([10]))
    y = tf.nn.softmax(tf.matmul(l2, w3) + b3)
    cross_entropy = -tf.reduce_sum(y_ * tf.log(y))
    return cross_entropy, [w1, scale1, beta1, w2, scale2, beta2, w3, b3]


def one_batch_norm_in_full():
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    gamma, beta = tf.Variable(tf.ones([4]), name="gamma"), tf.Variable(tf.zeros([4]), name="beta")
    mu = tf.reduce_mean(x, axis=0)
    centred = x - mu
    variance = tf.reduce_mean(tf.square(centred), axis=0)
    x_hat = centred / tf.sqrt(variance + 1e-5)
    out = gamma * x_hat + beta
    return tf.reduce_mean(tf.square(out - 1.0)), [gamma, beta]


# Convolutions ---------------------------------------------------------------------------------


def convolution_network():
    x = tf.placeholder(tf.float32, [None, 784], name="x")
    y_ = tf.placeholder(tf.float32, [None, 10], name="y_")
    keep_prob = tf.placeholder(tf.float32, shape=[], name="keep_prob")

    def conv2d(x, W):
        return tf.nn.conv2d(x, W, strides=[1, 1, 1, 1], padding="SAME")

    def max_pool_2x2(x):
        return tf.nn.max_pool(x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")

    x_image = tf.reshape(x, [-1, 28, 28, 1])
    W_conv1, b_conv1 = normal(5, 5, 1, 8), normal(8)
    h_conv1 = tf.nn.relu(conv2d(x_image, W_conv1) + b_conv1)
    h_pool1 = max_pool_2x2(h_conv1)
    W_conv2, b_conv2 = normal(5, 5, 8, 16), normal(16)
    h_conv2 = tf.nn.relu(conv2d(h_pool1, W_conv2) + b_conv2)
    h_pool2 = max_pool_2x2(h_conv2)
    W_fc1, b_fc1 = normal(7 * 7 * 16, 64), normal(64)
    h_pool2_flat = tf.reshape(h_pool2, [-1, 7 * 7 * 16])
    h_fc1 = tf.nn.relu(tf.matmul(h_pool2_flat, W_fc1) + b_fc1)
    h_fc1_drop = tf.nn.dropout(h_fc1, keep_prob)
    W_fc2, b_fc2 = normal(64, 10), normal(10)
    y_conv = tf.matmul(h_fc1_drop, W_fc2) + b_fc2
    cross_entropy = tf.reduce_mean(
        tf.nn.softmax_cross_entropy_with_logits(labels=y_, logits=y_conv)
    )
    return cross_entropy, [W_conv1, b_conv1, W_conv2, b_conv2, W_fc1, b_fc1, W_fc2, b_fc2]


def convolution_network_with_layers():
    images = tf.placeholder(tf.float32, [None, 784], name="images")
    labels = tf.placeholder(tf.int32, [None], name="labels")
    input_layer = tf.reshape(images, [-1, 28, 28, 1])
    conv1 = tf.layers.conv2d(input_layer, 8, [5, 5], padding="same", activation=tf.nn.relu)
    pool1 = tf.layers.max_pooling2d(inputs=conv1, pool_size=[2, 2], strides=2)
    conv2 = tf.layers.conv2d(pool1, 16, [5, 5], padding="same", activation=tf.nn.relu)
    pool2 = tf.layers.max_pooling2d(inputs=conv2, pool_size=[2, 2], strides=2)
    pool2_flat = tf.reshape(pool2, [-1, 7 * 7 * 16])
    dense = tf.layers.dense(inputs=pool2_flat, units=64, activation=tf.nn.relu)
    dropout = tf.layers.dropout(inputs=dense, rate=0.4, training=True)
    logits = tf.layers.dense(inputs=dropout, units=10)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    return loss, tf.trainable_variables()


# Generative models ----------------------------------------------------------------------------


def autoencoder():
    X = tf.placeholder(tf.float32, [None, 784])
    sizes = [784, 256, 128]
    w1, w2 = normal(784, 256), normal(256, 128)
    w3, w4 = normal(128, 256), normal(256, 784)
    b1, b2, b3, b4 = (normal(n) for n in (256, 128, 256, sizes[0]))

    def encoder(x):
        layer_1 = tf.nn.sigmoid(tf.add(tf.matmul(x, w1), b1))
        return tf.nn.sigmoid(tf.add(tf.matmul(layer_1, w2), b2))

    def decoder(x):
        layer_1 = tf.nn.sigmoid(tf.add(tf.matmul(x, w3), b3))
        return tf.nn.sigmoid(tf.add(tf.matmul(layer_1, w4), b4))

    y_pred = decoder(encoder(X))
    y_true = X
    loss = tf.reduce_mean(tf.pow(y_true - y_pred, 2))
    return loss, [w1, b1, w2, b2, w3, b3, w4, b4]


def tied_autoencoder():
    X = tf.placeholder(tf.float32, [None, 784], name="X")
    W = tf.Variable(tf.random_uniform([784, 100], -0.1, 0.1, seed=1), name="W")
    b = tf.Variable(tf.zeros([100]), name="b")
    W_prime = tf.transpose(W)
    b_prime = tf.Variable(tf.zeros([784]), name="b_prime")
    mask = tf.placeholder(tf.float32, [None, 784], name="mask")
    tilde_X = mask * X
    Y = tf.nn.sigmoid(tf.matmul(tilde_X, W) + b)
    Z = tf.nn.sigmoid(tf.matmul(Y, W_prime) + b_prime)
    cost = tf.reduce_sum(tf.pow(X - Z, 2))
    return cost, [W, b, b_prime]


def gan():
    X = tf.placeholder(tf.float32, [None, 784], name="disc_input")
    Z = tf.placeholder(tf.float32, [None, 100], name="gen_input")
    w = {
        "gen_hidden1": normal(100, 256),
        "gen_out": normal(256, 784),
        "disc_hidden1": normal(784, 256),
        "disc_out": normal(256, 1),
    }
    b = {name: tf.Variable(tf.zeros([v.shape.as_list()[1]])) for name, v in w.items()}

    def generator(x):
        hidden_layer = tf.matmul(x, w["gen_hidden1"])
        hidden_layer = tf.add(hidden_layer, b["gen_hidden1"])
        hidden_layer = tf.nn.relu(hidden_layer)
        out_layer = tf.matmul(hidden_layer, w["gen_out"])
        out_layer = tf.add(out_layer, b["gen_out"])
        out_layer = tf.nn.sigmoid(out_layer)
        return out_layer

    def discriminator(x):
        hidden_layer = tf.matmul(x, w["disc_hidden1"])
        hidden_layer = tf.add(hidden_layer, b["disc_hidden1"])
        hidden_layer = tf.nn.relu(hidden_layer)
        out_layer = tf.matmul(hidden_layer, w["disc_out"])
        out_layer = tf.add(out_layer, b["disc_out"])
        out_layer = tf.nn.sigmoid(out_layer)
        return out_layer

    gen_sample = generator(Z)
    disc_real = discriminator(X)
    disc_fake = discriminator(gen_sample)
    gen_loss = -tf.reduce_mean(tf.log(disc_fake))
    disc_loss = -tf.reduce_mean(tf.log(disc_real) + tf.log(1.0 - disc_fake))
    return [gen_loss, disc_loss], [*w.values(), *b.values()]


def gan_generator():
    [loss, _], parameters = gan()
    return loss, [v for n, v in enumerate(parameters) if n % 4 < 2]


def gan_discriminator():
    [_, loss], parameters = gan()
    return loss, [v for n, v in enumerate(parameters) if n % 4 > 1]


def gan_with_logits():
    def generator(z):
        with tf.variable_scope("generator"):
            h1 = tf.layers.dense(z, 128, activation=tf.nn.leaky_relu)
            return tf.layers.dense(h1, 784, activation=tf.nn.tanh)

    def discriminator(x, reuse=False):
        with tf.variable_scope("discriminator", reuse=reuse):
            h1 = tf.layers.dense(x, 128, activation=tf.nn.leaky_relu)
            return tf.layers.dense(h1, 1)

    real = tf.placeholder(tf.float32, [None, 784], name="real")
    z = tf.placeholder(tf.float32, [None, 100], name="z")
    logits_real = discriminator(real)
    logits_fake = discriminator(generator(z), reuse=True)
    xent = tf.nn.sigmoid_cross_entropy_with_logits
    d_loss_real = tf.reduce_mean(xent(logits=logits_real, labels=tf.ones_like(logits_real) * 0.9))
    d_loss_fake = tf.reduce_mean(xent(logits=logits_fake, labels=tf.zeros_like(logits_fake)))
    d_loss = d_loss_real + d_loss_fake
    g_loss = tf.reduce_mean(xent(logits=logits_fake, labels=tf.ones_like(logits_fake)))
    return [d_loss, g_loss], tf.trainable_variables()


def vae():
    X = tf.placeholder(tf.float32, shape=[None, 784], name="X")
    Q_W1, Q_b1 = normal(784, 128), tf.Variable(tf.zeros(shape=[128]))
    Q_W2_mu, Q_b2_mu = normal(128, 20), tf.Variable(tf.zeros(shape=[20]))
    Q_W2_sigma, Q_b2_sigma = normal(128, 20), tf.Variable(tf.zeros(shape=[20]))
    P_W1, P_b1 = normal(20, 128), tf.Variable(tf.zeros(shape=[128]))
    P_W2, P_b2 = normal(128, 784), tf.Variable(tf.zeros(shape=[784]))

    def Q(X):
        h = tf.nn.relu(tf.matmul(X, Q_W1) + Q_b1)
        z_mu = tf.matmul(h, Q_W2_mu) + Q_b2_mu
        z_logvar = tf.matmul(h, Q_W2_sigma) + Q_b2_sigma
        return z_mu, z_logvar

    def sample_z(mu, log_var):
        eps = tf.random_normal(shape=tf.shape(mu), seed=3)
        return mu + tf.exp(log_var / 2) * eps

    def P(z):
        h = tf.nn.relu(tf.matmul(z, P_W1) + P_b1)
        logits = tf.matmul(h, P_W2) + P_b2
        prob = tf.nn.sigmoid(logits)
        return prob, logits

    z_mu, z_logvar = Q(X)
    z_sample = sample_z(z_mu, z_logvar)
    _, logits = P(z_sample)
    recon_loss = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(logits=logits, labels=X), 1)
    kl_loss = 0.5 * tf.reduce_sum(tf.exp(z_logvar) + z_mu**2 - 1.0 - z_logvar, 1)
    vae_loss = tf.reduce_mean(recon_loss + kl_loss)
    return vae_loss, [
        *(Q_W1, Q_b1, Q_W2_mu, Q_b2_mu, Q_W2_sigma, Q_b2_sigma),
        *(P_W1, P_b1, P_W2, P_b2),
    ]


def vae_by_hand():
    X = tf.placeholder(tf.float32, [None, 784])
    eps = tf.placeholder(tf.float32, [None, 2], name="eps")
    w = [normal(*s) for s in ((784, 64), (64, 2), (64, 2), (2, 64), (64, 784))]
    b = [normal(s) for s in (64, 2, 2, 64, 784)]
    encoder = tf.nn.tanh(tf.matmul(X, w[0]) + b[0])
    z_mean = tf.matmul(encoder, w[1]) + b[1]
    z_std = tf.matmul(encoder, w[2]) + b[2]
    z = z_mean + tf.exp(z_std / 2) * eps
    decoder = tf.nn.tanh(tf.matmul(z, w[3]) + b[3])
    x_reconstructed = tf.nn.sigmoid(tf.matmul(decoder, w[4]) + b[4])
    encode_decode_loss = X * tf.log(1e-10 + x_reconstructed) + (1 - X) * tf.log(
        1e-10 + 1 - x_reconstructed
    )
    encode_decode_loss = -tf.reduce_sum(encode_decode_loss, 1)
    kl_div_loss = 1 + z_std - tf.square(z_mean) - tf.exp(z_std)
    kl_div_loss = -0.5 * tf.reduce_sum(kl_div_loss, 1)
    return tf.reduce_mean(encode_decode_loss + kl_div_loss), [*w, *b]


# Recurrent networks ---------------------------------------------------------------------------


def rnn_by_hand(steps=4):
    X = tf.placeholder(tf.float32, [BATCH, steps], name="X")
    y = tf.placeholder(tf.int32, [BATCH, steps], name="labels")
    W, b = normal(17, 16), tf.Variable(tf.zeros([1, 16]))
    W2, b2 = normal(16, 4), tf.Variable(tf.zeros([1, 4]))
    inputs_series = tf.unstack(X, axis=1)
    labels_series = tf.unstack(y, axis=1)
    current_state = tf.zeros([BATCH, 16])
    states_series = []
    for current_input in inputs_series:
        current_input = tf.reshape(current_input, [BATCH, 1])
        concatenated = tf.concat([current_input, current_state], 1)
        next_state = tf.tanh(tf.matmul(concatenated, W) + b)
        states_series.append(next_state)
        current_state = next_state
    logits_series = [tf.matmul(state, W2) + b2 for state in states_series]
    losses = [
        tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels)
        for logits, labels in zip(logits_series, labels_series, strict=True)
    ]
    return tf.reduce_mean(losses), [W, b, W2, b2]


def rnn_by_hand_of_ten_steps():
    return rnn_by_hand(10)


def rnn_of_two_matrices(steps=4):
    X = [tf.placeholder(tf.float32, [None, 5], name=f"X{n}") for n in range(steps)]
    Y = tf.placeholder(tf.float32, [None, 3], name="Y")
    Wx, Wh, Wy = normal(5, 8), normal(8, 8), normal(8, 3)
    bh, by = tf.Variable(tf.zeros([1, 8])), tf.Variable(tf.zeros([1, 3]))
    h = tf.zeros([BATCH, 8])
    for x in X:
        h = tf.tanh(tf.matmul(x, Wx) + tf.matmul(h, Wh) + bh)
    logits = tf.matmul(h, Wy) + by
    loss = tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=Y)
    return tf.reduce_mean(loss), [Wx, Wh, bh, Wy, by]


def rnn_of_two_matrices_of_ten_steps():
    return rnn_of_two_matrices(10)


def lstm_static(steps=4):
    x = tf.placeholder(tf.float32, [None, steps, 28], name="x")
    y = tf.placeholder(tf.float32, [None, 10], name="y")
    W, b = normal(32, 10), normal(10)
    cell = tf.nn.rnn_cell.BasicLSTMCell(32, forget_bias=1.0)
    outputs, _ = tf.nn.static_rnn(cell, tf.unstack(x, steps, 1), dtype=tf.float32)
    logits = tf.matmul(outputs[-1], W) + b
    cost = tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=y)
    return tf.reduce_mean(cost), [*tf.trainable_variables()]


def rnn_dynamic(steps=10):
    X = tf.placeholder(tf.float32, [None, steps, 1], name="X")
    y = tf.placeholder(tf.float32, [None, steps, 1], name="y")
    cell = tf.nn.rnn_cell.BasicRNNCell(num_units=20, activation=tf.nn.relu)
    rnn_outputs, _ = tf.nn.dynamic_rnn(cell, X, dtype=tf.float32)
    stacked_rnn_outputs = tf.reshape(rnn_outputs, [-1, 20])
    stacked_outputs = tf.layers.dense(stacked_rnn_outputs, 1)
    outputs = tf.reshape(stacked_outputs, [-1, steps, 1])
    return tf.reduce_mean(tf.square(outputs - y)), tf.trainable_variables()


# Others ---------------------------------------------------------------------------------------


def attention_head():
    x = tf.placeholder(tf.float32, [None, 6, 16], name="x")
    y = tf.placeholder(tf.float32, [None, 6, 16], name="y_true")
    Wq, Wk, Wv, Wo = normal(16, 8), normal(16, 8), normal(16, 8), normal(8, 16)

    def project(inputs, W, units):
        flat = tf.reshape(inputs, [-1, inputs.shape.as_list()[-1]])
        return tf.reshape(tf.matmul(flat, W), [-1, 6, units])

    q, k, v = project(x, Wq, 8), project(x, Wk, 8), project(x, Wv, 8)
    scores = tf.matmul(q, k, transpose_b=True) / tf.sqrt(8.0)
    weights = tf.nn.softmax(scores)
    context = tf.matmul(weights, v)
    out = x + project(context, Wo, 16)
    return tf.reduce_mean(tf.square(out - y)), [Wq, Wk, Wv, Wo]


def q_network():
    inputs1 = tf.placeholder(tf.float32, [None, 16], name="state")
    nextQ = tf.placeholder(tf.float32, [None], name="nextQ")
    actions = tf.placeholder(tf.int32, [None], name="actions")
    W1, b1 = normal(16, 32), tf.Variable(tf.zeros([32]))
    W2, b2 = normal(32, 4), tf.Variable(tf.zeros([4]))
    hidden = tf.nn.relu(tf.matmul(inputs1, W1) + b1)
    Qout = tf.matmul(hidden, W2) + b2
    actions_onehot = tf.one_hot(actions, 4, dtype=tf.float32)
    Q = tf.reduce_sum(tf.multiply(Qout, actions_onehot), axis=1)
    td_error = tf.square(nextQ - Q)
    return tf.reduce_mean(td_error), [W1, b1, W2, b2]


def policy_gradient():
    state = tf.placeholder(tf.float32, [None, 4], name="state")
    reward = tf.placeholder(tf.float32, [None], name="reward")
    action = tf.placeholder(tf.int32, [None], name="action")
    hidden = tf.layers.dense(state, 8, activation=tf.nn.relu, use_bias=False)
    output = tf.layers.dense(hidden, 2, activation=tf.nn.softmax, use_bias=False)
    indexes = tf.range(0, tf.shape(output)[0]) * tf.shape(output)[1] + action
    responsible_outputs = tf.gather(tf.reshape(output, [-1]), indexes)
    loss = -tf.reduce_mean(tf.log(responsible_outputs) * reward)
    return loss, tf.trainable_variables()


def word_vectors():
    words = tf.placeholder(tf.int32, [None], name="words")
    labels = tf.placeholder(tf.int32, [None], name="context")
    embeddings = tf.Variable(tf.random_uniform([50, 16], -1.0, 1.0, seed=2), name="embeddings")
    softmax_w, softmax_b = normal(16, 50), tf.Variable(tf.zeros([50]))
    embed = tf.nn.embedding_lookup(embeddings, words)
    logits = tf.matmul(embed, softmax_w) + softmax_b
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_mean(loss), [embeddings, softmax_w, softmax_b]


LOSSES = {
    function.__name__: function
    for function in (
        *(linear_regression, logistic_regression, softmax_by_hand, softmax_classifier),
        *(mlp_with_dropout, mlp_with_layers_and_decay),
        *(network_with_batch_norm_by_hand, one_batch_norm_in_full),
        *(convolution_network, convolution_network_with_layers),
        *(autoencoder, tied_autoencoder),
        *(gan, gan_generator, gan_discriminator, gan_with_logits),
        *(vae, vae_by_hand),
        *(rnn_by_hand, rnn_by_hand_of_ten_steps),
        *(rnn_of_two_matrices, rnn_of_two_matrices_of_ten_steps),
        *(lstm_static, rnn_dynamic),
        *(attention_head, q_network, policy_gradient, word_vectors),
    )
}


def trace_of(name):
    """The trace of one of the losses, with a batch."""
    with tf.Graph().as_default():
        losses, parameters = LOSSES[name]()
        return tf.trace(losses, parameters, feed_dict=feeds())
