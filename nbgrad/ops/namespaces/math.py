"""The operations of calculus, `tf.math.…`."""

from nbgrad.ops.activations import log_sigmoid, sigmoid, softplus, softsign
from nbgrad.ops.complex_numbers import angle, conj, imag, real
from nbgrad.ops.cumulative import cumprod, cumsum
from nbgrad.ops.division import truediv
from nbgrad.ops.division import truediv as divide
from nbgrad.ops.elementwise import (
    add,
    multiply,
    negative,
    reciprocal,
    scalar_mul,
    square,
    squared_difference,
    subtract,
)
from nbgrad.ops.error_function import erf, erfc
from nbgrad.ops.extremes import (
    reduce_all,
    reduce_any,
    reduce_euclidean_norm,
    reduce_max,
    reduce_min,
)
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
    sin,
    sinh,
    tan,
    tanh,
)
from nbgrad.ops.guarded import div_no_nan as divide_no_nan
from nbgrad.ops.guarded import multiply_no_nan, xdivy, xlogy
from nbgrad.ops.indexing import unsorted_segment_sum
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
from nbgrad.ops.magnitudes import magnitude as abs
from nbgrad.ops.marking import confusion_matrix
from nbgrad.ops.norms import l2_normalize
from nbgrad.ops.piecewise import ceil, floor, maximum, minimum, rint, round, sign
from nbgrad.ops.positions import argmax, argmin
from nbgrad.ops.powers import exp, expm1, log, log1p, pow, rsqrt, sqrt
from nbgrad.ops.probabilities import log_softmax, softmax
from nbgrad.ops.products import reduce_prod
from nbgrad.ops.ranking import in_top_k, top_k
from nbgrad.ops.reductions import add_n, reduce_mean, reduce_sum
from nbgrad.ops.reductions import add_n as accumulate_n
from nbgrad.ops.remainders import floordiv, floormod
from nbgrad.ops.remainders import floormod as mod
from nbgrad.ops.reshaping import invert_permutation
from nbgrad.ops.segments import (
    segment_max,
    segment_mean,
    segment_min,
    segment_sum,
    unsorted_segment_max,
    unsorted_segment_min,
)
from nbgrad.ops.statistics import (
    count_nonzero,
    reduce_logsumexp,
    reduce_std,
    reduce_variance,
    zero_fraction,
)
