"""Activations: the functions between the layers of a network, and the softmax at its end."""

import functools

import numpy as np

from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import (
    brackets,
    broadcast,
    leaving_out,
    merge_shapes,
    must_agree,
    must_have_axes,
    must_have_rank,
    normal_axes,
)
from nbgrad.ops.arithmetic import add, divide, for_each_pixel, multiply, negative, square, subtract
from nbgrad.ops.define import elementwise, operation
from nbgrad.ops.functions import exp
from nbgrad.ops.indexing import one_hot
from nbgrad.ops.logic import less, where
from nbgrad.ops.piecewise import abs, step
from nbgrad.ops.reductions import reduce_sum
from nbgrad.ops.shaping import expand_dims, size_along
from nbgrad.ops.sources import ones_like


def _bias_add_shape(value, bias):
    """The shape of `value`."""
    must_have_rank(bias, 1)
    must_have_axes(value, 2)
    if value and bias:
        must_agree(value[-1], bias[0])
    return value


@elementwise("BiasAdd", "+", "{value} + {bias}", shape=_bias_add_shape)
def _bias_add(value, bias):
    """z = x + b, the same b at every place of the last axis"""
    if value.shape[-1] != bias.size:
        many = "Must provide as many biases as the last dimension of the input tensor"
        raise invalid(f"{many}: {brackets(bias.shape)} vs. {brackets(value.shape)}")
    return value + for_each_pixel(bias, value)


@RegisterGradient("BiasAdd")
def _bias_add_grad(op, dz):
    return dz, dz


@elementwise("Sigmoid", "σ", dtypes="F->F", latex=r"\sigma\left({x}\right)")
def sigmoid(x):
    """The logistic function of every element, z = 1 / (1 + e⁻ˣ), between 0 and 1.

    >>> print(tf.Session().run(tf.sigmoid([0.0, 100.0])))
    [0.5 1. ]
    """
    # e^−|x| cannot overflow, whichever the sign of x.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(x.dtype, copy=False)


@RegisterGradient("Sigmoid")
def _sigmoid_grad(op, dz):
    z = op.outputs[0]
    return multiply(dz, multiply(z, subtract(1, z)))


@elementwise("Relu", dtypes="R->R", rule=lambda dz, x, z: multiply(dz, step(x)))
def relu(features):
    """The positive part of every element, z = max(x, 0), with slope 0 at the kink.

    >>> print(tf.Session().run(tf.nn.relu([-1.0, 2.0])))
    [0. 2.]

    Nair, Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines", 2010.
    """
    # NumPy compares images with zeros, in one go, three times as fast as with a number.
    zero = np.zeros(features.shape[1:], features.dtype) if features.ndim > 2 else 0
    return np.maximum(features, zero)


@elementwise("Relu6", dtypes="R->R")
def relu6(features):
    """The positive part of every element, up to 6, z = min(max(x, 0), 6).

    >>> print(tf.Session().run(tf.nn.relu6([-1.0, 2.0, 9.0])))
    [0. 2. 6.]

    Krizhevsky, "Convolutional Deep Belief Networks on CIFAR-10", 2010.
    """
    return np.clip(features, 0, 6)


@RegisterGradient("Relu6")
def _relu6_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, multiply(step(x), step(subtract(6, x))))


@elementwise("LeakyRelu", "leaky", dtypes="F->F")
def leaky_relu(features, *, alpha=0.2):
    """A relu with a slope also below 0, z = x where x > 0, else α x.

    >>> print(tf.Session().run(tf.nn.leaky_relu([-1.0, 2.0])))
    [-0.2  2. ]

    Maas, Hannun, Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.
    """
    return np.where(features > 0, features, alpha * features).astype(features.dtype, copy=False)


@RegisterGradient("LeakyRelu")
def _leaky_relu_grad(op, dz):
    x, alpha = op.inputs[0], op.attributes["alpha"]
    return multiply(dz, add(alpha, multiply(1 - alpha, step(x))))


