"""The operations of linear algebra, `tf.linalg.…`."""

from nbgrad.ops.diagonals import diag as tensor_diag
from nbgrad.ops.diagonals import diag_part as tensor_diag_part
from nbgrad.ops.diagonals import matrix_band_part, matrix_diag, matrix_diag_part, matrix_transpose
from nbgrad.ops.diagonals import matrix_band_part as band_part
from nbgrad.ops.diagonals import matrix_diag as diag
from nbgrad.ops.diagonals import matrix_diag_part as diag_part
from nbgrad.ops.diagonals import matrix_transpose as transpose
from nbgrad.ops.matrix import matmul
from nbgrad.ops.solving import cholesky
from nbgrad.ops.solving import matrix_determinant as det
from nbgrad.ops.solving import matrix_inverse as inv
from nbgrad.ops.solving import matrix_solve as solve
from nbgrad.ops.solving import matrix_triangular_solve as triangular_solve
from nbgrad.tf1.clipping import global_norm
from nbgrad.tf1.linalg import (
    cholesky_solve,
    einsum,
    eye,
    l2_normalize,
    logdet,
    norm,
    slogdet,
    tensordot,
)
from nbgrad.tf1.linalg import trace_of as trace
