"""Sessions: from fetches and feeds to a plan, and from a plan to values."""

from nbgrad.session.default_session import get_default_session, session_or_default
from nbgrad.session.session import Session

__all__ = ["Session", "get_default_session", "session_or_default"]
