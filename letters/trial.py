"""Pages on which nothing is written, to find out how many a paper takes and whether a form fits on
one."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from letters import fonts
from letters.pages import Furniture, Geometry, LayoutCache, Pages, foot_height
from letters.text import Ink, Style, TextLine


class Blank(Pages):
    """Pages on which nothing is written: how many a paper takes, in a fraction of the time."""

    blank = True

    def __init__(
        self, geometry: Geometry, around: Furniture, total: int = 0, kept: LayoutCache | None = None
    ) -> None:
        fonts.load_faces()
        self.geometry, self.around, self.total = geometry, around, total
        self.kept = kept or LayoutCache()
        self.foot_height = foot_height(around)
        self.canvas = _Nothing()
        self.ink = cast(Ink, self.canvas)
        self.number, self.y = 0, 0.0
        self.turn()

    def turn(self) -> None:
        """Count the next page."""
        self.number, self.y = self.number + 1, 0.0

    def write(self, line: TextLine, style: Style, x: float, y: float, width: float) -> None:
        """Writes nothing."""

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draws nothing."""

    def _matrix(self, matrix: list[bytes], x: float, y: float, whole: float) -> None:
        pass


class _Nothing:
    """Takes every call of a canvas."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_args: None
