"""Small pieces that several papers name: officers, violations, served papers. Plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Officer:
    """An officer with the number of the enforcement card (统计执法证)."""

    name: str
    card: str


@dataclass(frozen=True)
class Violation:
    """One violation as a paper states it.

    `facts` in whole sentences; `breaches` the duty broken, `basis` the article that sets the
    penalty, each with the name and version of the law that governs the day of the conduct (行政处罚
    法 §37). Of interference (统计法 §§40–42) no duty is cited, but `says`: what the article gives,
    in its own words.
    """

    facts: str
    breaches: str
    basis: str
    says: str = ""
    quoted: str = ""  # the duty in full


@dataclass(frozen=True)
class Ground:
    """Duty and penalty article that one or more violations share."""

    breaches: str
    basis: str
    says: str = ""
    quoted: str = ""


def grounds(violations: tuple[Violation, ...]) -> tuple[Ground, ...]:
    """Each pair of duty and penalty article once, in the order of the violations."""
    return tuple(dict.fromkeys(Ground(v.breaches, v.basis, v.says, v.quoted) for v in violations))


@dataclass(frozen=True)
class Official:
    """A public employee for whom a sanction is proposed (统计法 2024 §46)."""

    name: str
    post: str  # office and post, as one: 某镇副镇长


@dataclass(frozen=True)
class ServedPaper:
    """A paper that was handed over, as the receipt lists it: its title and number."""

    title: str
    number: str


@dataclass(frozen=True)
class DishonestFirm:
    """One line of the public list (企业统计信用管理办法 §14)."""

    name: str
    credit_code: str
    address: str
    representative: str
    violation: str
    handling: str
    decision_number: str
    shown_from: str
    shown_until: str
