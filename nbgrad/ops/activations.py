"""The activation functions of neural networks, and the biases before them."""

from __future__ import annotations

import numpy as np

from nbgrad.core.errors import invalid
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import brackets
from nbgrad.ops.arithmetic import add, divide, multiply, square, subtract
from nbgrad.ops.constants import ones_like
from nbgrad.ops.define import elementwise, must_agree, must_have_rank
from nbgrad.ops.logic import less, where
from nbgrad.ops.piecewise import abs, step


def _bias_add_shape(value, bias):
    """The shape of `value`."""
    must_have_rank(bias, 1)
    if value and bias:
        must_agree(value[-1], bias[0])
    return value


@elementwise("BiasAdd", shape=_bias_add_shape, symbol="+", text="{value} + {bias}")
def _bias_add(value, bias):
    """z = x + b, the same b at every place of the last axis"""
    if value.shape[-1] != bias.size:
        raise invalid(
            "Must provide as many biases as the last dimension of the input tensor: "
            f"{brackets(bias.shape)} vs. {brackets(value.shape)}"
        )
    return value + bias


@RegisterGradient("BiasAdd")
def _bias_add_grad(op, dz):
    return dz, dz


@elementwise("Sigmoid", dtypes="F->F", symbol="σ", latex=r"\sigma\left({x}\right)")
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


@elementwise("Relu", dtypes="R->R")
def relu(features):
    """The positive part of every element, z = max(x, 0), with slope 0 at the kink.

    >>> print(tf.Session().run(tf.nn.relu([-1.0, 2.0])))
    [0. 2.]

    Nair, Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines", 2010.
    """
    return np.maximum(features, 0)


@RegisterGradient("Relu")
def _relu_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, step(x))


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


@elementwise("LeakyRelu", dtypes="F->F", symbol="leaky")
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


@elementwise("Softplus", dtypes="F->F")
def softplus(features):
    """A smooth relu of every element, z = log(1 + eˣ), whose slope is the sigmoid.

    >>> print(tf.Session().run(tf.nn.softplus(0.0)))
    0.6931

    Dugas et al., "Incorporating Second-Order Functional Knowledge for Better Option Pricing", 2000.
    """
    return np.maximum(features, 0) + np.log1p(np.exp(-np.abs(features)))


@RegisterGradient("Softplus")
def _softplus_grad(op, dz):
    return multiply(dz, sigmoid(op.inputs[0]))


@elementwise("Softsign", dtypes="F->F")
def softsign(features):
    """A function like tanh with slower tails, z = x / (1 + |x|), between −1 and 1.

    >>> print(tf.Session().run(tf.nn.softsign([-1.0, 0.0, 3.0])))
    [-0.5   0.    0.75]

    Bergstra et al., "Quadratic Polynomials Learn Better Image Features", 2009.
    """
    return features / (1 + np.abs(features))


@RegisterGradient("Softsign")
def _softsign_grad(op, dz):
    x = op.inputs[0]
    return divide(dz, square(add(1, abs(x))))
