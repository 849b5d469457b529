"""`tf.contrib.layers`: relu layers whose variables are called "weights" and "biases".

They are the layers of `tf.layers` under other names and defaults. `normalizer_fn` is a function,
such as `batch_norm`, in place of a bias, and `normalizer_params` its arguments; `scope` and `reuse`
are as for `tf.variable_scope`. `variables_collections` and `outputs_collections` have no effect.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from nbgrad.core.default_graph import get_default_graph, graph_of
from nbgrad.core.graph import Tensor
from nbgrad.ops.activations import relu
from nbgrad.ops.copying import identity
from nbgrad.ops.indexing import one_hot
from nbgrad.ops.reductions import l2_loss
from nbgrad.tf1 import initializers, layers
from nbgrad.tf1.math import abs, add_n, multiply, reduce_sum
from nbgrad.tf1.signatures import with_signature
from nbgrad.tf1.tensors import constant
from nbgrad.tf1.variable_scope import variable_scope
from nbgrad.tf1.variables import GraphKeys

# fmt: off
__all__ = [
    "apply_regularization", "avg_pool2d", "batch_norm", "conv2d", "conv2d_transpose",
    "convolution2d", "convolution2d_transpose", "dropout", "flatten", "fully_connected",
    "l1_regularizer", "l2_regularizer", "linear", "max_pool2d", "one_hot_encoding",
    "variance_scaling_initializer", "xavier_initializer", "xavier_initializer_conv2d",
]
# fmt: on
__dir__ = __all__.copy


def xavier_initializer(uniform=True, seed=None, dtype=None) -> initializers.VarianceScaling:
    """Glorot's initial values: random, with the variance 2 / (inputs + outputs).

    >>> w = tf.get_variable("w", [3, 4], initializer=tf.contrib.layers.xavier_initializer())
    >>> print(w.shape)
    (3, 4)
    """
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed)


xavier_initializer_conv2d = xavier_initializer


def variance_scaling_initializer(
    factor=2.0, mode="FAN_IN", uniform=False, seed=None, dtype=None
) -> initializers.VarianceScaling:
    """Random initial values with the variance `factor` / n, for n inputs, outputs or their mean.

    >>> print(tf.contrib.layers.variance_scaling_initializer()([3, 4]).shape)
    (3, 4)
    """
    distribution = "uniform" if uniform else "truncated_normal"
    return initializers.VarianceScaling(factor, mode.lower(), distribution, seed)


def l2_regularizer(scale: float, scope=None) -> Callable[[Any], Tensor | None]:
    """A function of weights that gives `scale` · Σ w² / 2, to be a `regularizer`.

    >>> print(tf.Session().run(tf.contrib.layers.l2_regularizer(0.1)(tf.constant([2.0, 4.0]))))
    1.0
    """
    return regularizer(scale, l2_loss, scope or "l2_regularizer")


def l1_regularizer(scale: float, scope=None) -> Callable[[Any], Tensor | None]:
    """A function of weights that gives `scale` · Σ |w|, to be a `regularizer`.

    >>> print(tf.Session().run(tf.contrib.layers.l1_regularizer(0.5)(tf.constant([2.0, -4.0]))))
    3.0
    """
    return regularizer(scale, lambda w: reduce_sum(abs(w)), scope or "l1_regularizer")


def regularizer(scale, size: Callable[[Any], Tensor], scope) -> Callable[[Any], Tensor | None]:
    if isinstance(scale, int) and not isinstance(scale, bool) and scale != 0:
        raise ValueError(f"scale cannot be an integer: {scale}")
    if scale < 0:
        raise ValueError(f"Setting a scale less than 0 on a regularizer: {scale:g}.")

    def of(weights) -> Tensor | None:
        if scale == 0:
            return None
        with graph_of(weights).name_scope(scope) as name:
            return multiply(size(weights), scale, name=name)

    return of


def apply_layer(
    layer,
    default_scope,
    inputs,
    options: dict[str, Any],
    activation_fn=relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),  # noqa: B008 - it holds no state
    weights_regularizer=None,
    biases_initializer=initializers.Zeros(),  # noqa: B008
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
) -> Tensor:
    """A layer in a variable scope of its own, with its normalization and its activation."""
    with variable_scope(scope, default_scope, reuse=reuse) as inside:
        made = layer(
            use_bias=normalizer_fn is None and biases_initializer is not None,
            kernel_initializer=weights_initializer,
            kernel_regularizer=weights_regularizer,
            bias_initializer=biases_initializer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            _scope=inside,
            _reuse=reuse,
            **options,
        )
        made._renamed = {"kernel": "weights", "bias": "biases"}
        outputs = call_layer(made, inputs)
        if normalizer_fn is not None:
            outputs = normalizer_fn(outputs, **(normalizer_params or {}))
        return outputs if activation_fn is None else activation_fn(outputs)


def layer_function(layer, scope, **names) -> Callable[[Callable[..., None]], Callable[..., Tensor]]:
    """A decorator: from some options of a layer to a function that makes and calls it.

    They stand between `inputs` and the options of `apply_layer`; `names` are the layer's for them.
    """
    inputs, _, *shared = list(inspect.signature(apply_layer).parameters.values())[2:]

    def decorate(described: Callable[..., None]) -> Callable[..., Tensor]:
        own = inspect.signature(described).parameters

        @functools.wraps(described)
        def call(inputs, **given) -> Tensor:
            options = {names.get(name, name): given.pop(name) for name in own}
            return apply_layer(layer, scope, inputs, options, **given)

        return with_signature(call, [inputs, *own.values(), *shared])

    return decorate


@layer_function(layers.Dense, "fully_connected", num_outputs="units")
def fully_connected(num_outputs: int) -> None:
    """A dense layer, z = f(x w + b), of `num_outputs` neurons; f is a relu by default.

    >>> z = tf.contrib.layers.fully_connected(tf.ones([2, 3]), 4)
    >>> print(z.shape, [variable.name for variable in tf.trainable_variables()])
    (2, 4) ['fully_connected/weights:0', 'fully_connected/biases:0']
    """


def linear(inputs, num_outputs: int, **options) -> Tensor:
    """A dense layer without an activation, z = x w + b.

    >>> print(tf.contrib.layers.linear(tf.ones([2, 3]), 4).shape)
    (2, 4)
    """
    return fully_connected(inputs, num_outputs, None, **options)


WINDOW = {"num_outputs": "filters", "stride": "strides", "rate": "dilation_rate"}


@layer_function(layers.Conv2D, "Conv", **WINDOW)
def conv2d(num_outputs, kernel_size, stride=1, padding="SAME", data_format=None, rate=1) -> None:
    """A convolution of images, z = f(Σ x · w + b); f is a relu by default.

    >>> z = tf.contrib.layers.conv2d(tf.ones([1, 6, 6, 2]), 8, 3)
    >>> print(z.shape, [variable.name for variable in tf.trainable_variables()])
    (1, 6, 6, 8) ['Conv/weights:0', 'Conv/biases:0']
    """


@layer_function(layers.Conv2DTranspose, "Conv2d_transpose", **WINDOW)
def conv2d_transpose(
    num_outputs, kernel_size, stride=1, padding="SAME", data_format="NHWC"
) -> None:
    """The transpose of a convolution, which makes images larger by its stride.

    >>> print(tf.contrib.layers.conv2d_transpose(tf.ones([1, 3, 3, 2]), 8, 3, 2).shape)
    (1, 6, 6, 8)
    """


convolution2d, convolution2d_transpose = conv2d, conv2d_transpose


def call_layer(layer: layers.Layer, inputs, **options) -> Any:
    """The result of a layer, whose variables join those of the model."""
    outputs = layer(inputs, **options)
    known = outputs.graph.get_collection_ref(GraphKeys.MODEL_VARIABLES)
    known += [variable for variable in layer.variables if variable not in known]
    return outputs


class BatchNorm(layers.BatchNormalization):
    """Batch normalization by TensorFlow's kernel for images, also for rows of numbers."""

    _fused_ranks: ClassVar[tuple[int, ...]] = (2, 4)


