"""The mathematics: every operation as a NumPy kernel, its gradient rule directly below it.

`define` has the two decorators, `calling` makes public functions with TensorFlow's arguments,
`docstrings` what `help()` says of them; `shape_rules` are those that several operations share.
Read `elementwise` first. Then, by what they do to numbers:

- one by one: `division`, `powers`, `functions`, `error_function`, `activations`, `piecewise`
  (kinks), `remainders`, `guarded` (0 · ∞), `logic`, `complex_numbers`, `magnitudes`;
- many into few: `reductions`, `products`, `extremes`, `statistics`, `normalization`, `norms`,
  `cumulative`, `segments`;
- copied: `arrays`, `casts`, `barriers` (for gradients), `filling`;
- moved or picked: `sizes`, `reshaping`, `reordering`, `joining`, `concatenation`, `slicing`,
  `spans`, `padding`, `indexing`, `picking`, `ranking`, `positions`, `marking`;
- matrices: `linalg`, `contraction`, `matrices`, `diagonals`, `solving`, `determinants`,
  `factoring`;
- networks: `affine`, `windows`, `convolution`, `pooling`, `probabilities`, `losses`,
  `class_losses`, `logistic_losses`, `dropping`, `clip`;
- `tf.losses`: `batch_losses`, `batch_logistic_losses`, `batch_class_losses`, `comparing`,
  `averaged_losses`, `listed_losses`;
- where values come from: `sources`, `conversion`, `sequences`, `randomness`, `seeding`;
- what lasts from run to run: `state`, `assigning`, `scattering`;
- programs: `conditional`, `control`, `custom`, `python`.

`subscripts` says which cells a cell is made of. `catalogue` prints the operations with their
rules; `namespaces` gives them TensorFlow's names.
"""

from nbgrad.registry import complete_with

complete_with("nbgrad.ops.every")
