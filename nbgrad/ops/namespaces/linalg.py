"""The operations of linear algebra, `tf.linalg.…`."""

from nbgrad.ops.linear_algebra.contraction import einsum, tensordot
from nbgrad.ops.linear_algebra.determinants import matrix_determinant as det
from nbgrad.ops.linear_algebra.determinants import slogdet
from nbgrad.ops.linear_algebra.diagonals import diag as tensor_diag
from nbgrad.ops.linear_algebra.diagonals import diag_part as tensor_diag_part
from nbgrad.ops.linear_algebra.diagonals import matrix_diag, matrix_diag_part
from nbgrad.ops.linear_algebra.diagonals import matrix_diag as diag
from nbgrad.ops.linear_algebra.diagonals import matrix_diag_part as diag_part
from nbgrad.ops.linear_algebra.factoring import cholesky, cholesky_solve, logdet
from nbgrad.ops.linear_algebra.matrix_product import matmul
from nbgrad.ops.linear_algebra.solving import matrix_inverse as inv
from nbgrad.ops.linear_algebra.solving import matrix_solve as solve
from nbgrad.ops.linear_algebra.solving import matrix_triangular_solve as triangular_solve
from nbgrad.ops.linear_algebra.special_matrices import eye, matrix_band_part, matrix_transpose
from nbgrad.ops.linear_algebra.special_matrices import matrix_band_part as band_part
from nbgrad.ops.linear_algebra.special_matrices import matrix_transpose as transpose
from nbgrad.ops.linear_algebra.special_matrices import trace_of as trace
from nbgrad.ops.networks.clipping import global_norm
from nbgrad.ops.reductions.norms import l2_normalize, norm
