"""What a picture shows as one card: folds of layers, losses and scopes, ladders, and groups."""

from nbgrad.trace.folding.choice import (
    CHAIN,
    CROWD,
    Opened,
    can_be_opened,
    folds_of,
)
from nbgrad.trace.folding.fold import FOLD, Fold, Folds, folded
from nbgrad.trace.folding.groups import NodeGroup, groups_of
from nbgrad.trace.folding.ladders import is_absorbed, ladders

__all__ = [
    "CHAIN",
    "CROWD",
    "FOLD",
    "Fold",
    "Folds",
    "NodeGroup",
    "Opened",
    "can_be_opened",
    "folded",
    "folds_of",
    "groups_of",
    "is_absorbed",
    "ladders",
]
