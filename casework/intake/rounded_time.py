"""The time that is kept of what an anonymous informant sends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from casework.procedure.settings import Settings
from casework.web.filters import SHANGHAI


def rounded(now: datetime, settings: Settings) -> datetime:
    """The time of an anonymous web tip as it is kept and shown: rounded down within its day in
    Shanghai, so that nobody who knows when a person sat at a computer finds the tip by its
    minute."""
    minutes = max(1, int(settings.number("tip.rounding")))
    local = now.astimezone(SHANGHAI)
    since = (local.hour * 60 + local.minute) // minutes * minutes
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(minutes=since)).astimezone(UTC)
