"""The operations of calculus, `tf.math.…`."""

from nbgrad.ops.activations import sigmoid, softplus, softsign
from nbgrad.ops.arithmetic import (
    add,
    multiply,
    negative,
    reciprocal,
    square,
    squared_difference,
    subtract,
)
from nbgrad.ops.complex_numbers import conj, imag, real
from nbgrad.ops.division import div_no_nan as divide_no_nan
from nbgrad.ops.division import floormod, multiply_no_nan, xdivy, xlogy
from nbgrad.ops.division import floormod as mod
from nbgrad.ops.functions import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    expm1,
    log,
    log1p,
    pow,
    rsqrt,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)
from nbgrad.ops.indexing import (
    argmax,
    argmin,
    segment_max,
    segment_mean,
    segment_min,
    segment_sum,
    unsorted_segment_max,
    unsorted_segment_min,
    unsorted_segment_sum,
)
from nbgrad.ops.logic import (
    equal,
    greater,
    greater_equal,
    is_finite,
    is_inf,
    is_nan,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    not_equal,
)
from nbgrad.ops.ranking import in_top_k
from nbgrad.ops.reductions import (
    cumprod,
    cumsum,
    reduce_all,
    reduce_any,
    reduce_euclidean_norm,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
from nbgrad.ops.rounding import ceil, floor, maximum, minimum, rint, sign
from nbgrad.ops.shaping import invert_permutation
from nbgrad.ops.softmax import log_softmax, softmax
from nbgrad.tf1.arrays import confusion_matrix, top_k
from nbgrad.tf1.linalg import l2_normalize
from nbgrad.tf1.math import (
    add_n,
    angle,
    count_nonzero,
    floordiv,
    reduce_logsumexp,
    reduce_std,
    reduce_variance,
    round,
    scalar_mul,
    truediv,
    zero_fraction,
)
from nbgrad.tf1.math import add_n as accumulate_n
from nbgrad.tf1.math import magnitude as abs
from nbgrad.tf1.math import truediv as divide
from nbgrad.tf1.nn import log_sigmoid
