"""Derivatives checked: `tf.test`, and the estimates behind `nbgrad.check_gradient`."""
