"""Every gradient rule is measured against finite differences, and so is its own gradient.

A case is what an operation is called with: its operands, then its attributes in a dictionary. Where
an operation stands between others only, a case is a function that needs it, and the operands.
Floats are varied, integers and truth values are not. The points keep clear of kinks, which
test_kinks.py is about.
"""

from functools import partial

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.checks.test import assert_gradient
from nbgrad.core.registry import gradient_rules, operation_types
from nbgrad.core.reverse import operations_between

ROW, MATRIX = [0.5, 2.0, 1.5], [[1.0, 0.3, 2.0], [0.7, 1.1, 0.4]]
COLUMN, EMPTY = [[0.6], [1.4]], np.zeros((0, 3))
SIGNED = [[-1.2, 0.4], [0.9, -0.3]]
SMALL = [[-0.7, 0.2, 0.5], [0.1, -0.4, 0.6]]
SQUARE = [[2.0, 0.3], [0.5, 1.7]]
SYMMETRIC = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, -0.4], [0.1, -0.4, 3.0]])
LOWER = [[1.3, 0.0], [0.4, 0.8]]
CUBE = np.linspace(-1.0, 2.0, 12).reshape(2, 2, 3) ** 2 + 0.1
ZEROS_AMONG = [[2.0, 0.0, 4.0], [3.0, 0.0, 0.0]]
IMAGE = np.sin(np.arange(2 * 4 * 5 * 2.0)).reshape(2, 4, 5, 2)
FILTER = np.cos(np.arange(2 * 3 * 2 * 2.0)).reshape(2, 3, 2, 2)

positive = [(0.7,), (MATRIX,), (EMPTY,)]
any_sign = [(-0.7,), (SIGNED,), (EMPTY,)]
inside_one = [(0.3,), (SMALL,)]
pairs = [(0.7, 2.5), (MATRIX, MATRIX), (MATRIX, ROW), (COLUMN, ROW), (2.5, EMPTY)]
products = [*pairs, (SIGNED, [0.7, -2.0])]


def reductions(x, *more):
    """Over all axes, one, several and none, with the axes kept or not."""
    ways = [{}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (1, 0)}, {"axis": ()}]
    return [(x, way) for way in ways] + [(CUBE, {"axis": (0, 2)}), *more]


def windows(padding, strides=(1, 1)):
    return {"ksize": (2, 3), "strides": strides, "padding": padding}


def images_of(same, valid):
    """Arrays of the shapes that two ways of convolving or pooling IMAGE give."""
    return [np.sin(np.arange(float(np.prod(shape)))).reshape(shape) for shape in (same, valid)]


POOLED_SAME, POOLED_VALID = images_of((2, 2, 5, 2), (2, 3, 3, 2))
SAME, VALID = windows("SAME", (2, 1)), windows("VALID")
PLAIN = {"strides": (1, 1), "padding": "VALID"}
STRIDED = {"strides": (2, 1), "padding": "SAME"}
HOLED = {"strides": (1, 1), "padding": "SAME", "dilations": (2, 1)}
FILTERED = [(PLAIN, (2, 3, 3, 2)), (STRIDED, (2, 2, 5, 2)), (HOLED, (2, 4, 5, 2))]
MAPS = [(np.cos(np.arange(float(np.prod(shape)))).reshape(shape), how) for how, shape in FILTERED]

