"""Derivatives checked: `tf.test`, and the estimates behind `nbgrad.check_gradient`."""

from nbgrad.checks import test

__all__ = ["test"]
