"""The mathematics: every operation as a NumPy kernel, its gradient rule directly below it.

Read `elementwise/arithmetic` first. The folders go by what is done to numbers, each built on those
before it:

- `copying`: the same elements again, as they are, in another dtype, or repeated;
- `elementwise`: arithmetic, functions, comparisons, activations, one element at a time;
- `rearranging`: the same elements in another shape or order, joined or cut;
- `sources`: where values come from: constants, sequences, random numbers;
- `reductions`: many elements into one;
- `selecting`: elements chosen by position or by rank, and grouped by number;
- `linear_algebra`: products, solutions, determinants, factors;
- `networks`: convolutions, probabilities, losses for each example;
- `batch_losses`: `tf.losses`, one number for a batch;
- `state`: variables and assignments; `programs`: branches, order, Python, custom gradients.

`define` has the two decorators, `calling` makes public functions with TensorFlow's arguments,
`docstrings` what `help()` says of them. `shape_rules` are those that several operations share,
`subscripts` say which cells a cell is made of. `catalogue` prints the operations with their rules;
`namespaces` gives them TensorFlow's names.
"""

from nbgrad.ops import (  # noqa: F401
    activations,
    arithmetic,
    complex_numbers,
    constants,
    control,
    convolution,
    copying,
    custom_gradient,
    diagonals,
    division,
    functions,
    indexing,
    joining,
    logic,
    matrix,
    pooling,
    random,
    ranking,
    reductions,
    rounding,
    shaping,
    slicing,
    softmax,
    solving,
    variables,
)
