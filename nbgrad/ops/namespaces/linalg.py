"""The operations of linear algebra, `tf.linalg.…`."""

from nbgrad.ops.clip import global_norm
from nbgrad.ops.contraction import einsum, tensordot
from nbgrad.ops.determinants import matrix_determinant as det
from nbgrad.ops.determinants import slogdet
from nbgrad.ops.diagonals import diag as tensor_diag
from nbgrad.ops.diagonals import diag_part as tensor_diag_part
from nbgrad.ops.diagonals import matrix_diag, matrix_diag_part
from nbgrad.ops.diagonals import matrix_diag as diag
from nbgrad.ops.diagonals import matrix_diag_part as diag_part
from nbgrad.ops.factoring import cholesky, cholesky_solve, logdet
from nbgrad.ops.linalg import matmul
from nbgrad.ops.matrices import eye, matrix_band_part, matrix_transpose
from nbgrad.ops.matrices import matrix_band_part as band_part
from nbgrad.ops.matrices import matrix_transpose as transpose
from nbgrad.ops.matrices import trace_of as trace
from nbgrad.ops.norms import l2_normalize, norm
from nbgrad.ops.solving import matrix_inverse as inv
from nbgrad.ops.solving import matrix_solve as solve
from nbgrad.ops.solving import matrix_triangular_solve as triangular_solve
