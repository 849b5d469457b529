"""TensorFlow's `tf.train`: optimisers."""

from nbgrad.train.optimizer import GradientDescentOptimizer, Optimizer

__all__ = ["GradientDescentOptimizer", "Optimizer"]
