"""`tf.contrib.rnn`: the cells of `tf.nn.rnn_cell` and the static loops of `tf.nn`."""

from nbgrad.tf1.recurrent import static_bidirectional_rnn, static_rnn
from nbgrad.tf1.rnn_cell import (
    BasicLSTMCell,
    BasicRNNCell,
    DropoutWrapper,
    GRUCell,
    LSTMCell,
    LSTMStateTuple,
    MultiRNNCell,
    ResidualWrapper,
    RNNCell,
)

# fmt: off
__all__ = [
    "BasicLSTMCell", "BasicRNNCell", "DropoutWrapper", "GRUCell", "LSTMCell", "LSTMStateTuple",
    "MultiRNNCell", "RNNCell", "ResidualWrapper", "static_bidirectional_rnn", "static_rnn",
]
# fmt: on
__dir__ = __all__.copy
