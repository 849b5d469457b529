"""Functions that are written in other operations: their gradients, names and static shapes."""

import inspect

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.checks.test import assert_gradient

A = np.array([[0.5, -1.5, 2.0], [1.0, 0.25, -3.0]])
V = np.array([3.0, 1.0, 2.0])
S = np.array([[2.0, 0.5], [0.5, 1.0]])
YES = np.array([[True, False, True], [False, False, True]])

WRITTEN_IN_OTHERS = {
    "clip_by_norm, shortened": (lambda x: tf.clip_by_norm(x, 1.0), A),
    "clip_by_norm, short enough": (lambda x: tf.clip_by_norm(x, 10.0), A),
    "clip_by_norm of rows": (lambda x: tf.clip_by_norm(x, 2.0, axes=1), A),
    "clip_by_average_norm": (lambda x: tf.clip_by_average_norm(x, 0.1), A),
    "clip_by_global_norm": (lambda x, y: tf.clip_by_global_norm([x, y], 1.0)[0], A, V),
    "global_norm": (lambda x, y: tf.global_norm([x, None, y]), A, V),
    "norm": (lambda x: [tf.norm(x), tf.norm(x, 1, 1), tf.norm(x, 3, 0), tf.norm(x, np.inf)], A),
    "l2_normalize": (lambda x: tf.nn.l2_normalize(x, 1), A),
    "variance, deviation": (
        lambda x: [tf.math.reduce_variance(x, 0), tf.math.reduce_std(x, 1)],
        A,
    ),
    "logsumexp": (lambda x: [tf.reduce_logsumexp(x), tf.reduce_logsumexp(x, 1, True)], A),
    "log_sigmoid": (lambda x: tf.log_sigmoid(x), A),
    "logistic loss": (
        lambda x, t: tf.nn.sigmoid_cross_entropy_with_logits(labels=t, logits=x),
        A,
        A / 4,
    ),
    "weighted logistic loss": (
        lambda x, t: tf.nn.weighted_cross_entropy_with_logits(t, x, 3.0),
        A,
        A / 4,
    ),
    "swish": (lambda x: tf.nn.swish(x), A),
    "tensordot": (lambda x, y: tf.tensordot(x, y, [[1], [0]]), A, V),
    "einsum": (lambda x, y: tf.einsum("ij,j->i", x, y), A, V),
    "logdet": (lambda x: tf.linalg.logdet((x + tf.transpose(x)) * 0.5), S),
    "cholesky_solve": (
        lambda x, y: tf.cholesky_solve(tf.cholesky((x + tf.transpose(x)) * 0.5), y),
        S,
        A,
    ),
    "trace": (lambda x: tf.linalg.trace(x), S),
    "sort": (lambda x: [tf.sort(x, 0), tf.sort(x, direction="DESCENDING")], A),
    "boolean_mask": (lambda x: tf.boolean_mask(x, YES), A),
    "embedding_lookup": (lambda x: tf.nn.embedding_lookup(x, [[1, 0], [1, 1]]), A),
    "slices": (lambda x: [tf.slice(x, [0, 1], [-1, 2]), tf.strided_slice(x, [1, 0], [2, 3])], A),
    "meshgrid": (lambda x, y: tf.meshgrid(x, y), V, V[:2]),
    "xw_plus_b": (lambda x, w, b: tf.nn.xw_plus_b(x, w, b), S, A, V),
    "true division of integers": (lambda x: x * tf.cast(tf.constant(7) / 2, tf.float64), V),
    "scalar_mul, realdiv": (lambda x: tf.realdiv(tf.scalar_mul(2.0, x), x + 9.0), V),
}


@pytest.mark.parametrize("name", WRITTEN_IN_OTHERS)
def test_its_gradient_agrees_with_finite_differences_to_second_order(name):
    function, *point = WRITTEN_IN_OTHERS[name]
    assert_gradient(function, *point, order=2)


