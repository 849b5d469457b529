"""What operations compute, against NumPy; and what they make of empty, infinite and odd input."""

import math

import numpy as np
import pytest

import nbgrad as tf

A = np.array([[0.5, -1.5, 2.0], [1.0, 0.25, -3.0]])
B = np.array([[2.0, 1.5, -0.5], [0.5, 4.0, 1.0]])
V = np.array([3.0, 1.0, 2.0])
S = np.array([[2.0, 0.5], [0.5, 1.0]])
C = np.arange(24.0).reshape(2, 3, 4)
YES = np.array([[True, False, True], [False, False, True]])

# What TensorFlow computes, and the same in NumPy.
SAME = {
    "tf.add(A, B)": "A + B",
    "tf.subtract(A, V)": "A - V",
    "tf.multiply(A, B)": "A * B",
    "tf.divide(A, B)": "A / B",
    "tf.div(A, B)": "A / B",
    "tf.realdiv(A, B)": "A / B",
    "tf.negative(A)": "-A",
    "tf.pow(abs(A), B)": "abs(A) ** B",
    "tf.square(A)": "A * A",
    "tf.sqrt(abs(A))": "np.sqrt(abs(A))",
    "tf.rsqrt(abs(A))": "1 / np.sqrt(abs(A))",
    "tf.reciprocal(A)": "1 / A",
    "tf.squared_difference(A, B)": "(A - B) ** 2",
    "tf.exp(A)": "np.exp(A)",
    "tf.expm1(A * 1e-9)": "np.expm1(A * 1e-9)",
    "tf.log(abs(A))": "np.log(abs(A))",
    "tf.log1p(A * 1e-9)": "np.log1p(A * 1e-9)",
    "tf.sin(A)": "np.sin(A)",
    "tf.acosh(1 + abs(A))": "np.arccosh(1 + abs(A))",
    "tf.atan2(A, B)": "np.arctan2(A, B)",
    "tf.erf(A)": "np.vectorize(math.erf)(A)",
    "tf.erfc(A)": "1 - np.vectorize(math.erf)(A)",
    "tf.abs(A)": "abs(A)",
    "tf.sign(A)": "np.sign(A)",
    "tf.floor(A)": "np.floor(A)",
    "tf.ceil(A)": "np.ceil(A)",
    "tf.round(A)": "np.array([[0, -2, 2], [1, 0, -3.]])",
    "tf.floordiv(A, B)": "A // B",
    "tf.mod(A, B)": "A % B",
    "tf.truncatemod(A, B)": "np.fmod(A, B)",
    "tf.maximum(A, B)": "np.maximum(A, B)",
    "tf.math.xlogy(A * YES, abs(B))": "np.where(YES, A * np.log(abs(B)), 0)",
    "tf.math.multiply_no_nan(A, 0. * B)": "0 * A",
    "tf.nn.relu(A)": "np.maximum(A, 0)",
    "tf.nn.relu6(A * 4)": "np.clip(A * 4, 0, 6)",
    "tf.nn.leaky_relu(A, .1)": "np.where(A > 0, A, .1 * A)",
    "tf.nn.elu(A)": "np.where(A > 0, A, np.exp(A) - 1)",
    "tf.nn.softplus(A)": "np.log(1 + np.exp(A))",
    "tf.nn.softsign(A)": "A / (1 + abs(A))",
    "tf.sigmoid(A)": "1 / (1 + np.exp(-A))",
    "tf.log_sigmoid(A)": "-np.log(1 + np.exp(-A))",
    "tf.reduce_sum(A, 1, True)": "A.sum(1, keepdims=True)",
    "tf.reduce_sum(A, reduction_indices=[0], keep_dims=True)": "A.sum(0, keepdims=True)",
    "tf.reduce_mean(A, -1)": "A.mean(1)",
    "tf.reduce_prod(A)": "A.prod()",
    "tf.reduce_max(A, 0)": "A.max(0)",
    "tf.reduce_min(A, [0, 1])": "A.min()",
    "tf.reduce_all(YES, 0)": "YES.all(0)",
    "tf.reduce_any(YES, 1)": "YES.any(1)",
    "tf.reduce_logsumexp(A, 1)": "np.log(np.exp(A).sum(1))",
    "tf.math.reduce_variance(A, 1)": "A.var(1)",
    "tf.math.reduce_std(A)": "A.std()",
    "tf.math.reduce_euclidean_norm(A, 0)": "np.linalg.norm(A, axis=0)",
    "tf.count_nonzero(YES, 1)": "YES.sum(1)",
    "tf.nn.moments(A, [0])[1]": "A.var(0)",
    "tf.nn.zero_fraction(tf.nn.relu(A))": "np.array(1 / 3)",
    "tf.nn.swish(A)": "A / (1 + np.exp(-A))",
    "tf.nn.weighted_cross_entropy_with_logits(abs(A), B, 1.)": "np.log(1 + np.exp(B)) - abs(A) * B",
    "tf.add_n([A, B, A])": "2 * A + B",
    "tf.cumsum(A, 1, reverse=True)": "A[:, ::-1].cumsum(1)[:, ::-1]",
    "tf.cumsum(A, 1, exclusive=True)": "A.cumsum(1) - A",
    "tf.cumprod(A, 0)": "A.cumprod(0)",
    "tf.reshape(C, [4, -1])": "C.reshape(4, 6)",
    "tf.transpose(C, [1, 2, 0])": "C.transpose(1, 2, 0)",
    "tf.matrix_transpose(C)": "C.swapaxes(1, 2)",
    "tf.squeeze(A[None, :, None])": "A",
    "tf.expand_dims(A, -1)": "A[..., None]",
    "tf.stack([A, B], axis=1)": "np.stack([A, B], 1)",
    "tf.unstack(C, axis=1)[2]": "C[:, 2]",
    "tf.concat([A, B], 1)": "np.hstack([A, B])",
    "tf.split(C, 3, 1)[1]": "C[:, 1:2]",
    "tf.split(C, [1, -1], axis=2)[1]": "C[:, :, 1:]",
    "tf.tile(A, [2, 1])": "np.vstack([A, A])",
    "tf.pad(A, [[1, 0], [0, 2]])": "np.pad(A, [[1, 0], [0, 2]])",
    "tf.pad(A, [[1, 0], [0, 2]], 'reflect')": "np.pad(A, [[1, 0], [0, 2]], 'reflect')",
    "tf.slice(C, [0, 1, 0], [1, -1, 2])": "C[:1, 1:, :2]",
    "tf.strided_slice(C, [0, 2, 3], [2, 0, 0], [1, -1, -2])": "C[0:2, 2:0:-1, 3:0:-2]",
    "tf.reverse(A, [1])": "A[:, ::-1]",
    "tf.roll(A, 1, 1)": "np.roll(A, 1, 1)",
    "tf.gather(A, [2, 0], axis=1)": "A[:, [2, 0]]",
    "tf.gather_nd(C, [[1, 2], [0, 0]])": "C[[1, 0], [2, 0]]",
    "tf.scatter_nd([[3], [1], [3]], V, [5])": "np.array([0, 1, 0, 5, 0.])",
    "tf.boolean_mask(A, YES)": "A[YES]",
    "tf.boolean_mask(A, [True, False, True], axis=1)": "A[:, [0, 2]]",
    "tf.nn.embedding_lookup(A, [[1, 0]])": "A[[[1, 0]]]",
    "tf.segment_sum(C[0], [0, 0, 2])": "np.array([C[0, 0] + C[0, 1], 0 * C[0, 0], C[0, 2]])",
    "tf.segment_mean(V, [0, 0, 1])": "np.array([2, 2.])",
    "tf.segment_mean([-2, -3, 5], [0, 0, 1])": "np.array([-2, 5], np.int32)",
    "tf.segment_max(-V, [0, 0, 2])": "np.array([-1, 0, -2.])",
    "tf.segment_min(V, [0, 0, 2])": "np.array([1, 0, 2.])",
    "tf.segment_min(np.array([3, 0, 7], np.uint8), [0, 0, 1])": "np.array([0, 7], np.uint8)",
    "tf.segment_min(np.array([-128, -3], np.int8), [0, 0])": "np.array([-128], np.int8)",
    "tf.unsorted_segment_sum(V, [1, 0, 1], 3)": "np.array([1, 5, 0.])",
    "tf.where(YES, A, B)": "np.where(YES, A, B)",
    "tf.where(YES)": "np.argwhere(YES)",
    "tf.argmax(A, 1)": "A.argmax(1)",
    "tf.argmin(A)": "A.argmin(0)",
    "tf.one_hot([2, 0, -1], 3)": "np.array([[0, 0, 1], [1, 0, 0], [0, 0, 0]])",
    "tf.one_hot([1], 2, on_value=5., off_value=-1., axis=0)": "np.array([[-1], [5.]])",
    "tf.nn.top_k(A, 2).indices": "(-A).argsort(1)[:, :2]",
    "tf.sort(A, axis=0)": "np.sort(A, 0)",
    "tf.sort(A, direction='DESCENDING')": "-np.sort(-A)",
    "tf.argsort(V)": "V.argsort()",
    "tf.nn.in_top_k(tf.to_float(A), [2, 2], 1)": "np.array([True, False])",
    "tf.matmul(A, B, transpose_b=True)": "A @ B.T",
    "tf.matmul(A, B, adjoint_a=True)": "A.T @ B",
    "tf.einsum('ij,kj->ik', A, B)": "A @ B.T",
    "tf.einsum('ij,ij', A, B)": "(A * B).sum()",
    "tf.tensordot(A, B, [[1], [1]])": "A @ B.T",
    "tf.tensordot(S, A, 1)": "S @ A",
    "tf.matrix_inverse(S)": "np.linalg.inv(S)",
    "tf.matrix_solve(S, A)": "np.linalg.solve(S, A)",
    "tf.matrix_solve(S, A, adjoint=True)": "np.linalg.solve(S.T, A)",
    "tf.matrix_triangular_solve(S, A)": "np.linalg.solve(np.tril(S), A)",
    "tf.cholesky(S)": "np.linalg.cholesky(S)",
    "tf.cholesky_solve(tf.cholesky(S), A)": "np.linalg.solve(S, A)",
    "tf.matrix_determinant(S)": "np.linalg.det(S)",
    "tf.linalg.logdet(S)": "np.log(np.linalg.det(S))",
    "tf.linalg.slogdet(-V[0] * S)[0]": "np.array(1.)",
    "tf.diag(V)": "np.diag(V)",
    "tf.diag_part(S)": "np.diag(S)",
    "tf.matrix_diag(A)[1]": "np.diag(A[1])",
    "tf.matrix_diag_part(A)": "np.diag(A)",
    "tf.matrix_band_part(C, 0, -1)": "np.triu(C)",
    "tf.linalg.trace(C)": "np.trace(C, axis1=1, axis2=2)",
    "tf.eye(2, 3, dtype=tf.float64)": "np.eye(2, 3)",
    "tf.norm(A)": "np.linalg.norm(A)",
    "tf.norm(A, 1, axis=1)": "abs(A).sum(1)",
    "tf.norm(A, np.inf, axis=0)": "abs(A).max(0)",
    "tf.norm(V, 3)": "np.linalg.norm(V, 3)",
    "tf.nn.l2_loss(A)": "(A ** 2).sum() / 2",
    "tf.nn.l2_normalize(A, 1)": "A / np.linalg.norm(A, axis=1, keepdims=True)",
    "tf.nn.softmax(A)": "np.exp(A) / np.exp(A).sum(1, keepdims=True)",
    "tf.nn.log_softmax(A, axis=0)": "A - np.log(np.exp(A).sum(0))",
    "tf.nn.bias_add(A, V)": "A + V",
    "tf.nn.xw_plus_b(S, A, V)": "S @ A + V",
    "tf.nn.batch_normalization(A, V, V, 5., 6., 0.)": "(A - V) / np.sqrt(V) * 6 + 5",
    "tf.range(3)": "np.arange(3)",
    "tf.range(5., 1., -2.)": "np.arange(5, 1, -2.)",
    "tf.linspace(0., 1., 5)": "np.linspace(0, 1, 5)",
    "tf.meshgrid(V, V[:2])[0]": "np.meshgrid(V, V[:2])[0]",
    "tf.meshgrid(V, V[:2], indexing='ij')[1]": "np.meshgrid(V, V[:2], indexing='ij')[1]",
    "tf.fill([2, 2], 7.)": "np.full((2, 2), 7)",
    "tf.zeros_like(A, tf.int32)": "np.zeros((2, 3), int)",
    "tf.broadcast_to(V, [2, 3])": "np.broadcast_to(V, (2, 3))",
    "tf.shape(C)": "np.array([2, 3, 4])",
    "tf.size(C)": "np.array(24)",
    "tf.rank(C)": "np.array(3)",
    "tf.saturate_cast(A * 1e9, tf.uint8)": "np.where(A > 0, 255, 0)",
    "tf.clip_by_norm(A, 1.)": "A / np.linalg.norm(A)",
    "tf.clip_by_norm(A, 2., axes=[1])": "A * np.minimum(1, 2 / np.linalg.norm(A, axis=1))[:, None]",
    "tf.is_nan(A / 0. * 0.)": "np.ones((2, 3), bool)",
    "tf.logical_xor(YES, True)": "~YES",
}


