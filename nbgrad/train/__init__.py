"""TensorFlow's `tf.train`: optimizers, and learning rates that change with the step."""

from nbgrad.tf1.left_out import absent
from nbgrad.train.optimizer import Optimizer
from nbgrad.train.optimizers import (
    AdadeltaOptimizer,
    AdagradOptimizer,
    AdamOptimizer,
    GradientDescentOptimizer,
    MomentumOptimizer,
    RMSPropOptimizer,
)
from nbgrad.train.saver import Saver, checkpoint_exists, get_checkpoint_state, latest_checkpoint
from nbgrad.train.schedules import (
    ExponentialMovingAverage,
    cosine_decay,
    create_global_step,
    exponential_decay,
    get_global_step,
    get_or_create_global_step,
    global_step,
    inverse_time_decay,
    natural_exp_decay,
    piecewise_constant,
    polynomial_decay,
)

piecewise_constant_decay = piecewise_constant

# fmt: off
__all__ = [
    "AdadeltaOptimizer", "AdagradOptimizer", "AdamOptimizer", "ExponentialMovingAverage",
    "GradientDescentOptimizer", "MomentumOptimizer", "Optimizer", "RMSPropOptimizer", "Saver",
    "checkpoint_exists", "cosine_decay", "create_global_step", "exponential_decay",
    "get_checkpoint_state", "get_global_step", "get_or_create_global_step", "global_step",
    "inverse_time_decay", "latest_checkpoint", "natural_exp_decay", "piecewise_constant",
    "piecewise_constant_decay", "polynomial_decay",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("train", __all__)
