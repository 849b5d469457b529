"""The types of operations that the page has a kernel for, so that it computes without Python.

The kernels are JavaScript, in `nbgrad/widgets/static/kernels_*.js`; a test holds these names equal
to theirs. An operation of another type, such as a learner's own Python, is computed here.
"""

from __future__ import annotations

PAGE_KERNELS = frozenset(
    {
        # elementwise
        *("Add", "AddV2", "Sub", "Mul", "RealDiv", "Neg", "Square", "Reciprocal"),
        *("SquaredDifference", "AddN", "BiasAdd", "FloorDiv", "FloorMod", "TruncateDiv"),
        *("TruncateMod", "DivNoNan", "MulNoNan", "Xlogy", "Xdivy", "Pow", "Sqrt", "Rsqrt", "Exp"),
        *("Expm1", "Log", "Log1p", "Erf", "Erfc", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan"),
        *("Atan2", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh", "Abs", "Sign", "Step"),
        *("Maximum", "Minimum", "Floor", "Ceil", "Round", "Rint", "Sigmoid", "Relu", "Relu6"),
        *("LeakyRelu", "Elu", "Selu", "Softplus", "Softsign", "Less", "LessEqual", "Greater"),
        *("GreaterEqual", "Equal", "NotEqual", "LogicalAnd", "LogicalOr", "LogicalXor"),
        *("LogicalNot", "IsNan", "IsInf", "IsFinite", "Select", "Cast", "Identity"),
        *("StopGradient", "PreventGradient", "CheckNumerics", "PlaceholderWithDefault"),
        *("IdentityN", "ZerosLike", "OnesLike"),
        # reductions
        *("Sum", "Mean", "SumTo", "TileGrad", "L2Loss", "EuclideanNorm", "Max", "Min", "Prod"),
        *("All", "Any", "ArgMax", "ArgMin", "Cumsum", "Cumprod", "Recurrence", "Spread"),
        # shaping
        *("Shape", "Size", "Rank", "Reshape", "ExpandDims", "Squeeze", "Transpose", "ReverseV2"),
        *("Roll", "BroadcastTo", "Tile", "Diag", "DiagPart", "MatrixDiag", "MatrixDiagPart"),
        *("MatrixBandPart", "Fill", "Range", "LinSpace"),
        # slicing
        *("StridedSlice", "StridedSliceGrad", "Split", "SplitV", "Unpack", "ConcatV2", "Pack"),
        *("Pad", "MirrorPad", "MirrorPadGrad"),
        # indexing
        *("GatherV2", "GatherNd", "ScatterNd", "OneHot", "Where", "TopKV2", "InTopKV2"),
        *("InvertPermutation", "UnsortedSegmentSum", "UnsortedSegmentMax", "UnsortedSegmentMin"),
        *("SegmentSum", "SegmentMean", "SegmentMax", "SegmentMin"),
        # matrix
        *("MatMul", "Einsum"),
        # solving
        *("MatrixInverse", "MatrixSolve", "MatrixTriangularSolve", "MatrixDeterminant"),
        *("LogMatrixDeterminant", "Cholesky"),
        # softmax
        *("Softmax", "LogSoftmax", "SoftmaxCrossEntropyWithLogits"),
        "SparseSoftmaxCrossEntropyWithLogits",
        # convolution
        *("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "MaxPool", "MaxPoolGrad"),
        *("MaxPoolGradGrad", "AvgPool", "AvgPoolGrad"),
    }
)
