"""The losses of a batch as one number, `tf.losses.…`."""

from nbgrad.ops.averaged_losses import Reduction, compute_weighted_loss
from nbgrad.ops.batch_class_losses import softmax_cross_entropy, sparse_softmax_cross_entropy
from nbgrad.ops.batch_logistic_losses import hinge_loss, log_loss, sigmoid_cross_entropy
from nbgrad.ops.batch_losses import (
    absolute_difference,
    cosine_distance,
    huber_loss,
    mean_squared_error,
)
from nbgrad.ops.listed_losses import (
    add_loss,
    get_losses,
    get_regularization_loss,
    get_regularization_losses,
    get_total_loss,
)