def batch_norm(
    inputs,
    decay=0.999,
    center=True,
    scale=False,
    epsilon=0.001,
    activation_fn=None,
    param_initializers=None,
    param_regularizers=None,
    updates_collections=GraphKeys.UPDATE_OPS,
    is_training=True,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    batch_weights=None,
    fused=None,
    data_format="NHWC",
    zero_debias_moving_mean=False,
    scope=None,
) -> Tensor:
    """Numbers brought to mean 0 and variance 1 for each feature, (x − m) / √(v + ε) + β.

    With `scale` it is multiplied by γ. What moves the averages joins `updates_collections`; where
    that is None, it runs before the result. `batch_weights` and `zero_debias_moving_mean` are left
    out.

    >>> z = tf.contrib.layers.batch_norm(tf.constant([[1.0], [3.0]]))
    >>> print([variable.name for variable in tf.trainable_variables()])
    ['BatchNorm/beta:0']
    """
    if batch_weights is not None or zero_debias_moving_mean:
        raise NotImplementedError("batch_weights and zero_debias_moving_mean are left out.")
    options = {f"{name}_initializer": each for name, each in (param_initializers or {}).items()}
    options |= {f"{name}_regularizer": each for name, each in (param_regularizers or {}).items()}
    with variable_scope(scope, "BatchNorm", reuse=reuse) as inside:
        layer = BatchNorm(
            *(-1, decay, epsilon, center, scale),
            **options,
            fused=fused,
            trainable=trainable,
            _scope=inside,
            _reuse=reuse,
        )
        layer.updates_collections = updates_collections
        outputs = call_layer(layer, inputs, training=is_training)
        if updates_collections is None:
            with outputs.graph.control_dependencies(layer.updates):
                outputs = identity(outputs)
        return outputs if activation_fn is None else activation_fn(outputs)


