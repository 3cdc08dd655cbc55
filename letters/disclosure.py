"""Papers of disclosure."""

from __future__ import annotations

from dataclasses import dataclass

from letters.base import Letter
from letters.parts import DishonestFirm


@dataclass(frozen=True, kw_only=True)
class DisclosureList(Letter):
    """统计严重失信企业公示名单 — fields of 企业统计信用管理办法 §14. An empty list says so."""

    kind = "disclosure_list"

    firms: tuple[DishonestFirm, ...] = ()
