"""The operations of calculus, `tf.math.…`."""

from nbgrad.ops.elementwise.activations import log_sigmoid, sigmoid, softplus, softsign
from nbgrad.ops.elementwise.arithmetic import (
    add,
    multiply,
    negative,
    reciprocal,
    scalar_mul,
    square,
    squared_difference,
    subtract,
)
from nbgrad.ops.elementwise.complex_numbers import angle, conj, imag, real
from nbgrad.ops.elementwise.division import truediv
from nbgrad.ops.elementwise.division import truediv as divide
from nbgrad.ops.elementwise.error_function import erf, erfc
from nbgrad.ops.elementwise.guarded import div_no_nan as divide_no_nan
from nbgrad.ops.elementwise.guarded import multiply_no_nan, xdivy, xlogy
from nbgrad.ops.elementwise.logic import (
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
from nbgrad.ops.elementwise.magnitudes import magnitude as abs
from nbgrad.ops.elementwise.piecewise import ceil, floor, maximum, minimum, rint, round, sign
from nbgrad.ops.elementwise.powers import exp, expm1, log, log1p, pow, rsqrt, sqrt
from nbgrad.ops.elementwise.remainders import floordiv, floormod
from nbgrad.ops.elementwise.remainders import floormod as mod
from nbgrad.ops.elementwise.trigonometry import (
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
from nbgrad.ops.networks.probabilities import log_softmax, softmax
from nbgrad.ops.rearranging.reshaping import invert_permutation
from nbgrad.ops.reductions.cumulative import cumprod, cumsum
from nbgrad.ops.reductions.extremes import (
    reduce_all,
    reduce_any,
    reduce_euclidean_norm,
    reduce_max,
    reduce_min,
)
from nbgrad.ops.reductions.norms import l2_normalize
from nbgrad.ops.reductions.products import reduce_prod
from nbgrad.ops.reductions.statistics import (
    count_nonzero,
    reduce_logsumexp,
    reduce_std,
    reduce_variance,
    zero_fraction,
)
from nbgrad.ops.reductions.sums import add_n, reduce_mean, reduce_sum
from nbgrad.ops.reductions.sums import add_n as accumulate_n
from nbgrad.ops.selecting.indexing import unsorted_segment_sum
from nbgrad.ops.selecting.marking import confusion_matrix
from nbgrad.ops.selecting.positions import argmax, argmin
from nbgrad.ops.selecting.ranking import in_top_k, top_k
from nbgrad.ops.selecting.segments import (
    segment_max,
    segment_mean,
    segment_min,
    segment_sum,
    unsorted_segment_max,
    unsorted_segment_min,
)