def flatten(inputs, outputs_collections=None, scope=None) -> Tensor:
    """One row for each example, with all of its numbers.

    >>> print(tf.contrib.layers.flatten(tf.ones([2, 3, 4])).shape)
    (2, 12)
    """
    return layers.Flatten(name=scope or "Flatten")(inputs)


def dropout(
    inputs,
    keep_prob=0.5,
    noise_shape=None,
    is_training=True,
    outputs_collections=None,
    scope=None,
    seed=None,
) -> Tensor:
    """Elements left out at random while `is_training`, and the others scaled.

    >>> print(tf.Session().run(tf.contrib.layers.dropout(tf.ones([3]), is_training=False)))
    [1. 1. 1.]
    """
    layer = layers.Dropout(1 - keep_prob, noise_shape, seed, name=scope or "Dropout")
    return layer(inputs, training=is_training)


def pool_function(name: str, layer, default_scope: str) -> Callable[..., Tensor]:
    def pool(
        inputs,
        kernel_size,
        stride=2,
        padding="VALID",
        data_format="NHWC",
        outputs_collections=None,
        scope=None,
    ) -> Tensor:
        return layer(kernel_size, stride, padding, data_format, scope or default_scope)(inputs)

    pool.__name__ = pool.__qualname__ = name
    pool.__doc__ = f"""{layer.__doc__.partition(chr(10))[0]}

    >>> print(tf.contrib.layers.{name}(tf.ones([1, 6, 6, 2]), 2).shape)
    (1, 3, 3, 2)
    """
    return pool


max_pool2d = pool_function("max_pool2d", layers.MaxPooling2D, "MaxPool2D")
avg_pool2d = pool_function("avg_pool2d", layers.AveragePooling2D, "AvgPool2D")


def one_hot_encoding(labels, num_classes: int, on_value=1.0, off_value=0.0) -> Tensor:
    """A row for each label, 1 at the class that it names and 0 elsewhere.

    >>> print(tf.Session().run(tf.contrib.layers.one_hot_encoding([1], 3)))
    [[0. 1. 0.]]
    """
    with graph_of(labels).name_scope("OneHotEncoding"):
        return one_hot(labels, num_classes, on_value, off_value)


def apply_regularization(
    regularizer: Callable[[Any], Tensor | None], weights_list: Sequence[Any] | None = None
) -> Tensor:
    """The sum of what a regularizer gives for each of the weights; a regularization loss.

    >>> l2 = tf.contrib.layers.l2_regularizer(1.0)
    >>> print(tf.Session().run(tf.contrib.layers.apply_regularization(l2, [tf.constant(2.0)])))
    2.0
    """
    graph = get_default_graph()
    chosen = weights_list or graph.get_collection(GraphKeys.WEIGHTS)
    losses = [loss for each in chosen if (loss := regularizer(each)) is not None]
    total = add_n(losses) if losses else constant(0.0)
    graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, total)
    return total
