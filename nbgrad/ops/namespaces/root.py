"""The operations that TensorFlow offers as `tf.…` itself."""

from nbgrad.ops.activations import log_sigmoid, sigmoid
from nbgrad.ops.arrays import broadcast_to, cast, identity, ones_like, zeros_like
from nbgrad.ops.barriers import check_numerics, stop_gradient
from nbgrad.ops.casts import saturate_cast, to_double, to_float, to_int32, to_int64
from nbgrad.ops.clip import (
    clip_by_average_norm,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    global_norm,
)
from nbgrad.ops.complex_numbers import angle, conj, imag, real
from nbgrad.ops.complex_numbers import complex_ as complex
from nbgrad.ops.concatenation import concat, split
from nbgrad.ops.contraction import einsum, tensordot
from nbgrad.ops.conversion import convert_to_tensor, is_tensor
from nbgrad.ops.cumulative import cumprod, cumsum
from nbgrad.ops.determinants import matrix_determinant
from nbgrad.ops.diagonals import diag, diag_part, matrix_diag, matrix_diag_part
from nbgrad.ops.division import div, truediv
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
from nbgrad.ops.elementwise import divide as realdiv
from nbgrad.ops.error_function import erf, erfc
from nbgrad.ops.extremes import reduce_all, reduce_any, reduce_max, reduce_min
from nbgrad.ops.factoring import cholesky, cholesky_solve
from nbgrad.ops.filling import fill, ones, zeros
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
from nbgrad.ops.guarded import div_no_nan
from nbgrad.ops.indexing import gather, gather_nd, scatter_nd, unsorted_segment_sum
from nbgrad.ops.joining import stack, unstack
from nbgrad.ops.linalg import matmul
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
    where,
)
from nbgrad.ops.magnitudes import magnitude as abs
from nbgrad.ops.marking import confusion_matrix, one_hot, sequence_mask
from nbgrad.ops.matrices import eye, matrix_band_part, matrix_transpose
from nbgrad.ops.norms import norm
from nbgrad.ops.padding import pad, tile
from nbgrad.ops.picking import boolean_mask
from nbgrad.ops.piecewise import ceil, floor, maximum, minimum, rint, round, sign
from nbgrad.ops.positions import argmax, argmin
from nbgrad.ops.positions import argmax as arg_max
from nbgrad.ops.positions import argmin as arg_min
from nbgrad.ops.powers import exp, expm1, log, log1p, pow, rsqrt, sqrt
from nbgrad.ops.products import reduce_prod
from nbgrad.ops.randomness import random_normal, random_uniform, truncated_normal
from nbgrad.ops.ranking import argsort, sort
from nbgrad.ops.reductions import add_n, reduce_mean, reduce_sum
from nbgrad.ops.reductions import add_n as accumulate_n
from nbgrad.ops.remainders import floor_div, floordiv, floormod, truncatediv, truncatemod
from nbgrad.ops.remainders import floormod as mod
from nbgrad.ops.reordering import random_shuffle, reverse, roll
from nbgrad.ops.reordering import reverse as reverse_v2
from nbgrad.ops.reshaping import (
    expand_dims,
    invert_permutation,
    reshape,
    squeeze,
    transpose,
)
from nbgrad.ops.scattering import (
    scatter_add,
    scatter_div,
    scatter_mul,
    scatter_sub,
    scatter_update,
)
from nbgrad.ops.seeding import set_random_seed
from nbgrad.ops.segments import (
    segment_max,
    segment_mean,
    segment_min,
    segment_sum,
    unsorted_segment_max,
    unsorted_segment_min,
)
from nbgrad.ops.sequences import linspace, meshgrid
from nbgrad.ops.sequences import linspace as lin_space
from nbgrad.ops.sequences import range_ as range
from nbgrad.ops.sizes import rank, shape, size
from nbgrad.ops.slicing import newaxis
from nbgrad.ops.solving import matrix_inverse, matrix_solve, matrix_triangular_solve
from nbgrad.ops.sources import constant, placeholder, placeholder_with_default
from nbgrad.ops.spans import slice_ as slice
from nbgrad.ops.spans import strided_slice
from nbgrad.ops.statistics import count_nonzero, reduce_logsumexp
