"""The engine: graphs, gradients that are graphs, and sessions that run them.

Read `gradients`, `graph` and `session`; each names what it leaves to others.

- What an operation means: `registry`; a table of all: `catalogue`. What becomes its operands and
  attributes: `operators`, `operands`, `attributes`.
- What stands around a graph: `scopes`, and TensorFlow's `face` of it.
- Around the reverse pass: its record, and the reasons for a None, in `reverse`; what it is given in
  `endpoints`.
- From fetches to values: `plan_builder`, `plan`, `running`.
- Ground: `shapes`, `dtypes`, `errors` (with the user's lines), `settings`.
"""
