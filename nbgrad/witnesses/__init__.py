"""Three witnesses to a derivative, and how far they agree."""

from nbgrad.witnesses.witnesses import STEPS, Case, Hearing, Statement, agreeing

__all__ = ["STEPS", "Case", "Hearing", "Statement", "agreeing"]
