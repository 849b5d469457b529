"""The activation functions of neural networks, from σ to ReLU and its smooth relatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.graph import Tensor
from nbgrad.ops.arrays import ones_like
from nbgrad.ops.calling import composite
from nbgrad.ops.define import elementwise
from nbgrad.ops.elementwise import add, divide, multiply, negative, square, subtract
from nbgrad.ops.logic import less, where
from nbgrad.ops.piecewise import abs, step
from nbgrad.registry import RegisterGradient


@elementwise("Sigmoid", dtypes="F->F", symbol="σ", latex=r"\sigma\left({x}\right)")
def sigmoid(x):
    """z = 1 / (1 + e⁻ˣ)"""
    # e^−|x| cannot overflow, whichever the sign of x.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(x.dtype, copy=False)


@RegisterGradient("Sigmoid")
def _sigmoid_grad(op, dz):
    z = op.outputs[0]
    return multiply(dz, multiply(z, subtract(1, z)))


@elementwise("Relu", dtypes="R->R", symbol="relu")
def relu(features):
    """The positive part of every element, z = max(x, 0).

    >>> tf.nn.relu([-1.0, 2.0])
    [0. 2.]
    """
    return np.maximum(features, 0)


@RegisterGradient("Relu")
def _relu_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, step(x))


@elementwise("Relu6", dtypes="R->R", symbol="relu6")
def relu6(features):
    """z = min(max(x, 0), 6)"""
    return np.clip(features, 0, 6)


@RegisterGradient("Relu6")
def _relu6_grad(op, dz):
    x = op.inputs[0]
    return multiply(dz, multiply(step(x), step(subtract(6, x))))


@elementwise("LeakyRelu", node="(features) T=features alpha=alpha", dtypes="F->F", symbol="leaky")
def leaky_relu(features, *, alpha=0.2):
    """z = x where x > 0, else α · x"""
    return np.where(features > 0, features, alpha * features).astype(features.dtype, copy=False)


@RegisterGradient("LeakyRelu")
def _leaky_relu_grad(op, dz):
    x, alpha = op.inputs[0], op.attributes["alpha"]
    return multiply(dz, add(alpha, multiply(1 - alpha, step(x))))


@elementwise("Elu", dtypes="F->F", symbol="elu")
def elu(features):
    """z = x where x > 0, else eˣ − 1"""
    below = np.exp(np.minimum(features, 0)) - 1
    return np.where(features > 0, features, below).astype(features.dtype, copy=False)


@RegisterGradient("Elu")
def _elu_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    return multiply(dz, where(less(x, 0), add(z, 1), ones_like(z)))


#: With these two numbers, activations keep mean 0 and variance 1 from layer to layer.
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


@elementwise("Selu", dtypes="F->F", symbol="selu")
def selu(features):
    """z = 1.0507 · x where x > 0, else 1.0507 · 1.6733 · (eˣ − 1)"""
    below = SELU_SCALE * SELU_ALPHA * (np.exp(np.minimum(features, 0)) - 1)
    z = np.where(features > 0, SELU_SCALE * features, below)
    return z.astype(features.dtype, copy=False)


@RegisterGradient("Selu")
def _selu_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    below, above = add(z, SELU_SCALE * SELU_ALPHA), multiply(SELU_SCALE, ones_like(z))
    return multiply(dz, where(less(x, 0), below, above))


@elementwise("Softplus", dtypes="F->F", symbol="softplus")
def softplus(features):
    """z = log(1 + eˣ), a smooth relu"""
    return np.maximum(features, 0) + np.log1p(np.exp(-np.abs(features)))


@RegisterGradient("Softplus")
def _softplus_grad(op, dz):
    return multiply(dz, sigmoid(op.inputs[0]))


@elementwise("Softsign", dtypes="F->F", symbol="softsign")
def softsign(features):
    """z = x / (1 + |x|)"""
    return features / (1 + np.abs(features))


@RegisterGradient("Softsign")
def _softsign_grad(op, dz):
    x = op.inputs[0]
    return divide(dz, square(add(1, abs(x))))


@composite("LogSigmoid")
def log_sigmoid(x: Any, name: str | None = None) -> Tensor:
    """z = log σ(x) = −log(1 + e⁻ˣ)"""
    return negative(softplus(negative(x)), name=name)


@composite("swish")
def swish(features: Any, name: str | None = None) -> Tensor:
    """z = x · σ(x)"""
    return multiply(features, sigmoid(features), name=name)
