"""The operations of neural networks, `tf.nn.…`."""

from nbgrad.ops.elementwise.activations import (
    elu,
    leaky_relu,
    log_sigmoid,
    relu,
    relu6,
    selu,
    sigmoid,
    softplus,
    softsign,
    swish,
)
from nbgrad.ops.elementwise.trigonometry import tanh
from nbgrad.ops.networks.affine import bias_add, xw_plus_b
from nbgrad.ops.networks.average_pooling import avg_pool
from nbgrad.ops.networks.average_pooling import avg_pool as avg_pool2d
from nbgrad.ops.networks.class_losses import sparse_softmax_cross_entropy_with_logits
from nbgrad.ops.networks.convolution import conv2d, conv2d_transpose
from nbgrad.ops.networks.dropout import dropout
from nbgrad.ops.networks.logistic_losses import (
    sigmoid_cross_entropy_with_logits,
    weighted_cross_entropy_with_logits,
)
from nbgrad.ops.networks.max_pooling import max_pool
from nbgrad.ops.networks.max_pooling import max_pool as max_pool2d
from nbgrad.ops.networks.probabilities import log_softmax, softmax
from nbgrad.ops.networks.softmax_losses import (
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
)
from nbgrad.ops.reductions.normalization import batch_normalization, moments
from nbgrad.ops.reductions.norms import l2_loss, l2_normalize
from nbgrad.ops.reductions.statistics import zero_fraction
from nbgrad.ops.selecting.picking import embedding_lookup
from nbgrad.ops.selecting.ranking import in_top_k, top_k
