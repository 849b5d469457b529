"""Sessions: from fetches and feeds to a plan, and from a plan to values."""

from nbgrad.session.session import (
    InteractiveSession,
    Session,
    get_default_session,
    session_or_default,
)

__all__ = ["InteractiveSession", "Session", "get_default_session", "session_or_default"]
