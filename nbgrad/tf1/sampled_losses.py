"""Losses over many classes that look at a sample of them: `nce_loss`, `sampled_softmax_loss`.

`weights` [class, dim] and `biases` [class] are those of the last layer, `inputs` [example, dim]
what comes into it, `labels` [example, true class] the numbers of the classes that are true. With
`remove_accidental_hits` a sampled class that happens to be true does not count as false.
`sampled_values` is what a candidate sampler returned, by default `log_uniform_candidate_sampler`:
the sampled classes, and how often the true and the sampled ones are expected in a sample.
`partition_strategy` has no effect. As everywhere, the samples are not TensorFlow's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nbgrad.core.default_graph import graph_of
from nbgrad.core.graph import Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.ops.constants import ones_like, zeros_like
from nbgrad.ops.copying import cast, stop_gradient
from nbgrad.ops.joining import concat
from nbgrad.ops.logic import equal
from nbgrad.ops.shaping import reshape
from nbgrad.tf1.arrays import top_k
from nbgrad.tf1.cross_entropies import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
)
from nbgrad.tf1.linalg import matmul
from nbgrad.tf1.math import add, divide, expm1, log, multiply, negative, reduce_sum, subtract
from nbgrad.tf1.random import random_uniform
from nbgrad.tf1.signatures import composite, expand_dims, gather
from nbgrad.tf1.tensors import constant

Sample = tuple[Tensor, Tensor, Tensor]


@composite("nce_loss")
def nce_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = False,
    partition_strategy: str = "mod",
    name: str | None = None,
) -> Tensor:
    """The loss of telling the true classes from sampled ones, for each example.

    Gutmann, Hyvärinen, "Noise-contrastive estimation", 2010.

    >>> w, b, x = tf.ones([10, 3]), tf.zeros([10]), tf.ones([2, 3])
    >>> print(tf.nn.nce_loss(w, b, [[1], [2]], x, num_sampled=4, num_classes=10).shape)
    (2,)
    """
    logits, truth = sampled_logits(
        *(weights, biases, labels, inputs, num_sampled, num_classes, num_true),
        *(sampled_values, remove_accidental_hits, None),
    )
    each = sigmoid_cross_entropy_with_logits(labels=truth, logits=logits, name="sampled_losses")
    return reduce_sum(each, 1)


@composite("sampled_softmax_loss")
def sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    partition_strategy: str = "mod",
    name: str | None = None,
    seed: int | None = None,
) -> Tensor:
    """The cross entropy of a softmax over the true classes and sampled ones, for each example.

    Jean, Cho, Memisevic, Bengio, "On Using Very Large Target Vocabulary for Neural Machine
    Translation", 2015.

    >>> w, b, x = tf.ones([10, 3]), tf.zeros([10]), tf.ones([2, 3])
    >>> print(tf.nn.sampled_softmax_loss(w, b, [[1], [2]], x, num_sampled=4, num_classes=10).shape)
    (2,)
    """
    logits, truth = sampled_logits(
        *(weights, biases, labels, inputs, num_sampled, num_classes, num_true),
        *(sampled_values, remove_accidental_hits, seed),
    )
    fixed = stop_gradient(truth, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=fixed, logits=logits)


def sampled_logits(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int,
    sampled_values: Any,
    remove_accidental_hits: bool,
    seed: int | None,
) -> tuple[Tensor, Tensor]:
    """Logits of the true and the sampled classes, less the logs of their counts; and the truth."""
    graph = graph_of(weights, inputs, labels)
    w = concat(weights, 0) if isinstance(weights, list | tuple) else weights
    x = as_tensor(inputs, graph, name="inputs")
    true = reshape(as_tensor(labels, graph, name="labels"), [-1, num_true])
    if sampled_values is None:
        sampled_values = log_uniform_candidate_sampler(
            *(true, num_true, num_sampled, True, num_classes, seed)
        )
    sampled, true_expected, sampled_expected = (
        stop_gradient(as_tensor(each, graph)) for each in sampled_values
    )
    sampled = cast(sampled, true.dtype)
    true_logits = add(
        reduce_sum(multiply(expand_dims(x, 1), gather(w, true)), 2), gather(biases, true)
    )
    others = add(matmul(x, gather(w, sampled), transpose_b=True), gather(biases, sampled))
    if remove_accidental_hits:
        hits = equal(expand_dims(true, 2), reshape(sampled, [1, 1, -1]))
        lowest = float(np.finfo(x.dtype.as_numpy_dtype).min)
        others = add(others, multiply(reduce_sum(cast(hits, x.dtype), 1), lowest))
    true_logits = subtract(true_logits, log(true_expected))
    others = subtract(others, log(sampled_expected))
    truth = divide(ones_like(true_logits), float(num_true))
    return concat([true_logits, others], 1), concat([truth, zeros_like(others)], 1)


def log_uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Sample:
    """A sample of classes that are numbered by falling frequency, as the words of a language are.

    Class k has the probability log((k + 2) / (k + 1)) / log(range_max + 1). Returns the
    classes, and how often the true and the sampled ones are expected; with `unique` none twice.

    >>> sampled, _, _ = tf.nn.log_uniform_candidate_sampler([[0]], 1, 3, True, 3)
    >>> print(sorted(tf.Session().run(sampled).tolist()))
    [0, 1, 2]
    """
    classes = np.arange(range_max)
    p = np.log((classes + 2) / (classes + 1)) / math.log(range_max + 1)
    return sample_of(true_classes, num_sampled, unique, p, seed, name or "LogUniformSampler")


def uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Sample:
    """A sample of classes, all equally likely; with `unique` none twice.

    Returns the classes, and how often the true and the sampled ones are expected.

    >>> sampled, _, _ = tf.nn.uniform_candidate_sampler([[0]], 1, 3, True, 3)
    >>> print(sorted(tf.Session().run(sampled).tolist()))
    [0, 1, 2]
    """
    p = np.full(range_max, 1 / range_max)
    return sample_of(true_classes, num_sampled, unique, p, seed, name or "UniformSampler")


def sample_of(
    true_classes: Any, num_sampled: int, unique: bool, p: np.ndarray, seed: int | None, name: str
) -> Sample:
    """Classes drawn with the probabilities p, and the counts of true and sampled ones.

    Each class i arrives after a random time −log(u) / pᵢ, as raindrops do. Those that arrive first
    are a sample without repetition; when the last of them does, a class has arrived with the
    probability 1 − e^(−pᵢ t), which is what TensorFlow expects after t tries.
    """
    if unique and num_sampled > len(p):
        raise ValueError(f"Sampled {num_sampled} classes of {len(p)}, and none twice: too many.")
    graph = graph_of(true_classes)
    with graph.as_default(), graph.name_scope(name):
        rates = constant(p.astype(np.float32))
        if unique:
            u = random_uniform([len(p)], 1e-30, 1.0, seed=seed)
            times, sampled = top_k(divide(log(u), rates), num_sampled)
            expected = negative(expm1(multiply(rates, times[num_sampled - 1])))
        else:
            u = random_uniform([num_sampled, 1], 0.0, 1.0, seed=seed)
            ends = constant(np.cumsum(p)[:-1].astype(np.float32))
            sampled = reduce_sum(cast(u > ends, "int32"), 1)
            expected = multiply(rates, float(num_sampled))
        true = as_tensor(true_classes, graph, name="true_classes")
        counts = gather(expected, true), gather(expected, sampled)
        return cast(sampled, true.dtype), *counts
