"""`tf.nn`: what layers of neural networks are made of, under TensorFlow's names.

Activations and softmax are `nbgrad.ops`, convolutions and pools `nbgrad.tf1.convolution`; losses
for each example are `cross_entropies`, dropout and moments `normalization`, cells and their loops
`rnn_cell` and `recurrent`. `name` is what the operations are called in the graph.
"""

from __future__ import annotations

from typing import Any

from nbgrad.core.graph import Tensor
from nbgrad.ops.activations import _bias_add, elu, leaky_relu, relu, relu6, selu
from nbgrad.ops.reductions import l2_loss
from nbgrad.tf1 import rnn_cell
from nbgrad.tf1.arrays import embedding_lookup
from nbgrad.tf1.convolution import avg_pool, check_format, conv2d, conv2d_transpose, max_pool
from nbgrad.tf1.cross_entropies import (
    log_uniform_candidate_sampler,
    nce_loss,
    sampled_softmax_loss,
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
    uniform_candidate_sampler,
    weighted_cross_entropy_with_logits,
)
from nbgrad.tf1.linalg import matmul
from nbgrad.tf1.math import (
    in_top_k,
    l2_normalize,
    log_sigmoid,
    log_softmax,
    multiply,
    sigmoid,
    softmax,
    softplus,
    softsign,
    tanh,
    top_k,
    zero_fraction,
)
from nbgrad.tf1.normalization import batch_normalization, dropout, fused_batch_norm, moments
from nbgrad.tf1.recurrent import (
    bidirectional_dynamic_rnn,
    dynamic_rnn,
    static_bidirectional_rnn,
    static_rnn,
)
from nbgrad.tf1.signatures import composite

# fmt: off
__all__ = [
    "avg_pool", "avg_pool2d", "batch_normalization", "bias_add", "bidirectional_dynamic_rnn",
    "conv2d", "conv2d_transpose", "dropout", "dynamic_rnn", "elu", "embedding_lookup",
    "fused_batch_norm", "in_top_k", "l2_loss", "l2_normalize", "leaky_relu", "log_sigmoid",
    "log_softmax", "log_uniform_candidate_sampler", "max_pool", "max_pool2d", "moments", "nce_loss",
    "relu", "relu6", "rnn_cell", "sampled_softmax_loss", "selu", "sigmoid",
    "sigmoid_cross_entropy_with_logits", "softmax", "softmax_cross_entropy_with_logits",
    "softmax_cross_entropy_with_logits_v2", "softplus", "softsign",
    "sparse_softmax_cross_entropy_with_logits", "static_bidirectional_rnn", "static_rnn", "swish",
    "tanh", "top_k", "uniform_candidate_sampler", "weighted_cross_entropy_with_logits",
    "xw_plus_b", "zero_fraction",
]
# fmt: on
__dir__ = __all__.copy

max_pool2d = max_pool
avg_pool2d = avg_pool


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """A vector added along the last axis, z = x + b.

    >>> print(tf.Session().run(tf.nn.bias_add([[1.0, 2.0], [3.0, 4.0]], [10.0, 20.0])))
    [[11. 22.]
     [13. 24.]]
    """
    check_format(data_format)
    return _bias_add(value, bias, name)


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """A layer of neurons before its activation, z = x w + b.

    Shapes: [example, input] times [input, result] plus [result].

    >>> print(tf.Session().run(tf.nn.xw_plus_b([[1.0, 2.0]], [[3.0], [4.0]], [100.0])))
    [[111.]]
    """
    return _bias_add(matmul(x, weights), biases, name or "xw_plus_b")


@composite("swish")
def swish(features: Any, name: str | None = None) -> Tensor:
    """A relu that is smooth and dips below 0, z = x σ(x).

    Ramachandran, Zoph, Le, "Searching for Activation Functions", 2017.

    >>> print(tf.Session().run(tf.nn.swish(2.0)))
    1.7616
    """
    return multiply(features, sigmoid(features), name=name)
