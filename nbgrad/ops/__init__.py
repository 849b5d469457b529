"""The mathematics: every operation as a NumPy kernel, with the rule for its gradient below it.

Read `arithmetic` first, then `define`, which has the two decorators.

- Element by element: `functions`, `piecewise` (maximum, rounding, remainders), `logic`
  (comparisons, where), `complex_numbers`.
- Arrays: `copying` (identity, stop_gradient, cast, tile), `shaping`, `parts` (slices, pad, concat,
  split), `indexing` (gather, one_hot, segments), `reductions` (argmax, top_k, cumsum).
- Matrices and networks: `matrix`, `solving`, `activations` (softmax), `convolution` (pooling).
- Where values come from: `constants` (placeholder, zeros, range), `state` (variables, random).
- Programs: `control` (cond, custom_gradient, py_func, Print).

`catalogue` prints all of them with their rules.
"""

from nbgrad.ops import (  # noqa: F401 - each registers its operations
    activations,
    arithmetic,
    complex_numbers,
    constants,
    control,
    convolution,
    copying,
    functions,
    indexing,
    logic,
    matrix,
    parts,
    piecewise,
    reductions,
    shaping,
    solving,
    state,
)