def run(expression, **names):
    with tf.Graph().as_default(), tf.Session() as session:
        arrays = {"A": A, "B": B, "V": V, "S": S, "C": C, "YES": YES}
        arrays = {key: tf.constant(value) for key, value in arrays.items()}
        arrays["YES"] = tf.constant(YES)
        return session.run(eval(expression, {"tf": tf, "np": np, **arrays, **names}))


@pytest.mark.parametrize("expression", SAME)
def test_an_operation_computes_what_numpy_computes(expression):
    names = {"A": A, "B": B, "V": V, "S": S, "C": C, "YES": YES, "np": np, "math": math}
    wanted = eval(SAME[expression], names)
    with np.errstate(all="ignore"):
        found = run(expression) if "YES" not in expression else run_on_arrays(expression)
    assert np.shape(found) == np.shape(wanted)
    np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-15)


def run_on_arrays(expression):
    """The same with arrays for the names, which become constants where they are used."""
    with tf.Graph().as_default(), tf.Session() as session:
        names = {"A": A, "B": B, "V": V, "S": S, "C": C, "YES": YES}
        return session.run(eval(expression, {"tf": tf, "np": np, **names}))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("tf.reduce_sum(tf.zeros([0, 3]))", 0),
        ("tf.reduce_mean(tf.zeros([0]))", np.nan),
        ("tf.reduce_max(tf.zeros([0]))", -np.inf),
        ("tf.reduce_min(tf.zeros([0]))", np.inf),
        ("tf.reduce_min(tf.constant([0, 5], tf.uint8))", 0),
        ("tf.reduce_min(tf.constant([-128, 5], tf.int8))", -128),
        ("tf.reduce_prod(tf.zeros([0]))", 1),
        ("tf.sigmoid(-1000.)", 0),
        ("tf.nn.softplus(1000.)", 1000),
        ("tf.nn.softmax([1000., 1001.])[1]", 0.7310586),
        ("tf.reduce_logsumexp([1000., 1001.])", 1001.3133),
        ("tf.nn.sigmoid_cross_entropy_with_logits(labels=1., logits=-100.)", 100),
        ("tf.maximum(float('nan'), 1.)", np.nan),
        ("tf.div_no_nan(1., 0.)", 0),
        ("tf.sqrt(-1.)", np.nan),
        ("tf.clip_by_value(5., 3., 1.)", 3),
        ("tf.norm([0., 0.])", 0),
        ("tf.reduce_mean([1, 2])", 1),
        ("tf.constant(1.) // 0.1", 10),  # the quotient is rounded before it is rounded down
        ("tf.constant([1., -1.]) // np.inf", [0, 0]),
        ("tf.norm([3. + 4.j, 0.j])", 5),
        ("tf.norm([3. + 4.j, 12.j], ord=2)", 13),
        ("tf.confusion_matrix([1., 0.], [1., 1.])", [[0, 1], [0, 1]]),
        ("tf.sequence_mask([1.7, 2.2], 3)", [[1, 0, 0], [1, 1, 0]]),
        (
            "tf.nn.softmax_cross_entropy_with_logits(labels=np.array([0, 1]), logits=[0., 0.])",
            0.6931472,
        ),
        (
            "tf.nn.softmax_cross_entropy_with_logits(labels=tf.constant([0, 1]), logits=[0., 0.])",
            0.6931472,
        ),
        ("tf.gradients(tf.tile(A, [0, 2]), A)[0]", np.zeros((2, 3))),
        ("tf.constant(7) // 2", 3),
        ("tf.constant(-7) // 2", -4),
        ("tf.constant(-7) % 4", 1),
        ("tf.constant(7) / 2", 3.5),
        ("tf.div(tf.constant(7), 2)", 3),
    ],
)
def test_an_edge_of_the_domain_has_tensorflows_value(expression, value):
    np.testing.assert_allclose(run(expression), value, rtol=1e-6)


