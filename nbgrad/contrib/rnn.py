"""`tf.contrib.rnn`: the cells of `tf.nn.rnn_cell`, and what calls them for each step."""

from nbgrad.tf1 import rnn_cell
from nbgrad.tf1.loops import static_bidirectional_rnn, static_rnn
from nbgrad.tf1.rnn_cell import *  # noqa: F403

__all__ = ["static_bidirectional_rnn", "static_rnn", *rnn_cell.__all__]
__dir__ = __all__.copy
