"""The operations of neural networks, `tf.nn.…`."""

from nbgrad.ops.activations import elu, leaky_relu, relu, relu6, selu, sigmoid, softplus, softsign
from nbgrad.ops.functions import tanh
from nbgrad.ops.ranking import in_top_k
from nbgrad.ops.reductions import l2_loss
from nbgrad.ops.softmax import log_softmax, softmax
from nbgrad.tf1.arrays import embedding_lookup, top_k
from nbgrad.tf1.linalg import l2_normalize
from nbgrad.tf1.math import zero_fraction
from nbgrad.tf1.nn import (
    avg_pool,
    batch_normalization,
    bias_add,
    conv2d,
    conv2d_transpose,
    dropout,
    log_sigmoid,
    max_pool,
    moments,
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
    swish,
    weighted_cross_entropy_with_logits,
    xw_plus_b,
)
from nbgrad.tf1.nn import avg_pool as avg_pool2d
from nbgrad.tf1.nn import max_pool as max_pool2d
