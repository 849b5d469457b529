"""`tf.contrib`: the elder layers and cells of TensorFlow 1, in their old names and defaults."""

from nbgrad.contrib import layers, rnn
from nbgrad.tf1.left_out import absent

__all__ = ["layers", "rnn"]
__dir__ = __all__.copy
__getattr__ = absent("contrib", __all__)
