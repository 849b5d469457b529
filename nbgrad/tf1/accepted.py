"""What TensorFlow-1 programs set up around a graph, accepted because it changes no number.

Devices, configurations, verbosity: a program that mentions them runs as it stands.
"""

from __future__ import annotations

import contextlib
from typing import Any


class Settings:
    """A configuration: takes any settings, keeps them, and does nothing with them.

    >>> import nbgrad as tf
    >>> config = tf.ConfigProto(allow_soft_placement=True)
    >>> config.gpu_options.allow_growth = True
    >>> print(config)
    Settings(allow_soft_placement=True, gpu_options=Settings(allow_growth=True))
    """

    def __init__(self, *_args: Any, **settings: Any) -> None:
        vars(self).update(settings)

    def __getattr__(self, name: str) -> Settings:
        if name.startswith("__"):
            raise AttributeError(name)
        inner = Settings()
        setattr(self, name, inner)
        return inner

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{key}={value!r}' for key, value in vars(self).items())})"


ConfigProto = GPUOptions = GraphOptions = OptimizerOptions = RunOptions = RunMetadata = Settings


class logging:  # noqa: N801 - TensorFlow has a module of this name
    """TensorFlow's log, in which nbgrad never writes."""

    DEBUG, INFO, WARN, ERROR, FATAL = 10, 20, 30, 40, 50
    WARNING = WARN

    @staticmethod
    def set_verbosity(verbosity: int) -> None:
        """Accepted: there is nothing to be quiet about."""


def device(device_name_or_function: Any) -> contextlib.AbstractContextManager[None]:
    """Accepted: NumPy computes where Python runs."""
    return contextlib.nullcontext()


def colocate_with(
    op: Any, ignore_existing: bool = False
) -> contextlib.AbstractContextManager[None]:
    """Accepted: there is one place only."""
    return contextlib.nullcontext()


def executing_eagerly() -> bool:
    """False: operations wait in a graph until a session runs them."""
    return False


def disable_eager_execution() -> None:
    """Accepted: nbgrad never runs eagerly."""


def disable_v2_behavior() -> None:
    """Accepted: nbgrad is TensorFlow 1 all the way."""


def enable_eager_execution(*_args: Any, **_options: Any) -> None:
    """Refused: the graph is what nbgrad is for."""
    raise NotImplementedError(
        "nbgrad has no eager execution.\nBuild a graph and run it in a Session; to try things "
        "out cell by cell, use tf.InteractiveSession() and tensor.eval()."
    )


#: What TensorFlow has for other ends than gradients or had before 1.0, and what does its work here.
LEFT_OUT = {
    "GradientTape": "This is TensorFlow 1: build a graph, and ask tf.gradients(ys, xs).",
    "app": "There are no flags: call your function.",
    "contrib": "tf.contrib is left out: write the layer in operations, which can be drawn.",
    "data": "There are no pipelines: feed batches with feed_dict.",
    "estimator": "Write the training loop: session.run(train_op, feed_dict).",
    "image": "tf.image is left out: change images with NumPy before you feed them.",
    "mul": "Since TensorFlow 1.0 it is tf.multiply.",
    "neg": "Since TensorFlow 1.0 it is tf.negative.",
    "pack": "Since TensorFlow 1.0 it is tf.stack.",
    "select": "Since TensorFlow 1.0 it is tf.where.",
    "sub": "Since TensorFlow 1.0 it is tf.subtract.",
    "unpack": "Since TensorFlow 1.0 it is tf.unstack.",
    "keras": "tf.keras is left out: write the layer in operations, which can be drawn.",
    "layers": "tf.layers is left out: write the layer as tf.matmul(x, w) + b, which can be drawn.",
    "summary": "There are no event files: keep what session.run gives, and plot it with "
    "tf.plot_losses.",
}


class AggregationMethod:
    """Ways to add several contributions, accepted for TensorFlow's sake: one is used."""

    ADD_N = DEFAULT = 0
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2
