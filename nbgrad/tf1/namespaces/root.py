"""The operations that TensorFlow offers as `tf.…` itself; `seldom` has the rest of them."""

from nbgrad.ops.activations import sigmoid
from nbgrad.ops.arithmetic import (
    add,
    multiply,
    negative,
    reciprocal,
    square,
    squared_difference,
    subtract,
)
from nbgrad.ops.arithmetic import divide as realdiv
from nbgrad.ops.complex_numbers import complex_ as complex
from nbgrad.ops.complex_numbers import conj, imag, real
from nbgrad.ops.constants import linspace
from nbgrad.ops.constants import linspace as lin_space
from nbgrad.ops.constants import range_ as range
from nbgrad.ops.copying import (
    broadcast_to,
    cast,
    check_numerics,
    identity,
    ones_like,
    stop_gradient,
    zeros_like,
)
from nbgrad.ops.division import div_no_nan
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
    gather,
    gather_nd,
    one_hot,
    scatter_nd,
    unsorted_segment_sum,
)
from nbgrad.ops.indexing import argmax as arg_max
from nbgrad.ops.indexing import argmin as arg_min
from nbgrad.ops.joining import concat, split, stack, tile, unstack
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
from nbgrad.ops.matrix import matmul
from nbgrad.ops.reductions import (
    cumprod,
    cumsum,
    reduce_all,
    reduce_any,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
from nbgrad.ops.rounding import ceil, floor, maximum, minimum, rint, sign
from nbgrad.ops.shaping import (
    expand_dims,
    invert_permutation,
    random_shuffle,
    rank,
    reshape,
    reverse,
    roll,
    shape,
    size,
    squeeze,
    transpose,
)
from nbgrad.ops.shaping import reverse as reverse_v2
from nbgrad.tf1.arrays import (
    argsort,
    boolean_mask,
    confusion_matrix,
    constant,
    convert_to_tensor,
    fill,
    is_tensor,
    meshgrid,
    newaxis,
    ones,
    pad,
    placeholder,
    placeholder_with_default,
    saturate_cast,
    sequence_mask,
    sort,
    strided_slice,
    to_double,
    to_float,
    to_int32,
    to_int64,
    zeros,
)
from nbgrad.tf1.arrays import slice_ as slice
from nbgrad.tf1.clipping import (
    clip_by_average_norm,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    global_norm,
)
from nbgrad.tf1.linalg import norm
from nbgrad.tf1.math import (
    add_n,
    angle,
    count_nonzero,
    div,
    reduce_logsumexp,
    round,
    scalar_mul,
    truediv,
)
from nbgrad.tf1.math import add_n as accumulate_n
from nbgrad.tf1.math import magnitude as abs
from nbgrad.tf1.math import truediv as divide
from nbgrad.tf1.nn import log_sigmoid
from nbgrad.tf1.random import random_normal, random_uniform, set_random_seed, truncated_normal
