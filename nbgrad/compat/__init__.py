"""What surrounds the graph in a TensorFlow-1 program, most of it without effect here.

Devices, configurations and verbosity change no number: they are taken, and have no effect. What is
left out says so, and what to write instead. At the end stand the names that are also Python's, such
as `tf.range`, and older names for one thing. `import nbgrad.compat.v1 as tf` is for programs that
begin with `import tensorflow.compat.v1`: it is nbgrad, which is TensorFlow 1 throughout.

>>> import nbgrad.compat.v1 as tf
>>> tf.disable_v2_behavior()
>>> with tf.Session() as session:
...     print(session.run(tf.constant(1.0) + 2.0))
3.0
"""

from __future__ import annotations

import contextlib
import sys
from typing import Literal

from nbgrad.core.dtypes import bool_
from nbgrad.ops.arithmetic import divide
from nbgrad.ops.functions import complex_
from nbgrad.ops.shaping import reverse
from nbgrad.ops.sources import linspace, range_
from nbgrad.tf1.control import tuple_
from nbgrad.tf1.signatures import argmax, argmin
from nbgrad.tf1.tensors import slice_

__all__ = ["v1"]
__dir__ = __all__.copy

v1 = sys.modules[f"{__name__}.v1"] = sys.modules["nbgrad"]

#: The version whose names, defaults and messages these are; nbgrad's own is `__version__`.
VERSION = "1.15.5"


class Settings:
    """A configuration that keeps any settings, and does nothing with them.

    >>> config = tf.ConfigProto(allow_soft_placement=True)
    >>> config.gpu_options.allow_growth = True
    >>> print(config)
    Settings(allow_soft_placement=True, gpu_options=Settings(allow_growth=True))
    """

    def __init__(self, *_args, **settings) -> None:
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


class AggregationMethod:
    """Names of ways to add contributions, without effect: there is one way."""

    ADD_N = DEFAULT = 0
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


class IndexedSlices:
    """What TensorFlow has as the gradient of a gather: here it is a tensor, and nothing is one.

    >>> w = tf.Variable([[1.0], [2.0]])
    >>> print([isinstance(each, tf.IndexedSlices) for each in tf.gradients(tf.gather(w, [0]), w)])
    [False]
    """

    def __init__(self, *_args, **_options) -> None:
        raise NotImplementedError("A gradient is a tensor here, also that of tf.gather.")


class logging:  # noqa: N801 - TensorFlow has a module of this name
    """The log of TensorFlow, in which nbgrad never writes."""

    DEBUG, INFO, WARN, ERROR, FATAL = 10, 20, 30, 40, 50
    WARNING = WARN

    @staticmethod
    def set_verbosity(verbosity: int) -> None:
        """No effect: there is nothing to be quiet about."""


def device(device_name_or_function) -> contextlib.AbstractContextManager[None]:
    """A `with` without effect: NumPy computes where Python runs."""
    return contextlib.nullcontext()


def colocate_with(op, ignore_existing=False) -> contextlib.AbstractContextManager[None]:
    """A `with` without effect: there is one place only."""
    return contextlib.nullcontext()


def executing_eagerly() -> Literal[False]:
    """False: operations wait in a graph until a session runs them."""
    return False


def disable_eager_execution() -> None:
    """No effect: nbgrad never runs eagerly."""


def disable_v2_behavior() -> None:
    """No effect: nbgrad is TensorFlow 1 throughout."""


def enable_eager_execution(*_args, **_options) -> None:
    """An error: the graph is what nbgrad is for."""
    raise NotImplementedError(
        "nbgrad has no eager execution.\nBuild a graph and run it in a Session; to try things "
        "out cell by cell, use tf.InteractiveSession() and tensor.eval()."
    )


# TensorFlow's names that are also Python's: wherever one is at work, the module has Python's.
bool = bool_
complex = complex_
range = range_
slice = slice_
tuple = tuple_

arg_max = argmax
arg_min = argmin
lin_space = linspace
realdiv = divide
reverse_v2 = reverse
