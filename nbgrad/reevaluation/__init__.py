"""A graph as a function of some of its tensors: run again with others, or in another precision."""

from nbgrad.reevaluation.held_graph import HeldGraph
from nbgrad.reevaluation.reevaluation import PRECISIONS, Reevaluation

__all__ = ["PRECISIONS", "HeldGraph", "Reevaluation"]
