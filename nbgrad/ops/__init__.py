"""The mathematics: every operation as a NumPy kernel, with the rule for its gradient below it.

Read `arithmetic` first, then `define`, which has the two decorators.

- Element by element: `functions`, `activations`, `piecewise` (maximum, rounding), `division`,
  `logic` (comparisons, where), `complex_numbers`.
- Arrays: `copying` (identity, stop_gradient, cast, tile), `shaping`, `joining`, `slicing` (pad),
  `indexing` (gather, one_hot), `segments`, `ranking`, `reductions` (cumsum).
- Matrices and networks: `matrix`, `solving`, `softmax`, `convolution` (pooling).
- Where values come from: `constants` (placeholder, zeros, range), `random`, `variables`.
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
    division,
    functions,
    indexing,
    joining,
    logic,
    matrix,
    piecewise,
    random,
    ranking,
    reductions,
    segments,
    shaping,
    slicing,
    softmax,
    solving,
    variables,
)
