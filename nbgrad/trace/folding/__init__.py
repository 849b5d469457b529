"""What a picture shows as one card: folds of layers, losses and scopes, and ladders."""

from nbgrad.trace.folding.choice import (
    CHAIN,
    CROWD,
    Opened,
    can_be_opened,
    folds_of,
    is_opened,
    structure_of,
)
from nbgrad.trace.folding.fold import FOLD, Fold, Folds, folded, plain_folds
from nbgrad.trace.folding.ladders import is_absorbed, ladders
from nbgrad.trace.folding.regions import Structure, common_scope, scopes_above

__all__ = [
    "CHAIN",
    "CROWD",
    "FOLD",
    "Fold",
    "Folds",
    "Opened",
    "Structure",
    "can_be_opened",
    "common_scope",
    "folded",
    "folds_of",
    "is_absorbed",
    "is_opened",
    "ladders",
    "plain_folds",
    "scopes_above",
    "structure_of",
]
