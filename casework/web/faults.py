"""A fault as the log may have it: its kind and where it arose. Never its message: that may hold
what a person wrote, and those of the database hold whole rows."""

from __future__ import annotations

import traceback

_DEEPEST = 5  # faults behind a fault


def told(error: BaseException) -> str:
    """An error as text for the log: kind and places, line by line, followed by its cause; never its
    message."""
    lines: list[str] = []
    now: BaseException | None = error
    for _ in range(_DEEPEST):
        if now is None:
            break
        lines.append(f"{type(now).__module__}.{type(now).__qualname__}{_code(now)}")
        lines += [
            f"  {f.filename}:{f.lineno} in {f.name}"
            for f in traceback.extract_tb(now.__traceback__)
        ]
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)
    return "\n".join(lines)


def _code(error: BaseException) -> str:
    """The database's own word for it, e.g. SQLITE_BUSY or 40001: a name from its list, nothing of
    ours."""
    behind = getattr(error, "orig", None) or error
    code = (
        getattr(behind, "sqlite_errorname", "")
        or getattr(behind, "sqlstate", "")
        or getattr(behind, "errno", "")
    )
    return f" ({code})" if code else ""