@pytest.mark.parametrize(
    ("expression", "dtype"),
    [
        ("tf.constant(7) / 2", np.float64),
        ("tf.reduce_mean([1, 2])", np.int32),
        ("tf.argmax([1., 2.])", np.int64),
        ("tf.shape(tf.placeholder_with_default([1., 2.], None), out_type=tf.int64)", np.int64),
        ("tf.one_hot(1, 3)", np.float32),
        ("tf.range(3)", np.int32),
        ("tf.range(3.)", np.float32),
        ("tf.cast(2.7, tf.int32)", np.int32),
        ("tf.sigmoid(np.float64(1))", np.float64),
        ("tf.nn.leaky_relu(np.float16([1, -1]))", np.float16),
        ("tf.to_double(1)", np.float64),
    ],
)
def test_the_dtype_of_a_result_is_tensorflows(expression, dtype):
    assert run(expression).dtype == dtype


@pytest.mark.parametrize(
    ("expression", "error", "message"),
    [
        ("tf.sqrt(4)", TypeError, "Value passed to parameter 'x' has DataType int32 not in list"),
        ("tf.constant(1) / tf.constant(1.)", TypeError, "must have the same dtype|does not match"),
        ("tf.constant(1) // 0", tf.errors.InvalidArgumentError, "Integer division by zero"),
        ("tf.concat([[1.], [[2.]]], 0)", ValueError, "must be equal rank|Shape must be rank"),
        ("tf.stack([[1.], [1., 2.]])", ValueError, "Dimension 0 in both shapes must be equal"),
        ("tf.split([1., 2., 3.], 2)", ValueError, "must be evenly divisible by 2 but is 3"),
        ("tf.squeeze([[1., 2.]], [1])", ValueError, "expected a dimension of 1, got 2"),
        ("tf.gather([1., 2.], [5])", tf.errors.InvalidArgumentError, r"indices\[0\] = 5 is not in"),
        ("tf.unstack(tf.placeholder(tf.float32))", ValueError, "Cannot infer num from shape"),
        ("tf.reshape([1., 2.], [3])", ValueError, "Cannot reshape a tensor with 2 elements"),
        ("tf.add_n(tf.constant(1.))", TypeError, "Expected list"),
        ("tf.add_n([])", ValueError, "inputs must be a list of at least one Tensor"),
        ("tf.nn.relu(1., alpha=2)", TypeError, "unexpected keyword argument 'alpha'"),
        ("tf.clip_by_value(None, 0., 1.)", ValueError, "None values not supported"),
        ("tf.clip_by_value(1., 0., [1., 2.])", ValueError, "not compatible|must be equal rank"),
        ("tf.clip_by_global_norm(tf.constant(1.), 1.)", TypeError, "t_list should be a sequence"),
        ("tf.einsum('ii->i', A)", ValueError, "an axis appears more than once"),
        ("tf.where(True, 1.)", ValueError, "both be non-None or both be None"),
        ("tf.boolean_mask(A, True)", ValueError, "mask cannot be scalar"),
        ("tf.nn.conv2d(C, C, 1, 'VALID')", ValueError, "Shape must be rank 4 but is rank 3"),
        ("tf.nn.max_pool(C, 2, 1, 'FULL')", ValueError, "Attr 'padding' of 'MaxPool' Op passed"),
        ("tf.nn.dropout(A, keep_prob=1.5)", ValueError, "rate must be a scalar tensor or a float"),
        (
            "tf.nn.softmax_cross_entropy_with_logits(A, A)",
            ValueError,
            "with named arguments",
        ),
        (
            "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[5, 0], logits=A)",
            tf.errors.InvalidArgumentError,
            "Received a label value of 5 which is outside the valid range",
        ),
        ("tf.add_n([V, V[:2]])", ValueError, "Dimension 0 in both shapes must be equal"),
        ("tf.random_uniform([2], dtype=tf.int32)", ValueError, "Must specify maxval for integer"),
        ("tf.pad(A, [[1, 1], [1, 1]], 'WRAP')", ValueError, "Unknown padding mode"),
        ("tf.matrix_determinant(A)", ValueError, "Dimensions must be equal, but are 2 and 3"),
        ("tf.nn.softmax(V, axis=-2)", tf.errors.InvalidArgumentError, "must be in the range"),
        ("tf.matrix_diag(2.)", ValueError, "Shape must be at least rank 1 but is rank 0"),
        ("tf.diag(2.)", ValueError, "Shape must be at least rank 1 but is rank 0"),
        ("tf.segment_sum(2., [0])", ValueError, "Shape must be at least rank 1 but is rank 0"),
        ("tf.unsorted_segment_sum(A, [0, 1, 1], 2)", ValueError, "equal, but are 2 and 3"),
        ("tf.nn.bias_add(V, V)", ValueError, "Shape must be at least rank 2 but is rank 1"),
        ("tf.invert_permutation([[0, 1]])", ValueError, "Shape must be rank 1 but is rank 2"),
        ("tf.range(V)", ValueError, "Shape must be rank 0 but is rank 1 for 'range'"),
        ("tf.linspace(V, 1., 3)", ValueError, "Shape must be rank 0 but is rank 1"),
        ("tf.scalar_mul(V, V)", ValueError, "Only scalar multiply works, got shape"),
        ("tf.tensordot(2., V, 1)", ValueError, "'axes' must not be larger than the number"),
    ],
)
def test_a_misuse_has_tensorflows_message(expression, error, message):
    with pytest.raises(error, match=message):
        run(expression)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("x + y", r"Incompatible shapes: \[2,3\] vs. \[2,2\]"),
        ("tf.matmul(x, y)", r"Matrix size-incompatible: In\[0\]: \[2,3\], In\[1\]: \[2,2\]"),
        ("tf.reshape(x, tf.shape(tf.concat([y, y], 0)))", "Input to reshape is a tensor with 6"),
        ("tf.concat([x, y], 0)", r"ConcatOp : .* shape\[0\] = \[2,3\] vs. shape\[1\] = \[2,2\]"),
        ("tf.matrix_solve(y * 0., y)", "Input matrix is not invertible"),
        ("tf.matmul(tf.unstack(x, 2)[0], tf.unstack(x, 2)[1])", r"In\[0\] ndims must be >= 2: 1"),
        ("tf.fill([3], x)", r"value must be a scalar, got shape \[2,3\]"),
    ],
)
def test_shapes_that_only_a_run_can_see_do_not_fit(expression, message):
    with tf.Graph().as_default(), tf.Session() as session:
        x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
        z = eval(expression, {"tf": tf, "x": x, "y": y})
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            session.run(z, {x: np.ones((2, 3)), y: np.ones((2, 2))})
