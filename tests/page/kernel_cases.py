"""Random operands and attributes for every kernel of the page, and how near it must come to NumPy.

A case is what a kernel is called with: its operands, as arrays, and its attributes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Case = tuple[list[np.ndarray], dict[str, Any]]

FLOATS, INTEGERS = ("float32", "float64"), ("int32", "int64", "int8", "uint8", "int16", "uint32")
NUMBERS = (*FLOATS, *FLOATS, *INTEGERS)  # real numbers are what is mostly computed with
EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e-8, 3e38, -1e30, np.inf, -np.inf, np.nan)
COUNT = 40  # cases for each type


class Nearness(NamedTuple):
    """How far from NumPy's result a kernel's may lie."""

    ulps: int = 0  # units in the last place
    relative: float = 0.0  # to the result or, in a sum of products, to its largest term
    scale: float = 0.0  # to this at least: to 1 in eˣ − 1, where x is small
    any_zero: bool = False  # whether 0 and −0 are one, as in an extreme of both


EXACT, EXTREME, FUNCTION = Nearness(), Nearness(any_zero=True), Nearness(ulps=4)
STEPS, SUM = Nearness(ulps=8), Nearness(relative=1e-6, any_zero=True)
SOLVED = Nearness(relative=1e-4, any_zero=True)


class Draw:
    """Random shapes and arrays."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def one_of(self, *options: Any) -> Any:
        return options[self.random.integers(len(options))]

    def chance(self, probability: float = 0.5) -> bool:
        return bool(self.random.random() < probability)

    def shape(self, least: int = 0, most: int = 3, largest: int = 4) -> tuple[int, ...]:
        rank = self.random.integers(least, most + 1)
        return tuple(int(self.random.integers(1, largest + 1)) for _ in range(rank))

    def below(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """A shape that broadcasts to another."""
        cut = shape[self.random.integers(len(shape) + 1) :]
        return tuple(1 if self.chance(0.3) else size for size in cut)

    def array(self, shape: tuple[int, ...], dtype: str = "float32", edges: float = 0.1) -> Any:
        """Numbers of a dtype, some of them at the edges."""
        kind = np.dtype(dtype).kind
        if kind == "b":
            return self.random.integers(0, 2, shape).astype(dtype)
        if kind in "iu":
            limits = np.iinfo(dtype)
            large = self.random.integers(max(limits.min, -(2**20)), min(limits.max, 2**20), shape)
            small = self.random.integers(0 if kind == "u" else -9, 10, shape)
            return np.where(self.random.random(shape) < edges, large, small).astype(dtype)
        numbers = self.random.normal(0, self.one_of(0.1, 1, 1, 10), shape)
        special = self.random.choice(EDGES, shape)
        return np.where(self.random.random(shape) < edges, special, numbers).astype(dtype)

    def floats(self, shape: tuple[int, ...], edges: float = 0.1) -> Any:
        return self.array(shape, self.one_of(*FLOATS), edges)

    def axis(self, rank: int) -> int:
        return int(self.random.integers(-rank, rank))

    def axes(self, rank: int) -> Any:
        """None, one axis or several."""
        if not rank or self.chance(0.3):
            return self.one_of(None, ())
        if self.chance():
            return self.axis(rank)
        return tuple(np.flatnonzero(self.random.random(rank) < 0.5).tolist())

    def pair(self, dtype: str, edges: float = 0.15) -> list[np.ndarray]:
        """Two arrays that broadcast to each other."""
        shape = self.shape()
        shapes = [shape, self.below(shape)]
        return [
            self.array(each, dtype, edges) for each in (shapes if self.chance() else shapes[::-1])
        ]


Maker = Callable[[Draw], Case]
CASES: dict[str, tuple[Maker, Nearness]] = {}


def cases_of(types: str, near: Nearness = EXACT) -> Callable[[Maker], Maker]:
    """The decorated function makes cases of these types."""

    def keep(maker: Maker) -> Maker:
        CASES.update(dict.fromkeys(types.split(), (maker, near)))
        return maker

    return keep


# Element by element


@cases_of("Add AddV2 Sub Mul")
@cases_of("Maximum Minimum", EXTREME)
@cases_of("Less LessEqual Greater GreaterEqual Equal NotEqual")
def _two_numbers(draw):
    return draw.pair(draw.one_of(*NUMBERS)), {}


@cases_of("SquaredDifference")
@cases_of("RealDiv DivNoNan MulNoNan Xdivy")
def _two_floats(draw):
    return draw.pair(draw.one_of(*FLOATS)), {}


@cases_of("FloorDiv FloorMod TruncateDiv TruncateMod")
def _quotients(draw):
    return draw.pair(draw.one_of(*FLOATS, "int32", "int64", "int8")), {}


@cases_of("Atan2 Xlogy", STEPS)
def _functions_of_two(draw):
    return draw.pair(draw.one_of(*FLOATS)), {}


@cases_of("Pow", STEPS)
def _powers(draw):
    dtype = draw.one_of(*FLOATS, "int32", "int64")
    x, y = draw.pair(dtype, 0.1 if dtype in FLOATS else 0)
    return [x, np.clip(y, 0, 6) if y.dtype.kind == "i" else y], {}


@cases_of("LogicalAnd LogicalOr LogicalXor")
def _two_truths(draw):
    return draw.pair("bool"), {}


@cases_of("LogicalNot Where")
@cases_of("All Any")
def _truths(draw):
    return [draw.array(draw.shape(), "bool")], {}


@cases_of("Neg Square Abs Sign Step Identity StopGradient PreventGradient ZerosLike OnesLike")
@cases_of("IdentityN Round Shape Size Rank")
@cases_of("Relu", EXTREME)
def _one_number(draw):
    return [draw.array(draw.shape(), draw.one_of(*FLOATS, "int32", "int64"), 0.2)], {}


@cases_of("Reciprocal Sqrt Rsqrt Floor Ceil Rint IsNan IsInf IsFinite Softsign")
@cases_of("Relu6", EXTREME)
@cases_of("Exp Expm1 Log Log1p Erf Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh", FUNCTION)
@cases_of("Asinh Acosh Atanh Sigmoid Softplus", FUNCTION)
@cases_of("Erfc", STEPS)
@cases_of("Elu Selu", Nearness(relative=1e-6, scale=1.0))
def _one_float(draw):
    return [draw.floats(draw.shape(), 0.2)], {}


@cases_of("LeakyRelu")
def _leaky(draw):
    return [draw.floats(draw.shape(), 0.2)], draw.one_of({}, {"alpha": 0.1})


@cases_of("PlaceholderWithDefault")
def _defaults(draw):
    return [draw.floats(draw.shape())], {"shape": None}


@cases_of("CheckNumerics")
def _finite(draw):
    return [draw.floats(draw.shape(), draw.one_of(0, 0.1))], {"message": "here"}


@cases_of("AddN")
def _several(draw):
    shape, dtype = draw.shape(), draw.one_of(*NUMBERS)
    return [draw.array(shape, dtype) for _ in range(draw.one_of(1, 2, 5))], {}


@cases_of("BiasAdd")
def _bias(draw):
    shape, dtype = draw.shape(1), draw.one_of("float32", "float64", "int32")
    return [draw.array(shape, dtype), draw.array(shape[-1:], dtype)], {}


@cases_of("Cast")
def _casts(draw):
    dtypes = [*NUMBERS, "bool"]
    x = draw.array(draw.shape(), draw.one_of(*dtypes), 0.1)
    if x.dtype.kind == "f":
        x = np.clip(np.nan_to_num(x), 0, 100)  # beyond, each processor has an answer of its own
    return [x], {"dtype": draw.one_of(*dtypes)}


@cases_of("Select")
def _choices(draw):
    shape, dtype = draw.shape(), draw.one_of(*NUMBERS)
    condition = draw.one_of(shape, (), shape[:1])
    return [draw.array(condition, "bool"), *(draw.array(shape, dtype) for _ in "xy")], {}


# Reductions


@cases_of("Sum Mean", SUM)
@cases_of("Prod", Nearness(relative=2e-6))
def _sums(draw):
    shape = draw.one_of(draw.shape(), draw.shape(1, 2, 40), (int(draw.random.integers(1, 2000)),))
    x = draw.array(shape, draw.one_of(*FLOATS, "int32"), 0.01)
    return [x], {"axis": draw.axes(x.ndim), "keepdims": draw.chance()}


@cases_of("Max Min", EXTREME)
def _extremes(draw):
    x = draw.array(draw.shape(), draw.one_of(*FLOATS, "int32", "int64", "int8", "uint8"))
    return [x], {"axis": draw.axes(x.ndim), "keepdims": draw.chance()}


@cases_of("L2Loss", SUM)
def _half_squares(draw):
    return [draw.floats(draw.shape(0, 3, 9), 0.01)], {}


@cases_of("EuclideanNorm", SUM)
def _norms(draw):
    x = draw.floats(draw.shape(0, 3, 9), 0.01)
    return [x], {"axis": draw.axes(x.ndim), "keepdims": draw.chance()}


@cases_of("SumTo", SUM)
def _undone_broadcasts(draw):
    shape = draw.shape(0, 3, 9)
    return [draw.array(shape, draw.one_of(*FLOATS, "int32"))], {"shape": draw.below(shape)}


@cases_of("ArgMax ArgMin")
def _positions(draw):
    x = draw.array(draw.shape(1), draw.one_of(*FLOATS, "int32"), 0.2)
    return [x], {"axis": draw.axis(x.ndim), "output_type": draw.one_of("int32", "int64")}


@cases_of("Cumsum Cumprod")
def _running(draw):
    x = draw.array(draw.shape(1), draw.one_of(*FLOATS, "int32"), 0.02)
    attributes = {"exclusive": draw.chance(), "reverse": draw.chance()}
    return [x], {"axis": draw.axis(x.ndim), **attributes}


@cases_of("Recurrence")
def _recurrences(draw):
    shape, dtype = draw.shape(1), draw.one_of(*FLOATS)
    operands = [draw.array(shape, dtype, 0.02) for _ in "ba"]
    attributes = {"reverse": draw.chance(), "delayed": draw.chance()}
    return operands, {"axis": draw.axis(len(shape)), **attributes}


@cases_of("Spread")
def _spreads(draw):
    shape = draw.shape()
    axis, keepdims = draw.axes(len(shape)), draw.chance()
    small = np.sum(np.zeros(shape), axis, keepdims=keepdims).shape
    return [draw.floats(small)], {"shape": shape, "axis": axis, "keepdims": keepdims}


# Shapes and parts


@cases_of("Reshape")
def _shapes(draw):
    x = draw.array(draw.shape(), draw.one_of(*NUMBERS, "bool"))
    shape = [*draw.random.permutation(x.shape).tolist()]
    if shape and draw.chance():
        shape[draw.random.integers(len(shape))] = -1
    return [x], {"shape": draw.one_of(tuple(shape), (-1,), (2, 3), (5, -1))}


@cases_of("ExpandDims")
def _more_axes(draw):
    x = draw.floats(draw.shape())
    return [x], {"axis": draw.axis(x.ndim + 1)}


@cases_of("Squeeze")
def _fewer_axes(draw):
    x = draw.floats(draw.shape(1, 4, 2))
    return [x], {"axis": draw.one_of(None, (), draw.axis(x.ndim), (0,))}


@cases_of("Transpose")
def _transposes(draw):
    x = draw.array(draw.shape(), draw.one_of(*NUMBERS))
    return [x], {"perm": draw.one_of(None, tuple(draw.random.permutation(x.ndim).tolist()))}


@cases_of("ReverseV2")
def _flips(draw):
    x = draw.floats(draw.shape(1))
    return [x], {"axis": draw.axes(x.ndim) or 0}


@cases_of("Roll")
def _rolls(draw):
    x = draw.floats(draw.shape(1))
    shift, axis = int(draw.random.integers(-5, 6)), draw.axis(x.ndim)
    return [x], draw.one_of(
        {"shift": shift, "axis": axis},
        {"shift": (shift, 1), "axis": (axis, 0)},
    )


@cases_of("BroadcastTo")
def _broadcasts(draw):
    shape = draw.shape()
    return [draw.array(draw.below(shape), draw.one_of(*NUMBERS))], {"shape": shape}


def index_of(draw, shape):
    """An index as NumPy takes it: numbers, slices, an ellipsis, new axes."""

    def bound(size):
        return draw.one_of(None, int(draw.random.integers(-size - 1, size + 2)))

    entries = []
    for size in shape[: draw.random.integers(len(shape) + 1)]:
        step = draw.one_of(None, None, 1, 2, -1, -2)
        number = int(draw.random.integers(-size, size + draw.chance(0.05)))
        entries.append(draw.one_of(number, slice(bound(size), bound(size), step)))
    if draw.chance(0.3):
        entries.insert(int(draw.random.integers(len(entries) + 1)), Ellipsis)
    if draw.chance(0.3):
        entries.insert(int(draw.random.integers(len(entries) + 1)), None)
    return tuple(entries)


@cases_of("StridedSlice")
def _slices(draw):
    shape = draw.shape()
    return [draw.array(shape, draw.one_of(*NUMBERS))], {"index": index_of(draw, shape)}


@cases_of("StridedSliceGrad")
def _slices_put_back(draw):
    while True:
        shape = draw.shape()
        index = index_of(draw, shape)
        try:
            part = np.zeros(shape)[index].shape
        except IndexError:
            continue
        return [draw.floats(part)], {"shape": shape, "index": index}


@cases_of("Split")
def _even_parts(draw):
    shape, count = draw.shape(1), draw.one_of(1, 2, 3)
    axis = draw.axis(len(shape))
    sizes = [*shape]
    sizes[axis] *= draw.one_of(1, count, count)
    return [draw.floats(tuple(sizes))], {"axis": axis, "num_split": count}


@cases_of("SplitV")
def _parts(draw):
    shape = draw.shape(1, 3, 6)
    axis = draw.axis(len(shape))
    first = int(draw.random.integers(0, shape[axis] + 1))
    sizes = draw.one_of((first, shape[axis] - first), (first, -1), (first, 1))
    return [draw.floats(shape)], {"axis": axis, "size_splits": sizes}


@cases_of("Unpack")
def _unpacked(draw):
    shape = draw.shape(1)
    axis = draw.axis(len(shape))
    return [draw.floats(shape)], {"axis": axis, "num": shape[axis]}


@cases_of("ConcatV2")
def _joints(draw):
    shape, dtype = draw.shape(1), draw.one_of(*NUMBERS)
    axis, shapes = draw.axis(len(shape)), []
    for _ in range(draw.one_of(1, 2, 3)):
        sizes = [*shape]
        sizes[axis] = int(draw.random.integers(0, 4))
        shapes.append(tuple(sizes))
    return [draw.array(each, dtype) for each in shapes], {"axis": axis}


@cases_of("Pack")
def _packed(draw):
    shape, dtype = draw.shape(), draw.one_of(*NUMBERS)
    count = draw.one_of(1, 2, 4)
    return [draw.array(shape, dtype) for _ in range(count)], {"axis": draw.axis(len(shape) + 1)}


@cases_of("Pad")
def _margins(draw):
    x = draw.array(draw.shape(1), draw.one_of(*NUMBERS))
    paddings = draw.random.integers(0, 3, (x.ndim, 2)).tolist()
    return [x], {"paddings": paddings, "constant_values": draw.one_of(0, 1)}


def mirrored(draw):
    """A shape, margins that its mirror images fill, and which kind of mirror."""
    shape, mode = draw.shape(1), draw.one_of("REFLECT", "SYMMETRIC")
    most = [size - (mode == "REFLECT") for size in shape]
    paddings = [draw.random.integers(0, each + 1, 2).tolist() for each in most]
    return shape, {"paddings": paddings, "mode": mode}


@cases_of("MirrorPad")
def _mirrors(draw):
    shape, attributes = mirrored(draw)
    return [draw.floats(shape)], attributes


@cases_of("MirrorPadGrad", SUM)
def _mirrors_folded(draw):
    shape, attributes = mirrored(draw)
    wide = tuple(n + sum(by) for n, by in zip(shape, attributes["paddings"], strict=True))
    return [draw.floats(wide, 0)], attributes


@cases_of("Tile")
def _tiles(draw):
    x = draw.array(draw.shape(), draw.one_of(*NUMBERS))
    return [x], {"multiples": draw.random.integers(0, 4, x.ndim).tolist()}


@cases_of("TileGrad", SUM)
def _tiles_added(draw):
    shape = draw.shape()
    multiples = draw.random.integers(1, 4, len(shape)).tolist()
    whole = tuple(n * m for n, m in zip(shape, multiples, strict=True))
    return [draw.floats(whole, 0)], {"multiples": multiples}


@cases_of("DiagPart")
def _diagonals(draw):
    half = draw.shape(1, 2, 3)
    return [draw.floats(half * 2)], {}


@cases_of("Diag MatrixDiag")
def _on_diagonals(draw):
    return [draw.floats(draw.shape(1, 2, 3))], {}


@cases_of("MatrixDiagPart")
def _diagonals_of_each(draw):
    return [draw.floats(draw.shape(2))], {}


@cases_of("MatrixBandPart")
def _bands(draw):
    lower, upper = (int(n) for n in draw.random.integers(-1, 3, 2))
    return [draw.floats(draw.shape(2))], {"num_lower": lower, "num_upper": upper}


@cases_of("Fill")
def _fills(draw):
    return [draw.array((), draw.one_of(*NUMBERS))], {"shape": draw.shape()}


@cases_of("Range")
def _ranges(draw):
    return [], draw.one_of(
        {"start": 0, "limit": 5, "delta": 1, "dtype": "int32"},
        {"start": 7, "limit": -2, "delta": -2, "dtype": "int64"},
        {"start": 0.0, "limit": 1.0, "delta": 0.1, "dtype": "float32"},
        {"start": 0.5, "limit": 3.0, "delta": 0.3, "dtype": "float64"},
        {"start": 3, "limit": 3, "delta": 1, "dtype": "int32"},
    )


@cases_of("LinSpace")
def _linspaces(draw):
    dtype = draw.one_of(*FLOATS)
    return [draw.array((), dtype, 0) for _ in "ab"], {"num": draw.one_of(1, 2, 5, 11)}


# Positions


@cases_of("GatherV2")
def _gathers(draw):
    shape = draw.shape(1)
    axis = int(draw.random.integers(len(shape)))
    at = draw.random.integers(0, shape[axis] + draw.chance(0.1), draw.shape(0, 2))
    dtype = draw.one_of("int32", "int64")
    return [draw.array(shape, draw.one_of(*NUMBERS)), np.asarray(at, dtype)], {"axis": axis}


def tuples(draw, shape):
    """Index tuples into a shape, once in a while one too far."""
    length = int(draw.random.integers(1, len(shape) + 1))
    limits = np.array(shape[:length]) + draw.chance(0.1)
    return draw.random.integers(0, limits, (*draw.shape(0, 2), length)).astype("int32"), length


@cases_of("GatherNd")
def _gathers_of_rows(draw):
    shape = draw.shape(1)
    return [draw.floats(shape), tuples(draw, shape)[0]], {}


@cases_of("ScatterNd", SUM)
def _scatters(draw):
    shape = draw.shape(1)
    at, length = tuples(draw, shape)
    return [at, draw.floats((*at.shape[:-1], *shape[length:]), 0)], {"shape": shape}


@cases_of("OneHot")
def _one_hots(draw):
    at, dtype = draw.random.integers(-1, 5, draw.shape(0, 2)), draw.one_of(*FLOATS, "int32")
    on_off = [np.asarray(each, dtype) for each in draw.one_of((1, 0), (3, -2))]
    axis = draw.one_of(-1, -1, 0, at.ndim)
    return [np.asarray(at, "int32"), *on_off], {"depth": draw.one_of(1, 3, 4), "axis": axis}


@cases_of("TopKV2")
def _largest(draw):
    shape = draw.shape(1)
    return [draw.array(shape, draw.one_of(*FLOATS, "int32"))], {
        "k": draw.one_of(1, 1, 2, shape[-1])
    }


@cases_of("InTopKV2")
def _among_largest(draw):
    rows, columns = draw.shape(2, 2)
    targets = draw.random.integers(-1, columns + 1, rows).astype("int32")
    return [draw.array((rows, columns)), targets], {"k": draw.one_of(1, 2)}


@cases_of("InvertPermutation")
def _permutations(draw):
    return [draw.random.permutation(draw.one_of(1, 2, 5)).astype("int32")], {}


def grouped_rows(draw, dtypes):
    shape = draw.shape(1, 3, 5)
    ids = np.sort(draw.random.integers(0, 4, shape[0])).astype("int32")
    return draw.array(shape, draw.one_of(*dtypes), 0.02), ids


@cases_of("SegmentSum SegmentMean", SUM)
@cases_of("SegmentMax SegmentMin", EXTREME)
def _segments(draw):
    return [*grouped_rows(draw, (*FLOATS, "int32"))], {}


@cases_of("UnsortedSegmentSum", SUM)
@cases_of("UnsortedSegmentMax UnsortedSegmentMin", EXTREME)
def _groups(draw):
    data, ids = grouped_rows(draw, (*FLOATS, "int32"))
    return [data, draw.random.permutation(ids)], {"num_segments": draw.one_of(4, 5, 3)}


# Matrices


@cases_of("MatMul", SUM)
def _products(draw):
    n, k, m = (int(size) for size in draw.random.integers(1, 9, 3))
    stack, dtype = draw.shape(0, 2, 3), draw.one_of(*FLOATS, "int32")
    flips = {"transpose_a": draw.chance(), "transpose_b": draw.chance()}
    shapes = [
        (k, n) if flips["transpose_a"] else (n, k),
        (m, k) if flips["transpose_b"] else (k, m),
    ]
    stacks = [stack, draw.below(stack)]
    return [
        draw.array((*outer, *shape), dtype, 0.005)
        for outer, shape in zip(stacks, shapes, strict=True)
    ], flips


@cases_of("Einsum", SUM)
def _einsums(draw):
    equation = draw.one_of("ij,jk->ik", "bij,bjk->bik", "ii->i", "ij->", "i,j,k->kji", "ijk->ki")
    sizes = dict(zip("bijk", (2, 3, 4, 2), strict=True))
    letters, dtype = equation.split("->")[0].split(","), draw.one_of(*FLOATS)
    return [draw.array(tuple(sizes[name] for name in names), dtype, 0) for names in letters], {
        "equation": equation
    }


def solvable(draw, n):
    """Matrices that are well away from having no inverse."""
    stack, dtype = draw.shape(0, 1, 2), draw.one_of(*FLOATS)
    return draw.array((*stack, n, n), dtype, 0) + np.eye(n, dtype=dtype) * 40


@cases_of("MatrixInverse MatrixDeterminant LogMatrixDeterminant Cholesky", SOLVED)
def _matrices(draw):
    return [solvable(draw, draw.one_of(1, 2, 4))], {}


@cases_of("Cholesky", SOLVED)
def _symmetric(draw):
    x = solvable(draw, draw.one_of(1, 2, 4))
    return [x @ np.swapaxes(x, -1, -2)], {}


@cases_of("MatrixSolve MatrixTriangularSolve", SOLVED)
def _equations(draw):
    x = solvable(draw, draw.one_of(1, 2, 4))
    right = draw.array((*x.shape[:-1], 3), x.dtype.name, 0)
    return [x, right], {"adjoint": draw.chance()}


# Softmax, convolution, pooling


@cases_of("Softmax LogSoftmax", Nearness(ulps=8, relative=1e-6))
def _softmaxes(draw):
    x = draw.floats(draw.shape(1, 3, 9), 0.02)
    return [x], {"axis": draw.axis(x.ndim)}


@cases_of("SoftmaxCrossEntropyWithLogits", SUM)
def _cross_entropies(draw):
    shape, dtype = draw.shape(1, 3), draw.one_of(*FLOATS)
    return [draw.array(shape, dtype, 0.02), np.abs(draw.array(shape, dtype, 0))], {"axis": -1}


@cases_of("SparseSoftmaxCrossEntropyWithLogits", SUM)
def _sparse_cross_entropies(draw):
    shape = draw.shape(1, 3)
    labels = draw.random.integers(0, shape[-1] + draw.chance(0.1), shape[:-1])
    return [draw.floats(shape, 0), np.asarray(labels, "int32")], {}


def images(draw):
    """A shape of images, and the attributes of windows over them."""
    height, width = (int(size) for size in draw.random.integers(3, 7, 2))
    strides = (draw.one_of(1, 2), draw.one_of(1, 1, 2))
    attributes = {"strides": strides, "padding": draw.one_of("SAME", "VALID")}
    return (draw.one_of(1, 2), height, width, draw.one_of(1, 2)), attributes


def windows_found(shape, size, attributes):
    """The number of windows along rows and columns."""
    found = []
    for axis in (0, 1):
        dilation = attributes.get("dilations", (1, 1))[axis]
        reach = (size[axis] - 1) * dilation + 1
        free = shape[1 + axis] - (0 if attributes["padding"] == "SAME" else reach - 1)
        found.append(-(-free // attributes["strides"][axis]))
    return found


def convolved(draw):
    shape, attributes = images(draw)
    if draw.chance(0.3):
        attributes["dilations"] = (2, 1)
    filters = (draw.one_of(1, 2), draw.one_of(1, 3), shape[-1], draw.one_of(1, 3))
    results = (shape[0], *windows_found(shape, filters, attributes), filters[-1])
    x, w, z = (draw.array(each, "float32", 0) for each in (shape, filters, results))
    return x, w, z, attributes


@cases_of("Conv2D", SUM)
def _convolutions(draw):
    x, w, _, attributes = convolved(draw)
    return [x, w], attributes


@cases_of("Conv2DBackpropInput", SUM)
def _to_images(draw):
    x, w, z, attributes = convolved(draw)
    return [w, z], {"shape": x.shape, **attributes}


@cases_of("Conv2DBackpropFilter", SUM)
def _to_filters(draw):
    x, w, z, attributes = convolved(draw)
    return [x, z], {"shape": w.shape, **attributes}


def pooled(draw):
    shape, attributes = images(draw)
    attributes["ksize"] = (draw.one_of(1, 2, 3), draw.one_of(2, 3))
    return (
        shape,
        (shape[0], *windows_found(shape, attributes["ksize"], attributes), shape[-1]),
        attributes,
    )


@cases_of("MaxPool", EXTREME)
@cases_of("AvgPool", SUM)
def _pools(draw):
    shape, _, attributes = pooled(draw)
    return [draw.floats(shape, 0.01)], attributes


@cases_of("MaxPoolGrad", SUM)
def _pools_put_back(draw):
    shape, results, attributes = pooled(draw)
    return [draw.array(shape), draw.array(results, "float32", 0)], attributes


@cases_of("MaxPoolGradGrad", EXTREME)
def _pools_picked(draw):
    shape, _, attributes = pooled(draw)
    return [draw.array(shape), draw.array(shape, "float32", 0)], attributes


@cases_of("AvgPoolGrad", SUM)
def _pools_shared_out(draw):
    shape, results, attributes = pooled(draw)
    return [draw.floats(results, 0)], {"shape": shape, **attributes}
