# For type checkers; at run time it is nbgrad.tf1.rnn_cell itself.
from nbgrad.tf1.rnn_cell import *  # noqa: F403
