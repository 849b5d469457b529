"""Every operation, loaded.

The namespaces load when a program first uses them. A rule that was registered before would be
overwritten by the operation's own, so `nbgrad` takes the decorators for rules from here.
"""

from nbgrad.core.registry import NoGradient, NotDifferentiable, RegisterGradient
from nbgrad.ops import control, custom_gradient, ranking, variables  # noqa: F401
from nbgrad.ops import random as random_kernels  # noqa: F401
from nbgrad.tf1.namespaces import linalg, losses, math, nn, random, root, seldom

NAMESPACES = (root, seldom, linalg, losses, math, nn, random)

__all__ = ["NAMESPACES", "NoGradient", "NotDifferentiable", "RegisterGradient"]