ELEMENTWISE = {
    "Identity": any_sign,
    "CheckNumerics": [(SIGNED, {"message": "bad"})],
    "Cast": [(SIGNED, {"dtype": ng.float64})],
    "PlaceholderWithDefault": [(SIGNED, {"shape": (2, 2)})],
    "Add": pairs,
    "AddV2": pairs,
    "Sub": pairs,
    "Mul": products,
    "RealDiv": products,
    "Neg": any_sign,
    "Square": any_sign,
    "Reciprocal": any_sign,
    "SquaredDifference": products,
    "Pow": pairs,
    "Sqrt": positive,
    "Rsqrt": positive,
    "DivNoNan": products,
    "MulNoNan": products,
    "Xlogy": pairs,
    "Xdivy": products,
    "Exp": any_sign,
    "Expm1": any_sign,
    "Log": positive,
    "Log1p": positive,
    "Sin": any_sign,
    "Cos": any_sign,
    "Tan": any_sign,
    "Asin": inside_one,
    "Acos": inside_one,
    "Atan": any_sign,
    "Atan2": products,
    "Sinh": any_sign,
    "Cosh": any_sign,
    "Tanh": any_sign,
    "Asinh": any_sign,
    "Acosh": [(1.3,), ([[1.5, 2.0]],)],
    "Atanh": inside_one,
    "Erf": any_sign,
    "Erfc": any_sign,
    "Abs": any_sign,
    "Sign": any_sign,
    "Step": any_sign,
    "Maximum": [(0.7, 2.5), (MATRIX, [0.6, 1.0, 0.5]), (COLUMN, ROW)],
    "Minimum": [(0.7, 2.5), (MATRIX, [0.6, 1.0, 0.5]), (COLUMN, ROW)],
    "FloorMod": [(5.3, 2.0), ([[5.3, -1.2, 7.7]], [2.0, 0.7, -3.0])],
    "Select": [
        (True, 0.7, 2.5),
        ([[True, False], [False, True]], SIGNED, SQUARE),
        ([True, False], SIGNED, SQUARE),
    ],
    "Sigmoid": any_sign,
    "Relu": any_sign,
    "Relu6": [*any_sign, (6.5,)],
    "LeakyRelu": [*any_sign, (SIGNED, {"alpha": 0.7})],
    "Elu": any_sign,
    "Selu": any_sign,
    "Softplus": any_sign,
    "Softsign": any_sign,
    "BiasAdd": [(MATRIX, ROW), (CUBE, ROW)],
}

ARRAYS = {
    "Fill": [(2.5, {"shape": (2, 3)}), (2.5, {"shape": ()}), (2.5, {"shape": (0, 3)})],
    "BroadcastTo": [(ROW, {"shape": (2, 3)}), (COLUMN, {"shape": (4, 2, 3)})],
    "SumTo": [(MATRIX, {"shape": (3,)}), (CUBE, {"shape": (2, 1)}), (CUBE, {"shape": ()})],
    "Reshape": [(MATRIX, {"shape": (3, -1)}), (EMPTY, {"shape": (0,)})],
    "ExpandDims": [(MATRIX, {"axis": 1}), (0.7, {"axis": 0})],
    "Squeeze": [([MATRIX], {}), ([MATRIX], {"axis": 0})],
    "Transpose": [(MATRIX, {}), (CUBE, {"perm": (2, 0, 1)})],
    "Pack": [(0.7, 2.5), (MATRIX, MATRIX, {"axis": -1})],
    "Unpack": [(MATRIX, {"num": 2, "axis": 0}), (MATRIX, {"num": 3, "axis": -1})],
    "ConcatV2": [(MATRIX, MATRIX, EMPTY, {"axis": 0}), (MATRIX, COLUMN, {"axis": -1})],
    "Split": [(MATRIX, {"axis": 0, "num_split": 2}), (MATRIX, {"axis": 1, "num_split": 3})],
    "SplitV": [
        (MATRIX, {"size_splits": (1, 2), "axis": 1}),
        (ROW, {"size_splits": (2, -1), "axis": 0}),
    ],
    "StridedSlice": [
        (MATRIX, {"index": (0,)}),
        (MATRIX, {"index": (slice(None), slice(None, None, -2))}),
        (CUBE, {"index": (..., None, 1)}),
    ],
    "StridedSliceGrad": [(ROW, {"shape": (2, 3), "index": (1,)})],
    "Pad": [(MATRIX, {"paddings": ((1, 0), (0, 2)), "constant_values": 3.0})],
    "MirrorPad": [
        (MATRIX, {"paddings": ((1, 0), (2, 1)), "mode": "REFLECT"}),
        (MATRIX, {"paddings": ((2, 1), (0, 3)), "mode": "SYMMETRIC"}),
    ],
    "MirrorPadGrad": [(CUBE[0], {"paddings": ((0, 0), (1, 0)), "mode": "SYMMETRIC"})],
    "Tile": [(MATRIX, {"multiples": (2, 3)}), (0.7, {"multiples": ()})],
    "TileGrad": [(np.hstack([MATRIX, MATRIX]), {"multiples": (1, 2)})],
    "ReverseV2": [(MATRIX, {"axis": (1,)}), (CUBE, {"axis": (0, 2)})],
    "Roll": [(MATRIX, {"shift": 1, "axis": 1}), (MATRIX, {"shift": (1, -2), "axis": (0, 1)})],
    "GatherV2": [
        (MATRIX, [0, 1, 0], {"axis": 0}),
        (MATRIX, 1, {"axis": 0}),
        (CUBE, [[2, 0], [2, 1]], {"axis": 2}),
        (CUBE, [1, 1], {"axis": -2}),
    ],
    "GatherNd": [
        (MATRIX, [[0, 1], [0, 1]]),
        (MATRIX, np.zeros((2, 0), int)),
        (CUBE, [[1, 0], [0, 0]]),
        (ROW, [1]),
    ],
    "ScatterNd": [([[1], [3], [1]], [0.7, 1.3, 2.0], {"shape": (4,)})],
    "UnsortedSegmentSum": [(MATRIX, [1, 1], {"num_segments": 3})],
    "SegmentSum": [(np.transpose(MATRIX), [0, 2, 2])],
    "SegmentMean": [(np.transpose(MATRIX), [0, 0, 1])],
    "SegmentMax": [(np.transpose(MATRIX), [0, 0, 1])],
    "SegmentMin": [(np.transpose(MATRIX), [0, 0, 1])],
    "UnsortedSegmentMax": [(ROW, [1, 0, 1], {"num_segments": 2})],
    "UnsortedSegmentMin": [(ROW, [1, 0, 1], {"num_segments": 2})],
    "TopKV2": [(ROW, {"k": 2}), (MATRIX, {"k": 1})],
}

