"""Operations that few lessons need, for the graphs that are grown in `graphs.py`."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import nbgrad as tf


def shape_of(x: tf.Tensor) -> tuple[int, ...]:
    return tuple(x.shape.as_list())


def seldom(random: Random, x: tf.Tensor, pool: list[tf.Tensor]) -> tf.Tensor | None:
    """What few lessons need."""
    shape = shape_of(x)
    alike = [y for y in pool if shape_of(y) == shape]
    pairs = (tf.truncatediv, tf.truncatemod, tf.div_no_nan, tf.math.xdivy, tf.math.xlogy)
    choices: list[Callable[[], tf.Tensor]] = [
        lambda: random.choice(SELDOM_FUNCTIONS)(x),
        lambda: random.choice(SELDOM_FUNCTIONS)(x),
        lambda: random.choice(pairs[2:])(x, random.choice(alike)),
        lambda: random.choice(TESTS_OF_NUMBERS)(x) * x,
        lambda: tf.nn.l2_loss(x),
        lambda: tf.cast(tf.reduce_all(x > 0.0) | tf.reduce_any(tf.equal(x, 0.0)), x.dtype) * x,
        lambda: tf.cast(tf.logical_xor(x > 0.0, x < 1.0), x.dtype) * x,
        lambda: x * tf.cast(tf.rank(x), x.dtype),
        lambda: tf.placeholder_with_default(x, shape),
        lambda: tf.broadcast_to(x, [2, *shape]),
        lambda: tf.cast(pairs[random.randint(0, 1)](tf.cast(x, tf.int32), 2), x.dtype) * x,
    ]
    if shape:
        choices += [lambda each=each: each(random, x) for each in SELDOM_ALONG]
    if len(shape) == 2 and shape[0] == shape[1]:
        choices += [lambda each=each: each(random, x) for each in SELDOM_SQUARE] * 3
    return random.choice(choices)()


SELDOM_FUNCTIONS = (
    tf.asin, tf.acos, tf.asinh, tf.acosh, tf.atanh, tf.sinh, tf.cosh, tf.erf, tf.erfc, tf.rint,
    tf.zeros_like,
)  # fmt: skip
TESTS_OF_NUMBERS = tuple(
    lambda x, test=test: tf.cast(test(x), x.dtype) for test in (tf.is_nan, tf.is_inf, tf.is_finite)
)


def rows(random: Random, x: tf.Tensor) -> list[int]:
    """For each row of x the number of its segment, ascending."""
    return sorted(random.randint(0, 1) for _ in range(shape_of(x)[0]))


SELDOM_ALONG: tuple[Callable[[Random, tf.Tensor], tf.Tensor], ...] = (
    lambda random, x: tf.roll(x, random.randint(-2, 2), 0),
    lambda random, x: tf.norm(x),
    lambda random, x: tf.norm(x, axis=-1, keepdims=True),
    lambda random, x: tf.cast(tf.argmin(x), x.dtype) + tf.reduce_sum(x, 0),
    lambda random, x: tf.gather_nd(x, [[shape_of(x)[0] - 1], [0]]),
    lambda random, x: tf.scatter_nd([[i] for i in range(shape_of(x)[0])], x, [4, *shape_of(x)[1:]]),
    lambda random, x: tf.reduce_sum(tf.gather_nd(x, tf.cast(tf.where(x > 0.0), tf.int32))),
    lambda random, x: tf.segment_sum(x, rows(random, x)),
    lambda random, x: tf.segment_mean(x, rows(random, x)),
    lambda random, x: tf.segment_max(x, rows(random, x)),
    lambda random, x: tf.segment_min(x, rows(random, x)),
    lambda random, x: tf.unsorted_segment_max(x, rows(random, x)[::-1], 2),
    lambda random, x: tf.unsorted_segment_min(x, rows(random, x)[::-1], 2),
    lambda random, x: tf.cumprod(x, axis=-1, reverse=random.random() < 0.5),
    lambda random, x: tf.pad(x, [[0, min(1, size - 1)] for size in shape_of(x)], "REFLECT"),
    lambda random, x: tf.pad(x, [[1, 0] for _ in shape_of(x)], "SYMMETRIC"),
    lambda random, x: tf.gather(x, tf.invert_permutation(list(range(shape_of(x)[0]))[::-1])),
    lambda random, x: x * tf.cast(tf.range(shape_of(x)[-1]), x.dtype),
    lambda random, x: x * tf.linspace(tf.constant(0.0, x.dtype), 1.0, shape_of(x)[-1]),
    lambda random, x: x + tf.fill([shape_of(x)[-1]], tf.reduce_max(x)),
    lambda random, x: tf.matrix_diag(x),
    lambda random, x: tf.diag(tf.reshape(x, [-1])),
    lambda random, x: tf.einsum("i,i->", *[tf.reshape(x, [-1])] * 2),
)
SELDOM_SQUARE: tuple[Callable[[Random, tf.Tensor], tf.Tensor], ...] = (
    lambda random, x: tf.matrix_inverse(x + 5.0 * tf.eye(shape_of(x)[0], dtype=x.dtype)),
    lambda random, x: tf.matrix_determinant(x),
    lambda random, x: tf.matrix_solve(x + 5.0 * tf.eye(shape_of(x)[0], dtype=x.dtype), x),
    lambda random, x: tf.matrix_triangular_solve(tf.exp(x), x),
    lambda random, x: tf.cholesky(
        tf.matmul(x, x, transpose_b=True) + tf.eye(shape_of(x)[0], dtype=x.dtype)
    ),
    lambda random, x: tf.linalg.slogdet(x)[1],
    lambda random, x: tf.matrix_band_part(x, 0, -1),
    lambda random, x: tf.matrix_diag_part(x),
    lambda random, x: tf.diag_part(x),
    lambda random, x: tf.einsum("ij,jk->ik", x, x),
    lambda random, x: tf.einsum("ij->ji", x),
)
