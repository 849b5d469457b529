"""What is known of a shape before a run is what a run gives; what must agree is compared there too.

Rules that are registered are held to this in test_rules.py; here stand the functions made of them,
arrays without elements, and sizes that NumPy would repeat and that only a run tells.
"""

import numpy as np
import pytest

import nbgrad as tf

MATRIX = np.array([[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]])
PLACES = np.array([1, 0, 1])


def ones(*shape):
    return np.ones(shape)


CASES = {
    "sort": [(tf.sort, MATRIX), (lambda x: tf.sort(x, axis=0), MATRIX), (tf.sort, ones(2, 0))],
    "argsort": [(tf.argsort, MATRIX), (lambda x: tf.argsort(x, 0, "DESCENDING"), MATRIX)],
    "top_k": [
        (lambda x: list(tf.nn.top_k(x, 2)), MATRIX),
        (lambda x: list(tf.nn.top_k(x, tf.shape(x)[1])), MATRIX),
        (lambda x: list(tf.nn.top_k(x, 0)), ones(2, 0)),
    ],
    "boolean_mask": [
        (tf.boolean_mask, MATRIX, np.array([True, False])),
        (tf.boolean_mask, MATRIX, MATRIX > 2),
        (tf.boolean_mask, ones(2, 0), np.array([True, False])),
        (tf.boolean_mask, ones(0, 2), np.zeros(0, bool)),
        (tf.boolean_mask, ones(2, 0, 3), np.zeros((2, 0), bool)),
        (tf.boolean_mask, ones(2, 2, 0), np.ones((2, 2), bool)),
        (lambda x, m: tf.boolean_mask(x, m, axis=1), ones(2, 3, 0), np.ones(3, bool)),
    ],
    "tensordot": [
        (lambda x, y: tf.tensordot(x, y, 1), MATRIX, ones(3, 4)),
        (lambda x, y: tf.tensordot(x, y, [[1], [1]]), MATRIX, ones(5, 3)),
        (lambda x, y: tf.tensordot(x, y, 1), ones(2, 0), ones(0, 3)),
    ],
    "einsum": [(lambda x, y: tf.einsum("ij,jk->ki", x, y), ones(2, 0), ones(0, 3))],
    "matrix_band_part": [
        (lambda x: tf.matrix_band_part(x, 0, -1), each) for each in (MATRIX, ones(0, 2))
    ],
    "one_hot": [
        (lambda i: tf.one_hot(i, 3), PLACES),
        (lambda i: tf.one_hot(i, 3, axis=0), np.zeros((0, 2), int)),
        (lambda i: tf.one_hot(i, tf.reduce_max(i) + 1), PLACES),
        (lambda i: tf.one_hot(i, 0), PLACES),
    ],
    "segments": [
        (lambda x, i: tf.unsorted_segment_sum(x, i, tf.reduce_max(i) + 1), MATRIX.T, PLACES),
        (tf.segment_sum, ones(0, 3), np.zeros(0, int)),
        (tf.segment_mean, ones(0, 3), np.zeros(0, int)),
    ],
    "reductions": [
        (lambda x: [f(x, 1) for f in (tf.reduce_sum, tf.reduce_max, tf.reduce_prod)], ones(2, 0)),
        (lambda x: [tf.reduce_logsumexp(x, 1), tf.reduce_max(x), tf.argmax(x, 0)], ones(2, 0)),
        (lambda x: list(tf.nn.moments(x, [0])), MATRIX),
        (lambda x: [tf.norm(x, axis=1), tf.nn.l2_normalize(x, 1)], ones(2, 0)),
    ],
    "softmax": [
        (lambda x: [tf.nn.softmax(x), tf.nn.log_softmax(x)], each)
        for each in (MATRIX, ones(2, 0), ones(0, 2))
    ],
    "joining": [
        (lambda x: [tf.stack([x, x]), tf.concat([x, x], 1), *tf.split(x, 2)], each)
        for each in (MATRIX, ones(2, 0))
    ],
    "positions": [
        (lambda x: tf.gather_nd(x, np.zeros((2, 0), int)), MATRIX),
        (lambda x: tf.scatter_nd(np.zeros((2, 0), int), x, [3]), ones(2, 3)),
        (lambda x: tf.gather_nd(x, np.zeros((0, 2), int)), MATRIX),
        (lambda x: tf.scatter_nd(np.zeros((0, 1), int), x, [3]), ones(0)),
        (lambda x: tf.gather(x, PLACES, axis=-1), ones(0, 2)),
        (tf.where, ones(2, 0)),
    ],
    "others": [
        (
            lambda x: [tf.cumsum(x, 1), tf.cumprod(x), tf.reverse(x, [1]), tf.roll(x, 1, 0)],
            ones(2, 0),
        ),
        (lambda x: [tf.tile(x, [0, 2]), tf.pad(x, [[1, 0], [0, 2]]), tf.transpose(x)], ones(2, 0)),
        (lambda x, y: tf.meshgrid(x, y), ones(0), ones(2)),
        (lambda x: [tf.slice(x, [0, 1], [2, -1]), x[:, ::2], x[..., None]], MATRIX),
        (lambda n: [tf.sequence_mask(n), tf.sequence_mask(n, 4)], PLACES),
        (lambda i: tf.confusion_matrix(i, i), PLACES),
        (lambda x: tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"), ones(0, 4, 4, 1)),
    ],
}
every_case = pytest.mark.parametrize(
    ("function", "arrays"),
    [
        pytest.param(function, arrays, id=f"{name}-{i}")
        for name, cases in CASES.items()
        for i, (function, *arrays) in enumerate(cases)
    ],
)


@every_case
@pytest.mark.parametrize("told", ["sizes", "rank"])
def test_the_shape_before_a_run_is_that_of_the_run(function, arrays, told):
    with tf.Graph().as_default(), tf.Session() as session:
        xs = [
            tf.placeholder(a.dtype, a.shape if told == "sizes" else [None] * a.ndim) for a in arrays
        ]
        zs = function(*xs)
        zs = zs if isinstance(zs, list) else [zs]
        for z, value in zip(zs, session.run(zs, dict(zip(xs, arrays, strict=True))), strict=True):
            assert z.shape.ndims == np.ndim(value)
            assert z.shape.is_compatible_with(np.shape(value))
            assert z.dtype == value.dtype


def test_a_tensor_of_no_rows_unstacks_into_nothing():
    assert tf.unstack(tf.zeros([0, 2])) == []
    with pytest.raises(ValueError, match="Shape must be at least rank 1 but is rank 0"):
        tf.sort(1.0)


WHAT_MUST_AGREE = [
    (
        lambda x, y: tf.add_n([x, y]),
        (2, 1),
        (2, 3),
        "same size and shape.  Input 0: [2,1] != input 1",
    ),
    (
        lambda x, y: tf.einsum("ij,jk->ik", x, y),
        (2, 1),
        (3, 2),
        "Matrix size-incompatible: In[0]: [2,1], In[1]: [3,2]",
    ),
    (lambda x, y: tf.einsum("ij,ij->ij", x, y), (2, 1), (2, 3), "Matrix size-incompatible"),
    (lambda x, y: tf.tensordot(x, y, 1), (2, 1), (3, 2), "Matrix size-incompatible"),
    (tf.matmul, (2, 1), (3, 2), "Matrix size-incompatible: In[0]: [2,1], In[1]: [3,2]"),
    (tf.nn.bias_add, (2, 3), (1,), "Must provide as many biases as the last dimension"),
    (lambda x, y: tf.where(x > 0, x, y), (2, 1), (2, 3), "'then' and 'else' must have the same"),
    (lambda c, x: tf.where(c > 0, x, x), (2, 1), (2, 3), "same size and shape.  Input 0: [2,1] !="),
    (lambda c, x: tf.where(c > 0, x, x), (1,), (2, 3), "same size and shape.  Input 0: [1] !="),
    (lambda x, y: tf.stack([x, y]), (2, 1), (2, 3), "Shapes of all inputs must match: values[0]"),
    (lambda x, y: tf.concat([x, y], 0), (2, 1), (2, 3), "ConcatOp : Dimensions of inputs should"),
    (lambda x, y: tf.split(x, [1, 1]), (3,), (), "Determined shape must either match input shape"),
    (lambda x, y: tf.split(x, 2), (3,), (), "Number of ways to split should evenly divide"),
    (lambda x, y: tf.nn.top_k(x, 4)[0], (3,), (), "input must have at least k columns"),
    (lambda x, y: tf.argmax(x, 1), (2, 0), (), "Reduction axis 1 is empty in shape [2,0]"),
    (lambda x, y: tf.segment_sum(x, [0, 1]), (3,), (), "data.shape = [3] does not start with"),
    (lambda x, y: tf.unsorted_segment_sum(x, [0, 2], 2), (2,), (), "segment_ids[1] = 2 is out of"),
    (lambda x, y: tf.unsorted_segment_sum(x, [0, -1], 2), (2,), (), "segment_ids[1] = -1 is out"),
    (
        lambda x, y: tf.scatter_update(tf.Variable(np.ones(3)), [0, 1], x),
        (1,),
        (),
        "Must have updates.shape = indices.shape + params.shape[1:] or updates.shape = [], got",
    ),
    (lambda x, y: tf.scatter_nd([[-1]], x, [3]), (1,), (), "indices[0] = [-1] does not index into"),
    (lambda x, y: tf.scatter_nd([[0], [1]], x, [3]), (1,), (), "Must have updates.shape = indices"),
    (
        lambda x, y: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0], logits=x),
        (2, 3),
        (),
        "logits and labels must have the same first dimension, got logits shape [2,3]",
    ),
    (
        lambda x, y: tf.nn.conv2d(x, y, [1, 1, 1, 1], "SAME"),
        (1, 4, 4, 1),
        (2, 2, 3, 1),
        "input depth must be evenly divisible by filter depth: 1 vs 3",
    ),
]


@pytest.mark.parametrize(("function", "first", "second", "sentence"), WHAT_MUST_AGREE)
def test_sizes_that_only_a_run_tells_must_agree_too(function, first, second, sentence):
    with tf.Graph().as_default(), tf.Session() as session:
        x, y = (tf.placeholder(tf.float64, [None] * len(shape)) for shape in (first, second))
        z = function(x, y)
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            session.run(z, {x: np.ones(first), y: np.ones(second)})
    assert sentence in str(caught.value)
