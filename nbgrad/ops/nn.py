"""TensorFlow's `tf.nn`: the operations of neural networks."""

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
)
from nbgrad.ops.functions import tanh

__all__ = [
    "elu",
    "leaky_relu",
    "log_sigmoid",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "softplus",
    "softsign",
    "tanh",
]
