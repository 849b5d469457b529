"""The engine: graphs, gradients that are graphs, and sessions that run them.

Read `gradients`, `graph` and `session`; each names what it leaves to others.

- What an operation means: `registry`. What becomes its operands: `operators`, `operands`, `arrays`.
- What stands around a graph: `names`, `scopes`, `default_graph`, and TensorFlow's `face` of it.
- Around the reverse pass: its record in `reverse`, what it is given in `endpoints`, the reasons for
  a None in `absence`.
- From fetches to values: `feeds`, `plan_builder`, `calls`, `plan`, `running`.
- Ground: `shapes`, `dtypes`, `errors`, `source` (the user's lines), `typing`.
"""