@elementwise("Elu", dtypes="F->F")
def elu(features):
    """The exponential linear unit, z = x where x > 0, else eˣ − 1.

    >>> print(tf.Session().run(tf.nn.elu([-100.0, 2.0])))
    [-1.  2.]

    Clevert et al., "Fast and Accurate Deep Network Learning by Exponential Linear Units", 2015.
    """
    below = np.exp(np.minimum(features, 0)) - 1
    return np.where(features > 0, features, below).astype(features.dtype, copy=False)


@RegisterGradient("Elu")
def _elu_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    return multiply(dz, where(less(x, 0), add(z, 1), ones_like(z)))


#: With these two numbers, activations keep mean 0 and variance 1 from layer to layer.
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


@elementwise("Selu", dtypes="F->F")
def selu(features):
    """The scaled exponential linear unit, z = λ x where x > 0, else λ α (eˣ − 1).

    >>> print(tf.Session().run(tf.nn.selu(-1.0)))
    -1.1113

    Klambauer, Unterthiner, Mayr, Hochreiter, "Self-Normalizing Neural Networks", 2017.
    """
    below = SELU_SCALE * SELU_ALPHA * (np.exp(np.minimum(features, 0)) - 1)
    z = np.where(features > 0, SELU_SCALE * features, below)
    return z.astype(features.dtype, copy=False)


@RegisterGradient("Selu")
def _selu_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    below, above = add(z, SELU_SCALE * SELU_ALPHA), multiply(SELU_SCALE, ones_like(z))
    return multiply(dz, where(less(x, 0), below, above))


@elementwise("Softplus", dtypes="F->F", rule=lambda dz, x, z: multiply(dz, sigmoid(x)))
def softplus(features):
    """A smooth relu of every element, z = log(1 + eˣ), whose slope is the sigmoid.

    >>> print(tf.Session().run(tf.nn.softplus(0.0)))
    0.6931

    Dugas et al., "Incorporating Second-Order Functional Knowledge for Better Option Pricing", 2000.
    """
    return np.maximum(features, 0) + np.log1p(np.exp(-np.abs(features)))


@elementwise("Softsign", dtypes="F->F", rule=lambda dz, x, z: divide(dz, square(add(1, abs(x)))))
def softsign(features):
    """A function like tanh with slower tails, z = x / (1 + |x|), between −1 and 1.

    >>> print(tf.Session().run(tf.nn.softsign([-1.0, 0.0, 3.0])))
    [-0.5   0.    0.75]

    Bergstra et al., "Quadratic Polynomials Learn Better Image Features", 2009.
    """
    return features / (1 + np.abs(features))


def _softmax_shape(shape, *, axis):
    """The shape of `logits`."""
    rank = 0 if shape is None else len(shape)
    if shape is not None and axis != -1 and not -rank <= axis < rank:
        bounds = f"[{-rank}, {rank}) where {rank} is the number of dimensions in the input."
        raise invalid(f"Dimension ({axis}) must be in the range {bounds}")
    return must_have_axes(shape, 1)


_of_logits = functools.partial(operation, dtypes="F->F", shape=_softmax_shape)


def exponentials(x, *, axis=-1):
    """The parts of a softmax and its logarithm: x − max x, its exponential, and their sum.

    No exponential can overflow. A loss and its gradient both begin with it; a run does it once.
    """
    # np.max and np.sum call these; their preambles take longer than a small reduction.
    shifted = x - np.maximum.reduce(x, axis, keepdims=True, initial=-np.inf)
    weights = np.exp(shifted)
    return shifted, weights, np.add.reduce(weights, axis, keepdims=True)


def log_of_softmax(x, axis, shared=None):
    """x − log Σ eˣ on NumPy arrays."""
    shifted, _, total = shared or exponentials(x, axis=axis)
    return shifted - np.log(total)


@_of_logits("Softmax", shares=exponentials)
def softmax(logits, *, axis=-1, shared=None):
    """Numbers turned into probabilities, zᵢ = e^(xᵢ) / Σ e^(xⱼ), in which no exponential overflows.

    >>> print(tf.Session().run(tf.nn.softmax([1000.0, 1000.0, 0.0])))
    [0.5 0.5 0. ]

    Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990.
    """
    _, weights, total = shared or exponentials(logits, axis=axis)
    return weights / total


