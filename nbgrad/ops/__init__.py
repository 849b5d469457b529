"""The mathematics: every operation as a NumPy kernel, with the rule for its gradient below it.

Read `arithmetic` first, then `define`, which has the two decorators.

- Element by element: `functions` (also of complex numbers), `piecewise` (maximum, rounding,
  remainders), `logic` (comparisons, where).
- Arrays: `shaping` (reshape, transpose, cast, tile), `parts` (slices, pad, concat, split),
  `indexing` (gather, one_hot, segments), `reductions` (argmax, top_k, cumsum).
- Matrices and networks: `matrix`, `solving`, `activations` (softmax), `convolution` (pooling).
- Where values come from: `sources` (placeholder, zeros, range, variables, random).
- Programs: `control` (identity, stop_gradient, cond, custom_gradient, py_func, Print).

`tf.operations()` prints all of them with their rules.
"""

from nbgrad.ops import (  # noqa: F401 - each registers its operations
    activations,
    arithmetic,
    control,
    convolution,
    functions,
    indexing,
    logic,
    matrix,
    parts,
    piecewise,
    reductions,
    shaping,
    solving,
    sources,
)
