"""`tf.layers`: layers that make their own variables, as functions and as classes.

`tf.layers.dense(x, 10)` makes a layer and calls it once; `layer = tf.layers.Dense(10)` may be
called again, on other inputs, with the same variables. Read `Layer` first: its variable scope, from
which come the names of variables ("dense/kernel:0"), opens with the first call.

What layers share: an `activation` is a function or its name ("relu"), None for none; an
`…_initializer` is a function of shape and dtype or its name, by default Glorot's for a kernel; a
`…_regularizer` is a function of the variable (or of the result: `activity_regularizer`) whose value
joins the graph's regularization losses; a `…_constraint` is applied after each step of an
optimizer; `name` is the variable scope, unique by itself where there is none; `reuse` says that the
variables of this name exist. Images are [image, row, column, channel], and `padding` is "valid" or
"same".
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, ClassVar

from nbgrad.core.graph import Operand, Tensor
from nbgrad.ops.activations import _bias_add
from nbgrad.ops.arithmetic import multiply, subtract
from nbgrad.ops.control import identity
from nbgrad.ops.shaping import reshape, size_along
from nbgrad.ops.shaping import shape as shape_tensor
from nbgrad.tf1 import convolution
from nbgrad.tf1.base_layer import (
    ACTIVATIONS,
    DeclaredLayer,
    Layer,
    declared,
    function_of,
    named,
    size_of,
)
from nbgrad.tf1.control import cond
from nbgrad.tf1.convolution import check_format, pair
from nbgrad.tf1.initializers import ones_initializer, zeros_initializer  # noqa: F401 - in the texts
from nbgrad.tf1.left_out import absent
from nbgrad.tf1.linalg import tensordot
from nbgrad.tf1.signatures import matmul
from nbgrad.tf1.variables import GraphKeys, Variable, assign_sub

# fmt: off
__all__ = [
    "AveragePooling2D", "BatchNormalization", "Conv2D", "Conv2DTranspose", "Dense", "Dropout",
    "Flatten", "Layer", "MaxPooling2D", "average_pooling2d", "batch_normalization", "conv2d",
    "conv2d_transpose", "dense", "dropout", "flatten", "max_pooling2d",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("layers", __all__)

#: The arguments of a layer with a kernel.
KERNEL = (
    "activation=None, use_bias=True, kernel_initializer=None, "
    "bias_initializer=zeros_initializer(), kernel_regularizer=None, bias_regularizer=None, "
    "activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, "
    "name=None"
)
#: The arguments of a window that moves over images.
WINDOW = "strides=(1, 1), padding='valid', data_format='channels_last'"


class WithKernel(DeclaredLayer):
    """A layer with a kernel, a bias and an activation, f(product + b)."""

    _outputs: ClassVar[str] = "filters"  # the argument that says how many features the result has

    def set_up(self) -> None:
        self.activation: Any = named("activation function", self.activation, ACTIVATIONS)
        self.kernel: Variable | None = None
        self.bias: Variable | None = None
        setattr(self, self._outputs, int(getattr(self, self._outputs)))

    def build(self, input_shape) -> None:
        size = size_of(input_shape, -1, type(self).__name__)
        self.kernel = self.add_declared("kernel", self._kernel_shape(size))
        if self.use_bias:
            self.bias = self.add_declared("bias", [getattr(self, self._outputs)])

    def call(self, inputs) -> Any:
        product = self._product(inputs)
        if self.bias is not None:
            product = _bias_add(product, self.bias)
        return product if self.activation is None else self.activation(product)


@declared(f"units, {KERNEL}")
class Dense(WithKernel):
    """A dense layer, z = f(x w + b), of `units` neurons.

    >>> layer = tf.layers.Dense(4, activation=tf.nn.relu)
    >>> print(layer(tf.ones([2, 3])).shape, layer.kernel.name)
    (2, 4) dense/kernel:0
    >>> z = tf.layers.dense(tf.ones([2, 3]), 4, tf.nn.relu, name="hidden")
    >>> print(z.shape, [variable.name for variable in tf.trainable_variables()][2:])
    (2, 4) ['hidden/kernel:0', 'hidden/bias:0']
    """

    _outputs, _axes = "units", ("min_ndim", 2)

    def _kernel_shape(self, features: int) -> list[int]:
        return [features, self.units]

    def _product(self, inputs) -> Tensor:
        rank = inputs.shape.ndims
        if rank == 2:
            return matmul(inputs, self.kernel)
        return tensordot(inputs, self.kernel, [[rank - 1], [0]])


@declared(f"filters, kernel_size, {WINDOW}, dilation_rate=(1, 1), {KERNEL}")
class Conv2D(WithKernel):
    """A convolution of images, z = f(Σ x · w + b), with `filters` channels in the result.

    >>> layer = tf.layers.Conv2D(8, kernel_size=3, strides=2, padding="same")
    >>> print(layer(tf.ones([1, 6, 6, 2])).shape, layer.kernel.shape)
    (1, 3, 3, 8) (3, 3, 2, 8)
    >>> print(tf.layers.conv2d(tf.ones([1, 6, 6, 2]), 8, 3, padding="same").shape)
    (1, 6, 6, 8)
    """

    _axes = ("ndim", 4)

    def set_up(self) -> None:
        super().set_up()
        check_channels(self.data_format)
        self.padding: Any = self.padding.upper()
        for name in ("kernel_size", "strides", "dilation_rate"):
            setattr(self, name, pair(getattr(self, name), name))

    def _kernel_shape(self, channels: int) -> list[int]:
        return [*self.kernel_size, channels, self.filters]

    def _product(self, inputs) -> Tensor:
        how = {"padding": self.padding, "dilations": self.dilation_rate}
        return convolution.conv2d(inputs, self.kernel, self.strides, **how)


@declared(f"filters, kernel_size, {WINDOW}, {KERNEL}")
class Conv2DTranspose(Conv2D):
    """The transpose of a convolution, which makes images larger by its strides.

    >>> layer = tf.layers.Conv2DTranspose(8, kernel_size=3, strides=2, padding="same")
    >>> print(layer(tf.ones([1, 3, 3, 2])).shape, layer.kernel.shape)
    (1, 6, 6, 8) (3, 3, 8, 2)
    >>> print(tf.layers.conv2d_transpose(tf.ones([1, 3, 3, 2]), 8, 3, 2, "same").shape)
    (1, 6, 6, 8)
    """

    def _kernel_shape(self, channels: int) -> list[int]:
        return [*self.kernel_size, self.filters, channels]

    def _product(self, inputs) -> Tensor:
        sizes = [size_along(inputs, 0)]
        for axis, window, stride in zip((1, 2), self.kernel_size, self.strides, strict=True):
            beyond = max(window - stride, 0) if self.padding == "VALID" else 0
            sizes.append(size_along(inputs, axis) * stride + beyond)
        sizes.append(self.filters)
        made = convolution.conv2d_transpose(
            inputs, self.kernel, sizes, self.strides, self.padding, name=None
        )
        made.set_shape([None if isinstance(size, Tensor) else size for size in sizes])
        return made


def check_channels(data_format: str) -> None:
    check_format("NHWC" if data_format == "channels_last" else data_format)


@declared("pool_size, strides, padding='valid', data_format='channels_last', name=None")
class MaxPooling2D(DeclaredLayer):
    """The largest number of each window of an image.

    >>> image = tf.ones([1, 6, 6, 2])
    >>> print(tf.layers.MaxPooling2D(2, 2)(image).shape, tf.layers.max_pooling2d(image, 3, 3).shape)
    (1, 3, 3, 2) (1, 2, 2, 2)
    """

    _axes = ("ndim", 4)
    _pool = staticmethod(convolution.max_pool)

    def set_up(self) -> None:
        check_channels(self.data_format)

    def call(self, inputs) -> Any:
        return self._pool(inputs, self.pool_size, self.strides, self.padding.upper())


class AveragePooling2D(MaxPooling2D):
    """The mean of each window of an image.

    >>> image = tf.ones([1, 6, 6, 2])
    >>> print(tf.layers.AveragePooling2D(2, 2)(image).shape)
    (1, 3, 3, 2)
    >>> print(tf.layers.average_pooling2d(image, 3, 3).shape)
    (1, 2, 2, 2)
    """

    _pool = staticmethod(convolution.avg_pool)


@declared("data_format='channels_last', name=None")
class Flatten(DeclaredLayer):
    """One row for each example, with all of its numbers.

    >>> x = tf.ones([2, 3, 4])
    >>> print(tf.layers.Flatten()(x).shape, tf.layers.flatten(x).shape)
    (2, 12) (2, 12)
    """

    def set_up(self) -> None:
        check_channels(self.data_format)

    def call(self, inputs) -> Any:
        known = inputs.shape.as_list()
        if None not in known[1:]:
            return reshape(inputs, [-1 if known[0] is None else known[0], math.prod(known[1:])])
        return reshape(inputs, [shape_tensor(inputs)[0], -1])


@declared("rate=0.5, noise_shape=None, seed=None, name=None")
class Dropout(DeclaredLayer):
    """Elements left out at random while `training`, with the probability `rate`.

    >>> x, session = tf.ones([3]), tf.Session()
    >>> print(session.run(tf.layers.Dropout(0.5)(x)), session.run(tf.layers.dropout(x)))
    [1. 1. 1.] [1. 1. 1.]
    """

    def call(self, inputs, training=False) -> Any:
        how = {"noise_shape": self.noise_shape, "seed": self.seed, "rate": self.rate}
        dropped = functools.partial(convolution.dropout, inputs, **how)
        return either(training, dropped, lambda: identity(inputs))


def either(training, if_true: Callable[[], Any], if_false: Callable[[], Any]) -> Any:
    """One of two results, chosen now, or by `cond` in the run."""
    if isinstance(training, Operand):
        return cond(training, if_true, if_false)
    return if_true() if training else if_false()


@declared(
    "axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, "
    "beta_initializer=zeros_initializer(), gamma_initializer=ones_initializer(), "
    "moving_mean_initializer=zeros_initializer(), "
    "moving_variance_initializer=ones_initializer(), beta_regularizer=None, "
    "gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, renorm=False, "
    "renorm_clipping=None, renorm_momentum=0.99, fused=None, trainable=True, name=None"
)
class BatchNormalization(DeclaredLayer):
    """Numbers brought to mean 0 and variance 1 for each index of an axis, γ (x − m) / √(v + ε) + β.

    While `training`, m and v are those of the batch, and what moves the averages of them towards
    them joins `tf.GraphKeys.UPDATE_OPS`; otherwise they are these moving averages. `scale` and
    `center` say whether there are γ and β; `momentum` is how much of an average stays in a step.

    >>> layer = tf.layers.BatchNormalization()
    >>> z = layer(tf.constant([[1.0], [3.0]]), training=True)
    >>> print([variable.name for variable in layer.trainable_weights])
    ['batch_normalization/gamma:0', 'batch_normalization/beta:0']
    >>> z = tf.layers.batch_normalization(z, training=True)
    >>> print(len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)))
    4
    """

    _fused_ranks: ClassVar[tuple[int, ...]] = (4,)

    def set_up(self) -> None:
        if self.renorm:
            raise NotImplementedError("Batch renormalization is left out: say renorm=False.")
        self.axis: Any = self.axis[0] if isinstance(self.axis, list | tuple) else self.axis
        self.updates: list[Any] = []
        self.updates_collections: str | None = GraphKeys.UPDATE_OPS

    def build(self, input_shape) -> None:
        size = [size_of(input_shape, self.axis, "BatchNormalization")]
        self.gamma = self.add_declared("gamma", size) if self.scale else None
        self.beta = self.add_declared("beta", size) if self.center else None
        self.moving_mean = self.add_declared("moving_mean", size, trainable=False)
        self.moving_variance = self.add_declared("moving_variance", size, trainable=False)

    def call(self, inputs, training=False) -> Any:
        rank = inputs.shape.ndims
        axis = self.axis % rank
        others = [each for each in range(rank) if each != axis]
        mean, variance = convolution.moments(inputs, others)
        if isinstance(training, Operand) or training:
            self._keep(training, self.moving_mean, mean)
            # For images TensorFlow takes a kernel that estimates the variance of other batches.
            fused = self.fused is not False and rank in self._fused_ranks and axis == rank - 1
            other = convolution.unbiased(inputs, mean, variance) if fused else variance
            self._keep(training, self.moving_variance, other)
        m = either(training, lambda: mean, lambda: self.moving_mean)
        v = either(training, lambda: variance, lambda: self.moving_variance)
        vectors = [m, v, self.beta, self.gamma]
        if axis != rank - 1:
            along = [-1 if each == axis else 1 for each in range(rank)]
            vectors = [each if each is None else reshape(each, along) for each in vectors]
        m, v, beta, gamma = vectors
        return convolution.batch_normalization(inputs, m, v, beta, gamma, self.epsilon)

    def _keep(self, training, average: Variable, value: Tensor) -> None:
        """Move an average towards a value of this batch, in an operation of UPDATE_OPS."""

        def moved() -> Tensor:
            return assign_sub(average, multiply(subtract(average, value), 1.0 - self.momentum))

        update = either(training, moved, lambda: average)
        self.updates.append(update)
        if self.updates_collections is not None:
            average.graph.add_to_collections(self.updates_collections, update)


dense = function_of(Dense)
conv2d = function_of(Conv2D)
conv2d_transpose = function_of(Conv2DTranspose)
max_pooling2d = function_of(MaxPooling2D)
average_pooling2d = function_of(AveragePooling2D)
flatten = function_of(Flatten)
dropout = function_of(Dropout)
batch_normalization = function_of(BatchNormalization)