@RegisterGradient("Softmax")
def _softmax_grad(op, dz):
    z = op.outputs[0]
    mean = reduce_sum(multiply(dz, z), op.attributes["axis"], True)
    return multiply(subtract(dz, mean), z)


@_of_logits("LogSoftmax", "log softmax", shares=exponentials)
def log_softmax(logits, *, axis=-1, shared=None):
    """The logarithm of the softmax, zᵢ = xᵢ − log Σ e^(xⱼ), exact also where that is nearly 0.

    >>> print(tf.Session().run(tf.nn.log_softmax([1000.0, 0.0])))
    [    0. -1000.]
    """
    return log_of_softmax(logits, axis, shared)


@RegisterGradient("LogSoftmax")
def _log_softmax_grad(op, dz):
    z = op.outputs[0]
    return subtract(dz, multiply(reduce_sum(dz, op.attributes["axis"], True), exp(z)))


def _cross_entropy_shape(logits, labels, *, axis):
    both = broadcast(logits, labels)
    return None if both is None else leaving_out(both, normal_axes(axis, len(both)))


@operation(
    "SoftmaxCrossEntropyWithLogits",
    "xent",
    "−Σ {labels} · log softmax({features})",
    dtypes="F,F->F",
    shape=_cross_entropy_shape,
    name="softmax_cross_entropy_with_logits",
    shares=exponentials,
)
def _cross_entropy(features, labels, *, axis=-1, shared=None):
    """z = −Σ t · log softmax x, for the truth t, along an axis"""
    return -np.add.reduce(labels * log_of_softmax(features, axis, shared), axis)


@RegisterGradient("SoftmaxCrossEntropyWithLogits")
def _cross_entropy_grad(op, dz):
    (x, truth), axis = op.inputs[:2], op.attributes["axis"]
    dz = expand_dims(dz, axis)
    error = subtract(softmax(x, axis), truth)
    return multiply(dz, error), multiply(dz, negative(log_softmax(x, axis)))


def _sparse_cross_entropy_shape(logits, labels):
    if logits is None or labels is None:
        return labels if logits is None else logits[:-1]
    if len(labels) != len(logits) - 1:
        ranks = f"{len(labels)}) should equal rank of logits minus 1 (received {len(logits)})."
        raise ShapeError(f"Rank mismatch: Rank of labels (received {ranks}")
    return merge_shapes(labels, logits[:-1])


@operation(
    "SparseSoftmaxCrossEntropyWithLogits",
    "xent",
    "−log softmax({features})[{labels}]",
    dtypes="F,I->F",
    shape=_sparse_cross_entropy_shape,
    shares=exponentials,
)
def _sparse_cross_entropy(features, labels, *, shared=None):
    """z = −log softmax x at the class that is true"""
    *outer, count = np.shape(features)
    if np.shape(labels) != (*outer,):
        shapes = f"shape {brackets(np.shape(features))} and labels shape {brackets(labels.shape)}"
        raise invalid(f"logits and labels must have the same first dimension, got logits {shapes}")
    wrong = np.unique(labels[(labels < 0) | (labels >= count)])
    if wrong.size:
        bounds = f"[0, {count}).  Label values: {' '.join(map(str, np.ravel(labels)))}"
        raise invalid(
            f"Received a label value of {wrong[0]} which is outside the valid range of {bounds}"
        )
    log_p = log_of_softmax(features, -1, shared)
    return -np.take_along_axis(log_p, np.expand_dims(labels, -1), -1)[..., 0]


@RegisterGradient("SparseSoftmaxCrossEntropyWithLogits")
def _sparse_cross_entropy_grad(op, dz):
    x, labels = op.inputs
    truth = one_hot(labels, size_along(x, -1), dtype=x.dtype)
    return multiply(expand_dims(dz, -1), subtract(softmax(x), truth)), None