SUMS = {
    "Sum": reductions(MATRIX, (EMPTY, {"axis": 0})),
    "Mean": reductions(MATRIX, (EMPTY, {"axis": 1})),
    "Prod": reductions(MATRIX, (ZEROS_AMONG, {}), (ZEROS_AMONG, {"axis": 1})),
    "Max": reductions(MATRIX),
    "Min": reductions(MATRIX),
    "EuclideanNorm": reductions(MATRIX),
    "Spread": [
        (ROW, {"shape": (2, 3), "axis": 0}),
        (COLUMN, {"shape": (2, 3), "axis": 1, "keepdims": True}),
    ],
    "AddN": [(MATRIX, MATRIX, MATRIX), (0.7,)],
    "Cumsum": [
        (MATRIX, {"axis": 1}),
        (MATRIX, {"axis": 0, "exclusive": True}),
        (MATRIX, {"axis": -1, "exclusive": True, "reverse": True}),
    ],
    "Cumprod": [
        (MATRIX, {"axis": 1}),
        (ZEROS_AMONG, {"axis": 1}),
        (ZEROS_AMONG, {"axis": 1, "exclusive": True}),
        (ZEROS_AMONG, {"axis": -1, "reverse": True}),
    ],
    "Recurrence": [
        (MATRIX, ZEROS_AMONG, {"axis": 1}),
        (MATRIX, MATRIX, {"axis": 1, "reverse": True, "delayed": True}),
    ],
    "L2Loss": [(0.7,), (SIGNED,), (EMPTY,)],
    "Softmax": [(MATRIX,), (CUBE, {"axis": 1})],
    "LogSoftmax": [(MATRIX,), (CUBE, {"axis": 0})],
    "SoftmaxCrossEntropyWithLogits": [
        (MATRIX, [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]]),
    ],
    "SparseSoftmaxCrossEntropyWithLogits": [(MATRIX, [2, 0])],
}

MATRICES = {
    "MatMul": [
        (SQUARE, MATRIX),
        (MATRIX, SQUARE, {"transpose_a": True}),
        (SQUARE, np.transpose(MATRIX), {"transpose_b": True}),
        (MATRIX, [[0.5, 1.0]], {"transpose_a": True, "transpose_b": True}),
        (CUBE, np.transpose(MATRIX)),
    ],
    "Einsum": [
        (SQUARE, MATRIX, {"equation": "ij,jk->ik"}),
        (CUBE, MATRIX, {"equation": "aij,ij->a"}),
        (MATRIX, {"equation": "ij->j"}),
        (ROW, COLUMN, MATRIX, {"equation": "j,ib,ij->bi"}),
    ],
    "Diag": [(ROW,), (SQUARE,)],
    "DiagPart": [(SQUARE,)],
    "MatrixDiag": [(ROW,), (MATRIX,), (ROW, {"num_rows": 3, "num_cols": 4})],
    "MatrixDiagPart": [(SQUARE,), (MATRIX,), (CUBE,)],
    "MatrixBandPart": [
        (SYMMETRIC, {"num_lower": -1, "num_upper": 0}),
        (CUBE, {"num_lower": 0, "num_upper": 1}),
    ],
    "MatrixInverse": [(SQUARE,), ([SQUARE, SQUARE],), (SQUARE, {"adjoint": True})],
    "MatrixSolve": [(SQUARE, MATRIX), (SQUARE, MATRIX, {"adjoint": True})],
    "MatrixTriangularSolve": [
        (LOWER, MATRIX),
        (LOWER, MATRIX, {"adjoint": True}),
        (np.transpose(LOWER), MATRIX, {"lower": False}),
    ],
    "MatrixDeterminant": [(SQUARE,), ([SQUARE, LOWER],)],
    "LogMatrixDeterminant": [(SQUARE,), ([SQUARE, LOWER],)],
}

