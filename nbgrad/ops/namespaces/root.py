"""The operations that TensorFlow offers as `tf.…` itself."""

from nbgrad.ops.activations import log_sigmoid, sigmoid
from nbgrad.ops.arrays import (
    broadcast_to,
    cast,
    check_numerics,
    fill,
    identity,
    ones_like,
    saturate_cast,
    stop_gradient,
    to_double,
    to_float,
    to_int32,
    to_int64,
    zeros_like,
)
from nbgrad.ops.clip import (
    clip_by_average_norm,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    global_norm,
)
from nbgrad.ops.complex_numbers import angle, conj, imag, real
from nbgrad.ops.complex_numbers import complex_ as complex
from nbgrad.ops.complex_numbers import magnitude as abs
from nbgrad.ops.concatenation import concat, split
from nbgrad.ops.contraction import einsum, tensordot
from nbgrad.ops.cumulative import cumprod, cumsum
from nbgrad.ops.elementwise import (
    add,
    div,
    multiply,
    negative,
    reciprocal,
    scalar_mul,
    square,
    squared_difference,
    subtract,
    truediv,
)
from nbgrad.ops.elementwise import divide as realdiv
from nbgrad.ops.elementwise import truediv as divide
from nbgrad.ops.extremes import reduce_all, reduce_any, reduce_max, reduce_min
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
    sin,
    sinh,
    tan,
    tanh,
)
from nbgrad.ops.guarded import div_no_nan
from nbgrad.ops.indexing import boolean_mask, gather, gather_nd, scatter_nd, unsorted_segment_sum
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
from nbgrad.ops.matrices import (
    diag,
    diag_part,
    eye,
    matrix_band_part,
    matrix_diag,
    matrix_diag_part,
    matrix_transpose,
)
from nbgrad.ops.norms import norm
from nbgrad.ops.padding import pad, tile
from nbgrad.ops.piecewise import (
    ceil,
    floor,
    floor_div,
    floordiv,
    floormod,
    maximum,
    minimum,
    rint,
    round,
    sign,
    truncatediv,
    truncatemod,
)
from nbgrad.ops.piecewise import floormod as mod
from nbgrad.ops.powers import exp, expm1, log, log1p, pow, rsqrt, sqrt
from nbgrad.ops.randomness import (
    random_normal,
    random_shuffle,
    random_uniform,
    set_random_seed,
    truncated_normal,
)
from nbgrad.ops.ranking import (
    argmax,
    argmin,
    argsort,
    confusion_matrix,
    one_hot,
    sequence_mask,
    sort,
)
from nbgrad.ops.ranking import argmax as arg_max
from nbgrad.ops.ranking import argmin as arg_min
from nbgrad.ops.reductions import add_n, reduce_mean, reduce_prod, reduce_sum
from nbgrad.ops.reductions import add_n as accumulate_n
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
from nbgrad.ops.slicing import newaxis, reverse, roll, strided_slice
from nbgrad.ops.slicing import reverse as reverse_v2
from nbgrad.ops.slicing import slice_ as slice
from nbgrad.ops.solving import (
    cholesky,
    cholesky_solve,
    matrix_determinant,
    matrix_inverse,
    matrix_solve,
    matrix_triangular_solve,
)
from nbgrad.ops.sources import (
    constant,
    convert_to_tensor,
    is_tensor,
    ones,
    placeholder,
    placeholder_with_default,
    zeros,
)
from nbgrad.ops.statistics import count_nonzero, reduce_logsumexp
