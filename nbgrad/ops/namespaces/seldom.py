"""Operations of `tf.…` that few programs need: they load when one of them is asked for."""

from nbgrad.ops.elementwise.error_function import erf, erfc
from nbgrad.ops.elementwise.remainders import (
    floor_div,
    floordiv,
    floormod,
    truncatediv,
    truncatemod,
)
from nbgrad.ops.elementwise.remainders import floormod as mod
from nbgrad.ops.linear_algebra.contraction import einsum, tensordot
from nbgrad.ops.linear_algebra.determinants import matrix_determinant
from nbgrad.ops.linear_algebra.diagonals import diag, diag_part, matrix_diag, matrix_diag_part
from nbgrad.ops.linear_algebra.factoring import cholesky, cholesky_solve
from nbgrad.ops.linear_algebra.solving import matrix_inverse, matrix_solve, matrix_triangular_solve
from nbgrad.ops.linear_algebra.special_matrices import eye, matrix_band_part, matrix_transpose
from nbgrad.ops.programs.conditional import cond
from nbgrad.ops.programs.custom_gradients import custom_gradient
from nbgrad.ops.programs.loops import foldl, foldr, map_fn, scan, while_loop
from nbgrad.ops.programs.python_functions import Print, py_func
from nbgrad.ops.selecting.segments import (
    segment_max,
    segment_mean,
    segment_min,
    segment_sum,
    unsorted_segment_max,
    unsorted_segment_min,
)
from nbgrad.ops.state.scattering import (
    scatter_add,
    scatter_div,
    scatter_mul,
    scatter_sub,
    scatter_update,
)