IMAGES = {
    "Conv2D": [(IMAGE, FILTER, how) for how, _ in FILTERED],
    "Conv2DBackpropInput": [(FILTER, z, {**how, "shape": IMAGE.shape}) for z, how in MAPS],
    "Conv2DBackpropFilter": [(IMAGE, z, {**how, "shape": FILTER.shape}) for z, how in MAPS],
    "MaxPool": [(IMAGE, SAME), (IMAGE, VALID)],
    "MaxPoolGrad": [(IMAGE, POOLED_SAME, SAME), (IMAGE, POOLED_VALID, VALID)],
    "MaxPoolGradGrad": [(IMAGE, IMAGE[::-1], SAME)],
    "AvgPool": [(IMAGE, SAME), (IMAGE, VALID)],
    "AvgPoolGrad": [
        (POOLED_SAME, {**SAME, "shape": IMAGE.shape}),
        (POOLED_VALID, {**VALID, "shape": IMAGE.shape}),
    ],
}


def factor(x):
    """The Cholesky factor of a symmetric matrix, which differences would not leave symmetric."""
    return ng.cholesky((x + ng.transpose(x)) * 0.5)


def branches(x):
    return ng.cond(x > 0, lambda: x * x * x, lambda: ng.exp(x))


@ng.custom_gradient
def arctangent(x):
    return ng.atan(x), lambda dz: dz / (1.0 + x * x)


def parts(x, y):
    z = ng.square(ng.complex(x, y))
    return [ng.real(z), ng.imag(z)]


PLANE = ([0.7, -1.2], [1.5, 0.4])
BETWEEN_OTHERS = {
    "Cholesky": [(factor, SYMMETRIC)],
    "Switch": [(branches, 0.7), (branches, -0.7)],
    "Merge": [(branches, 0.7), (branches, -0.7)],
    "IdentityN": [(arctangent, SIGNED)],
    "Print": [(lambda x: ng.Print(ng.sin(x), [x]), SIGNED)],
    "Complex": [(parts, *PLANE)],
    "Real": [(parts, *PLANE)],
    "Imag": [(parts, *PLANE)],
    "Conj": [(lambda x, y: ng.imag(ng.conj(z := ng.complex(x, y)) / z), *PLANE)],
    "ComplexAbs": [(lambda x, y: ng.abs(ng.complex(x, y)), *PLANE)],
}

CASES = {**ELEMENTWISE, **ARRAYS, **SUMS, **MATRICES, **IMAGES, **BETWEEN_OTHERS}
#: Whose rule is an error, which has a test of its own below.
REFUSES = {"PreventGradient"}

every_case = pytest.mark.parametrize(
    ("op_type", "case"),
    [
        pytest.param(op_type, case, id=f"{op_type}-{i}")
        for op_type, cases in CASES.items()
        for i, case in enumerate(cases)
    ],
)


def called(op_type, case):
    """The operation as a function of its operands, and these."""
    if callable(case[0]):
        return case[0], case[1:]
    *operands, attributes = case if isinstance(case[-1], dict) else (*case, {})
    return partial(ng.apply, op_type, **attributes), operands


def test_no_rule_goes_unmeasured():
    with_rules = {op_type for op_type in operation_types() if gradient_rules().get(op_type)}
    assert CASES.keys() | REFUSES == with_rules


@every_case
def test_a_case_is_of_the_operation_under_whose_name_it_stands(op_type, case):
    function, operands = called(op_type, case)
    with ng.Graph().as_default():
        xs = [ng.constant(np.asarray(each)) for each in operands]
        zs = function(*xs)
        between = operations_between(xs, zs if isinstance(zs, list) else [zs])
    assert op_type in {op.type for op in between}


