"""The mathematics: every operation as a NumPy kernel, with the rule for its gradient below it.

Read `arithmetic` first, then `define`, which has the two decorators.

- Element by element: `functions`, `activations`, `piecewise`, `division`, `logic`,
  `complex_numbers`.
- Arrays: `copying`, `shaping`, `joining`, `slicing`, `indexing`, `ranking`, `reductions`.
- Matrices and networks: `matrix`, `solving`, `softmax`, `convolution`.
- Where values come from: `constants`, `random`, `variables`.
- Programs: `control`, `python_functions`.

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
    python_functions,
    random,
    ranking,
    reductions,
    shaping,
    slicing,
    softmax,
    solving,
    variables,
)
