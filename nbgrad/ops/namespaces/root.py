"""The operations that TensorFlow offers as `tf.…` itself; `seldom` has the rest of them."""

from nbgrad.ops.copying.barriers import check_numerics, stop_gradient
from nbgrad.ops.copying.casts import saturate_cast, to_double, to_float, to_int32, to_int64
from nbgrad.ops.copying.filling import fill, ones, zeros
from nbgrad.ops.copying.repetition import broadcast_to, cast, identity, ones_like, zeros_like
from nbgrad.ops.elementwise.activations import log_sigmoid, sigmoid
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
from nbgrad.ops.elementwise.arithmetic import divide as realdiv
from nbgrad.ops.elementwise.complex_numbers import angle, conj, imag, real
from nbgrad.ops.elementwise.complex_numbers import complex_ as complex
from nbgrad.ops.elementwise.division import div, truediv
from nbgrad.ops.elementwise.division import truediv as divide
from nbgrad.ops.elementwise.guarded import div_no_nan
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
    where,
)
from nbgrad.ops.elementwise.magnitudes import magnitude as abs
from nbgrad.ops.elementwise.piecewise import ceil, floor, maximum, minimum, rint, round, sign
from nbgrad.ops.elementwise.powers import exp, expm1, log, log1p, pow, rsqrt, sqrt
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
from nbgrad.ops.linear_algebra.matrix_product import matmul
from nbgrad.ops.networks.clipping import (
    clip_by_average_norm,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    global_norm,
)
from nbgrad.ops.rearranging.concatenation import concat, split
from nbgrad.ops.rearranging.joining import stack, unstack
from nbgrad.ops.rearranging.padding import pad, tile
from nbgrad.ops.rearranging.reordering import random_shuffle, reverse, roll
from nbgrad.ops.rearranging.reordering import reverse as reverse_v2
from nbgrad.ops.rearranging.reshaping import (
    expand_dims,
    invert_permutation,
    reshape,
    squeeze,
    transpose,
)
from nbgrad.ops.rearranging.sizes import rank, shape, size
from nbgrad.ops.rearranging.slicing import newaxis
from nbgrad.ops.rearranging.spans import slice_ as slice
from nbgrad.ops.rearranging.spans import strided_slice
from nbgrad.ops.reductions.cumulative import cumprod, cumsum
from nbgrad.ops.reductions.extremes import reduce_all, reduce_any, reduce_max, reduce_min
from nbgrad.ops.reductions.norms import norm
from nbgrad.ops.reductions.products import reduce_prod
from nbgrad.ops.reductions.statistics import count_nonzero, reduce_logsumexp
from nbgrad.ops.reductions.sums import add_n, reduce_mean, reduce_sum
from nbgrad.ops.reductions.sums import add_n as accumulate_n
from nbgrad.ops.selecting.indexing import gather, gather_nd, scatter_nd, unsorted_segment_sum
from nbgrad.ops.selecting.marking import confusion_matrix, one_hot, sequence_mask
from nbgrad.ops.selecting.picking import boolean_mask
from nbgrad.ops.selecting.positions import argmax, argmin
from nbgrad.ops.selecting.positions import argmax as arg_max
from nbgrad.ops.selecting.positions import argmin as arg_min
from nbgrad.ops.selecting.ranking import argsort, sort
from nbgrad.ops.sources.constants import constant, placeholder, placeholder_with_default
from nbgrad.ops.sources.conversion import convert_to_tensor, is_tensor
from nbgrad.ops.sources.randomness import random_normal, random_uniform, truncated_normal
from nbgrad.ops.sources.seeding import set_random_seed
from nbgrad.ops.sources.sequences import linspace, meshgrid
from nbgrad.ops.sources.sequences import linspace as lin_space
from nbgrad.ops.sources.sequences import range_ as range