@every_case
def test_a_rule_and_its_own_gradient_agree_with_finite_differences(op_type, case):
    function, operands = called(op_type, case)
    assert_gradient(function, *operands, order=2)


@every_case
def test_in_float32_a_rule_says_the_same_and_stays_float32(op_type, case):
    function, operands = called(op_type, case)
    exact = weighted_gradients(function, operands, np.float64)
    rounded = weighted_gradients(function, operands, np.float32)
    for a, b in zip(exact, rounded, strict=True):
        if b is not None:
            assert b.dtype == np.float32 or op_type == "Cast"
            np.testing.assert_allclose(b, a, rtol=2e-4, atol=2e-4)


def weighted_gradients(function, operands, dtype):
    """The gradients of the outputs, each element weighed differently."""
    with ng.Graph().as_default(), ng.Session() as session:
        arrays = [np.asarray(each) for each in operands]
        arrays = [each.astype(dtype) if each.dtype.kind == "f" else each for each in arrays]
        xs = [ng.constant(each) for each in arrays]
        zs = function(*xs)
        zs = [z for z in (zs if isinstance(zs, list) else [zs]) if z.dtype.is_floating]
        weights = [
            ng.constant(np.cos(np.arange(z.size)).reshape(z.shape).astype(z.dtype))
            for z in map(np.asarray, session.run(zs))
        ]
        floats = [x for x in xs if x.dtype.is_floating]
        dxs = ng.gradients(zs, floats, weights)
        return [dx if dx is None else np.asarray(session.run(dx)) for dx in dxs]


def test_a_gradient_through_prevent_gradient_is_an_error_that_says_why():
    with ng.Graph().as_default():
        x = ng.constant(1.0)
        z = ng.apply("PreventGradient", x, message="no grads here")
        with pytest.raises(LookupError, match=r"Gradient explicitly disabled. Reason: b'no grads"):
            ng.gradients(z, x)


@every_case
def test_a_rule_says_the_same_where_sizes_are_known_only_in_a_run(op_type, case):
    function, operands = called(op_type, case)
    known = gradients_of_fed(function, operands, lambda shape: shape)
    unknown = gradients_of_fed(function, operands, lambda shape: [None] * len(shape))
    for a, b in zip(known, unknown, strict=True):
        np.testing.assert_array_equal(a, b)
        assert np.shape(a) == np.shape(b)


def gradients_of_fed(function, operands, described):
    """The gradients, where the shape of each float operand is described so when it is built."""
    with ng.Graph().as_default(), ng.Session() as session:
        arrays = [np.asarray(each) for each in operands]
        xs = [
            ng.placeholder(ng.float64, described(a.shape))
            if a.dtype.kind == "f"
            else ng.constant(a)
            for a in arrays
        ]
        feed = {x: a for x, a in zip(xs, arrays, strict=True) if x.dtype.is_floating}
        zs = function(*xs)
        zs = [z for z in (zs if isinstance(zs, list) else [zs]) if z.dtype.is_floating]
        dxs = ng.gradients(zs, list(feed), unconnected_gradients="zero")
        return session.run([*zs, *dxs], feed)


@every_case
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_static_shapes_and_dtypes_foretell_what_a_run_gives(op_type, case, known):
    function, operands = called(op_type, case)
    with ng.Graph().as_default(), ng.Session() as session:
        arrays = [np.asarray(each) for each in operands]
        xs = [
            ng.placeholder(a.dtype, a.shape if known else [None] * a.ndim)
            if a.dtype.kind == "f"
            else ng.constant(a)
            for a in arrays
        ]
        zs = function(*xs)
        zs = zs if isinstance(zs, list) else [zs]
        feed = {x: a for x, a in zip(xs, arrays, strict=True) if x.dtype.is_floating}
        for z, value in zip(zs, session.run(zs, feed), strict=True):
            assert z.dtype == value.dtype
            assert z.shape.is_compatible_with(value.shape)
            assert z.shape.ndims is not None or op_type == "Squeeze"
            told = z.shape.is_fully_defined()
            assert told or not known or op_type in DECIDED_BY_VALUES


#: How many groups there are is in the values of the group numbers.
DECIDED_BY_VALUES = {"SegmentSum", "SegmentMean", "SegmentMax", "SegmentMin"}
