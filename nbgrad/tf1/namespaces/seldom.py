"""Operations of `tf.…` that few programs need: they load when one of them is asked for."""

from nbgrad.ops.diagonals import (
    diag,
    diag_part,
    matrix_band_part,
    matrix_diag,
    matrix_diag_part,
    matrix_transpose,
)
from nbgrad.ops.division import floor_div, floormod, truncatediv, truncatemod
from nbgrad.ops.division import floormod as mod
from nbgrad.ops.functions import erf, erfc
from nbgrad.ops.indexing import (
    segment_max,
    segment_mean,
    segment_min,
    segment_sum,
    unsorted_segment_max,
    unsorted_segment_min,
)
from nbgrad.ops.solving import (
    cholesky,
    matrix_determinant,
    matrix_inverse,
    matrix_solve,
    matrix_triangular_solve,
)
from nbgrad.tf1.control import (
    Print,
    cond,
    custom_gradient,
    foldl,
    foldr,
    map_fn,
    py_func,
    scan,
    while_loop,
)
from nbgrad.tf1.linalg import cholesky_solve, einsum, eye, tensordot
from nbgrad.tf1.math import floordiv
from nbgrad.tf1.variables import scatter_add, scatter_div, scatter_mul, scatter_sub, scatter_update
