"""The operations of neural networks, `tf.nn.…`."""

from nbgrad.ops.activations import (
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
from nbgrad.ops.affine import bias_add, xw_plus_b
from nbgrad.ops.class_losses import sparse_softmax_cross_entropy_with_logits
from nbgrad.ops.convolution import conv2d, conv2d_transpose
from nbgrad.ops.dropping import dropout
from nbgrad.ops.functions import tanh
from nbgrad.ops.logistic_losses import (
    sigmoid_cross_entropy_with_logits,
    weighted_cross_entropy_with_logits,
)
from nbgrad.ops.losses import (
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
)
from nbgrad.ops.normalization import batch_normalization, moments
from nbgrad.ops.norms import l2_loss, l2_normalize
from nbgrad.ops.picking import embedding_lookup
from nbgrad.ops.pooling import avg_pool, max_pool
from nbgrad.ops.pooling import avg_pool as avg_pool2d
from nbgrad.ops.pooling import max_pool as max_pool2d
from nbgrad.ops.probabilities import log_softmax, softmax
from nbgrad.ops.ranking import in_top_k, top_k
from nbgrad.ops.statistics import zero_fraction
