"""Three witnesses to a derivative, and how far they agree."""

from nbgrad.witnesses.estimates import STEPS, DerivativeCheck, Estimates, Witnesses

__all__ = ["STEPS", "DerivativeCheck", "Estimates", "Witnesses"]
