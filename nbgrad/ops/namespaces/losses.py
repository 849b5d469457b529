"""The losses of a batch as one number, `tf.losses.…`."""

from nbgrad.ops.batch_losses.averaging import Reduction, compute_weighted_loss
from nbgrad.ops.batch_losses.classes import softmax_cross_entropy, sparse_softmax_cross_entropy
from nbgrad.ops.batch_losses.distances import (
    absolute_difference,
    cosine_distance,
    huber_loss,
    mean_squared_error,
)
from nbgrad.ops.batch_losses.listing import (
    add_loss,
    get_losses,
    get_regularization_loss,
    get_regularization_losses,
    get_total_loss,
)
from nbgrad.ops.batch_losses.logistic import hinge_loss, log_loss, sigmoid_cross_entropy
