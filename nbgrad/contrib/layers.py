"""`tf.contrib.layers`: relu layers whose variables are called "weights" and "biases".

They are the layers of `tf.layers` under other names and defaults. `normalizer_fn` is a function,
such as `batch_norm`, in place of a bias, and `normalizer_params` its arguments; `scope` and `reuse`
are as for `tf.variable_scope`. `variables_collections` and `outputs_collections` have no effect.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from nbgrad.core.graph import Tensor, get_default_graph, graph_of
from nbgrad.ops.activations import relu  # noqa: F401 - in a text
from nbgrad.ops.arithmetic import multiply
from nbgrad.ops.control import identity
from nbgrad.ops.indexing import one_hot
from nbgrad.ops.piecewise import abs
from nbgrad.ops.reductions import l2_loss, reduce_sum
from nbgrad.tf1 import initializers, layers
from nbgrad.tf1.initializers import zeros_initializer  # noqa: F401 - in a text
from nbgrad.tf1.math import add_n
from nbgrad.tf1.signatures import called, parameters_in, parameters_of, takes
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


def _regularizer(
    name: str, measure: str, size: Callable[[Any], Tensor], result: float
) -> Callable[..., Callable[[Any], Tensor | None]]:
    documentation = f"""A function of weights that gives `scale` · {measure}, to be a `regularizer`.

    >>> print(tf.Session().run(tf.contrib.layers.{name}(0.5)(tf.constant([2.0, -4.0]))))
    {result}
    """

    @called(name, documentation)
    def regularizer(scale, scope=None) -> Callable[[Any], Tensor | None]:
        if isinstance(scale, int) and not isinstance(scale, bool) and scale != 0:
            raise ValueError(f"scale cannot be an integer: {scale}")
        if scale < 0:
            raise ValueError(f"Setting a scale less than 0 on a regularizer: {scale:g}.")

        def penalty(weights) -> Tensor | None:
            if scale == 0:
                return None
            with graph_of(weights).name_scope(scope or name) as whole:
                return multiply(size(weights), scale, name=whole)

        return penalty

    return regularizer


l2_regularizer = _regularizer("l2_regularizer", "Σ w² / 2", l2_loss, 5.0)
l1_regularizer = _regularizer("l1_regularizer", "Σ |w|", lambda w: reduce_sum(abs(w)), 3.0)

#: The arguments of all layers that have weights, after their own.
SHARED = (
    "activation_fn=relu, normalizer_fn=None, normalizer_params=None, "
    "weights_initializer=xavier_initializer(), weights_regularizer=None, "
    "biases_initializer=zeros_initializer(), biases_regularizer=None, reuse=None, "
    "variables_collections=None, outputs_collections=None, trainable=True, scope=None"
)
#: How `tf.layers` calls what is given on to a layer.
NAMES = {
    **{"weights_initializer": "kernel_initializer", "weights_regularizer": "kernel_regularizer"},
    **{"biases_initializer": "bias_initializer", "biases_regularizer": "bias_regularizer"},
    **{"stride": "strides", "rate": "dilation_rate"},
}


def layer_function(
    layer, default_scope: str
) -> Callable[[Callable[..., None]], Callable[..., Tensor]]:
    """A decorator: from some options of a layer to a function that makes and calls it.

    It does so in a variable scope of its own, with a normalization and an activation. The options
    stand between `inputs` and what all layers share.
    """

    def decorate(described: Callable[..., None]) -> Callable[..., Tensor]:
        [inputs], shared = (parameters_in(each, described) for each in ("inputs", SHARED))

        @takes([inputs, *parameters_of(described).values(), *shared])
        @called(described.__name__, described.__doc__)
        def call(inputs, activation_fn, normalizer_fn, normalizer_params, scope, **given) -> Tensor:
            del given["variables_collections"], given["outputs_collections"]
            options = {NAMES.get(name, name): value for name, value in given.items()}
            options[layer._outputs], reuse = options.pop("num_outputs"), options.pop("reuse")
            bias = normalizer_fn is None and given["biases_initializer"] is not None
            with variable_scope(scope, default_scope, reuse=reuse) as inside:
                made = layer(use_bias=bias, **options, _scope=inside, _reuse=reuse)
                made._renamed = {"kernel": "weights", "bias": "biases"}
                result = call_layer(made, inputs)
                if normalizer_fn is not None:
                    result = normalizer_fn(result, **(normalizer_params or {}))
                return result if activation_fn is None else activation_fn(result)

        return call

    return decorate


@layer_function(layers.Dense, "fully_connected")
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


@layer_function(layers.Conv2D, "Conv")
def conv2d(num_outputs, kernel_size, stride=1, padding="SAME", data_format=None, rate=1) -> None:
    """A convolution of images, z = f(Σ x · w + b); f is a relu by default.

    >>> z = tf.contrib.layers.conv2d(tf.ones([1, 6, 6, 2]), 8, 3)
    >>> print(z.shape, [variable.name for variable in tf.trainable_variables()])
    (1, 6, 6, 8) ['Conv/weights:0', 'Conv/biases:0']
    """


@layer_function(layers.Conv2DTranspose, "Conv2d_transpose")
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


@takes(
    "inputs, decay=0.999, center=True, scale=False, epsilon=0.001, activation_fn=None, "
    "param_initializers=None, param_regularizers=None, updates_collections=GraphKeys.UPDATE_OPS, "
    "is_training=True, reuse=None, variables_collections=None, outputs_collections=None, "
    "trainable=True, batch_weights=None, fused=None, data_format='NHWC', "
    "zero_debias_moving_mean=False, scope=None"
)
def batch_norm(inputs, activation_fn, updates_collections, is_training, reuse, scope, **of) -> Any:
    """Numbers brought to mean 0 and variance 1 for each feature, (x − m) / √(v + ε) + β.

    With `scale` it is multiplied by γ. What moves the averages joins `updates_collections`; where
    that is None, it runs before the result. `batch_weights` and `zero_debias_moving_mean` are left
    out.

    >>> z = tf.contrib.layers.batch_norm(tf.constant([[1.0], [3.0]]))
    >>> print([variable.name for variable in tf.trainable_variables()])
    ['BatchNorm/beta:0']
    """
    if of["batch_weights"] is not None or of["zero_debias_moving_mean"]:
        raise NotImplementedError("batch_weights and zero_debias_moving_mean are left out.")
    starts, sizes = of["param_initializers"] or {}, of["param_regularizers"] or {}
    options = {name: of[name] for name in ("center", "scale", "epsilon", "fused", "trainable")}
    options |= {f"{name}_initializer": each for name, each in starts.items()}
    options |= {f"{name}_regularizer": each for name, each in sizes.items()}
    with variable_scope(scope, "BatchNorm", reuse=reuse) as inside:
        layer = BatchNorm(momentum=of["decay"], **options, _scope=inside, _reuse=reuse)
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


@takes(
    "inputs, keep_prob=0.5, noise_shape=None, is_training=True, outputs_collections=None, "
    "scope=None, seed=None"
)
def dropout(
    inputs, keep_prob=0.5, noise_shape=None, is_training=True, scope=None, seed=None
) -> Any:
    """Elements left out at random while `is_training`, and the others scaled.

    >>> print(tf.Session().run(tf.contrib.layers.dropout(tf.ones([3]), is_training=False)))
    [1. 1. 1.]
    """
    layer = layers.Dropout(1 - keep_prob, noise_shape, seed, name=scope or "Dropout")
    return layer(inputs, training=is_training)


def pool_function(name: str, layer, default_scope: str) -> Callable[..., Tensor]:
    documentation = f"""{layer.__doc__.partition(chr(10))[0]}

    >>> print(tf.contrib.layers.{name}(tf.ones([1, 6, 6, 2]), 2).shape)
    (1, 3, 3, 2)
    """

    @takes(
        "inputs, kernel_size, stride=2, padding='VALID', data_format='NHWC', "
        "outputs_collections=None, scope=None"
    )
    @called(name, documentation)
    def pool(inputs, kernel_size, stride, padding, data_format, scope) -> Tensor:
        return layer(kernel_size, stride, padding, data_format, scope or default_scope)(inputs)

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


def apply_regularization(regularizer: Callable[..., Any], weights_list=None) -> Tensor:
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
