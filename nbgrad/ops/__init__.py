"""The mathematics: every operation as a NumPy kernel, its gradient rule directly below it.

`define` has the two decorators, `calling` makes public functions with TensorFlow's arguments.
Read `elementwise` first. Then, by what they do to numbers:

- one by one: `powers`, `functions`, `activations`, `piecewise` (kinks), `guarded` (0 · ∞),
  `logic`, `complex_numbers`;
- many into few: `reductions`, `extremes`, `statistics`, `norms`, `cumulative`, `segments`;
- moved or picked: `arrays`, `sizes`, `reshaping`, `joining`, `concatenation`, `slicing`,
  `padding`, `indexing`, `ranking`;
- matrices: `linalg`, `contraction`, `matrices`, `solving`;
- networks: `windows`, `convolution`, `pooling`, `probabilities`, `losses`, `clip`;
- where values come from: `sources`, `sequences`, `randomness`, `state`.

`catalogue` prints them all with their rules; `namespaces` gives them TensorFlow's names.
"""
