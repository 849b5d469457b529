"""Every operation, loaded: where the whole registry is read, or its gradient rules changed.

The namespaces load when a program first uses them. A list made before would lack operations, and
a rule registered before would be overwritten by the operation's own; so `nbgrad` takes what does
either from here.
"""

from nbgrad.ops.catalogue import operations
from nbgrad.ops.namespaces import linalg, losses, math, nn, random, root
from nbgrad.registry import NoGradient, NotDifferentiable, RegisterGradient

NAMESPACES = (root, linalg, losses, math, nn, random)

__all__ = ["NAMESPACES", "NoGradient", "NotDifferentiable", "RegisterGradient", "operations"]
