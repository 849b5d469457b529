"""`import nbgrad.compat.v1 as tf`, for programs that begin with `import tensorflow.compat.v1`."""

from nbgrad.compat import v1

__all__ = ["v1"]
