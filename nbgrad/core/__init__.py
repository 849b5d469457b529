"""The engine: graphs, gradients that are graphs, and sessions that run them.

Read `registry`, `reverse`, `graph` and `session`; each names what it leaves to others.

- What an operation is: `registry`, with `traits`; a table of all: `catalogue`. What becomes its
  operands and attributes: `operators`, `operands`, `attributes`.
- What stands around a graph: `scopes`, and TensorFlow's `face` of it; what holds for a `notebook`.
- Around the reverse pass: what it is given, in `endpoints`; what it returns, and the reasons for a
  None, in `gradients`.
- From fetches to values: `plan_builder`, `plan`, `running`.
- Ground: `shapes`, `dtypes`, `errors` (with the user's lines).
"""
