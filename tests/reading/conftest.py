"""A decided case of the program's own, made once; every test works on a copy."""

from __future__ import annotations

from tests.archive.conftest import decided, grown, mould

__all__ = ["decided", "grown", "mould"]
