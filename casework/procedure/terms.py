"""Plain words of the field that every floor shares: kinds, sums and periods. No behaviour beyond
themselves."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class SubjectKind(StrEnum):
    """Who is accused. The law fines each kind differently (统计法 2024 §§44–47)."""

    ENTERPRISE = "enterprise"  # 企业
    INSTITUTION = "institution"  # 事业单位
    ORGANISATION = "organisation"  # 其他组织
    SOLE_TRADER = "sole_trader"  # 个体工商户
    STATE_ORGAN = "state_organ"  # 国家机关（乡镇政府、部门）
    PERSON = "person"  # 个人（普查对象）


class Unit(StrEnum):
    """How a period is counted."""

    WORKDAY = "workday"  # 工作日
    DAY = "day"  # 自然日
    MONTH = "month"  # 月


@dataclass(frozen=True)
class Period:
    """A length of time as a paper prints it: «5 workdays», never a date."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a period is at least one")


@dataclass(frozen=True)
class Money:
    """A sum in whole fen (1 yuan = 100 fen). Capitals are derived when printed, never stored."""

    fen: int

    @classmethod
    def of_yuan(cls, yuan: Decimal | int | str) -> Money:
        """From yuan with at most two decimals; a finer sum is an error, not a rounding."""
        fen = Decimal(yuan) * 100
        if fen != fen.to_integral_value():
            raise ValueError(f"{yuan} yuan has more than two decimals")
        return cls(int(fen))

    @property
    def yuan(self) -> Decimal:
        """The sum in yuan, two decimals."""
        return Decimal(self.fen) / 100


@dataclass(frozen=True)
class Figure:
    """One line of the figure table (指标核对): reported against verified, in one unit."""

    indicator: str
    reported: Decimal
    verified: Decimal
    unit: str
    form: str = ""  # survey form, e.g. "B103-2"
    period: str = ""  # e.g. "2014年报"

    @property
    def difference(self) -> Decimal:
        """Reported less verified: positive = overstated (虚报), negative = understated (瞒报)."""
        return self.reported - self.verified

    @property
    def error_rate(self) -> Decimal | None:
        """|difference| ÷ |verified| as a fraction; None when nothing was to be reported (应报为零).

        The denominator is the verified figure, as in the Yuhang decision of 2015 (87.3 %, 23.9 %).
        """
        if self.verified == 0:
            return None
        return abs(self.difference) / abs(self.verified)


@dataclass(frozen=True)
class Party:
    """The respondent (当事人). One case has one."""

    name: str
    kind: SubjectKind
    credit_code: str = ""
    address: str = ""
    representative: str = ""  # 法定代表人或者负责人
    township: str = ""  # code of the township, e.g. "500230107"
    phone: str = ""


@dataclass(frozen=True)
class Card:
    """An enforcement card (统计执法证)."""

    number: str
    valid_from: str  # ISO date
    valid_until: str  # ISO date
