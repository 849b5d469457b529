"""`tf.contrib.rnn`: the cells of `tf.nn.rnn_cell` and the static loops of `tf.nn`."""

from nbgrad.tf1 import rnn_cell
from nbgrad.tf1.recurrent import static_bidirectional_rnn, static_rnn
from nbgrad.tf1.rnn_cell import *  # noqa: F403 - all of them

__all__ = rnn_cell.__all__ + ["static_bidirectional_rnn", "static_rnn"]  # noqa: RUF005 - for mypy
__dir__ = __all__.copy