def test_the_second_derivative_of_a_variance_takes_the_mean_as_fixed_as_in_tensorflow():
    assert_gradient(lambda x: list(tf.nn.moments(x, [0])), A)
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant([1.0, 4.0])
        slope = tf.gradients(tf.nn.moments(x, [0])[1], x)[0]
        curvature = tf.gradients(slope[0], x)[0]
        assert session.run([slope, curvature])[0].tolist() == [-1.5, 1.5]
        assert session.run(curvature).tolist() == [1.0, 0.0]  # and not [0.5, -0.5]


def test_its_operations_share_a_name_scope():
    with tf.Graph().as_default() as graph:
        tf.nn.l2_normalize(tf.constant([3.0, 4.0]), name="unit")
        names = [op.name for op in graph.get_operations()]
    assert names[0] == "Const"
    assert names[-1] == "unit"
    assert all(name.startswith("unit/") for name in names[1:-1])


def test_it_works_on_tensors_of_another_graph_than_the_default_one():
    with tf.Graph().as_default() as graph:
        x = tf.constant([3.0, 4.0])
    clipped = tf.clip_by_norm(x, 1.0)
    assert clipped.graph is graph


ALIASES = [
    ("mod", "floormod"),
    ("lin_space", "linspace"),
    ("accumulate_n", "add_n"),
    ("math.reduce_sum", "reduce_sum"),
    ("math.divide_no_nan", "div_no_nan"),
    ("linalg.inv", "matrix_inverse"),
    ("linalg.solve", "matrix_solve"),
    ("linalg.det", "matrix_determinant"),
    ("linalg.diag", "matrix_diag"),
    ("linalg.matmul", "matmul"),
    ("random.normal", "random_normal"),
    ("random.uniform", "random_uniform"),
    ("nn.sigmoid", "sigmoid"),
    ("nn.tanh", "tanh"),
]


@pytest.mark.parametrize(("alias", "name"), ALIASES)
def test_tensorflows_other_names_mean_the_same(alias, name):
    found = tf
    for part in alias.split("."):
        found = getattr(found, part)
    assert found is getattr(tf, name)


SIGNATURES = {
    "reduce_max": "input_tensor, axis, keepdims, name, reduction_indices, keep_dims",
    "gather": "params, indices, validate_indices, name, axis, batch_dims",
    "one_hot": "indices, depth, on_value, off_value, axis, dtype, name",
    "concat": "values, axis, name",
    "split": "value, num_or_size_splits, axis, num, name",
    "unstack": "value, num, axis, name",
    "stack": "values, axis, name",
    "argmax": "input, axis, name, dimension, output_type",
    "expand_dims": "input, axis, name, dim",
    "squeeze": "input, axis, name, squeeze_dims",
    "pad": "tensor, paddings, mode, name, constant_values",
    "zeros_like": "tensor, dtype, name, optimize",
    "where": "condition, x, y, name",
    "range": "start, limit, delta, dtype, name",
    "random_uniform": "shape, minval, maxval, dtype, seed, name",
    "matmul": "a, b, transpose_a, transpose_b, adjoint_a, adjoint_b, a_is_sparse, b_is_sparse, "
    "name",
    "norm": "tensor, ord, axis, keepdims, name, keep_dims",
    "clip_by_value": "t, clip_value_min, clip_value_max, name",
    "nn.softmax": "logits, axis, name, dim",
    "nn.dropout": "x, keep_prob, noise_shape, seed, name, rate",
    "nn.moments": "x, axes, shift, name, keep_dims, keepdims",
    "nn.max_pool": "value, ksize, strides, padding, data_format, name, input",
    "nn.l2_normalize": "x, axis, epsilon, name, dim",
    "nn.top_k": "input, k, sorted, name",
    "nn.leaky_relu": "features, alpha, name",
    "nn.sparse_softmax_cross_entropy_with_logits": "_sentinel, labels, logits, name",
}


@pytest.mark.parametrize("function", SIGNATURES)
def test_arguments_have_tensorflows_names_and_order(function):
    found = tf
    for part in function.split("."):
        found = getattr(found, part)
    assert ", ".join(inspect.signature(found).parameters) == SIGNATURES[function]
