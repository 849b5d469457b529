"""TensorFlow's `tf.train`: optimisers, and learning rates that change with the step."""

from nbgrad.core.errors import advise, did_you_mean
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

#: What TensorFlow has here for large trainings, and what does its work in a lesson.
_QUEUES = ["Coordinator", "batch", "shuffle_batch", "start_queue_runners"]
_ELSEWHERE = {
    **dict.fromkeys(_QUEUES, "There are no queues: feed batches with feed_dict."),
    **dict.fromkeys(["MonitoredSession", "MonitoredTrainingSession"], "Use tf.Session."),
    "SummaryWriter": "Since TensorFlow 1.0 it is tf.summary.FileWriter.",
    "import_meta_graph": "Build the graph in Python again, and restore its variables with Saver.",
}


def __getattr__(name: str) -> object:
    known = [*__all__, *_ELSEWHERE]
    hint = _ELSEWHERE.get(name) or did_you_mean(name, known)
    raise AttributeError(advise(f"module 'nbgrad.train' has no attribute {name!r}", advice=hint))
