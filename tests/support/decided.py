"""Decisions that are made public, for tests that read them there."""

from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive

GROUND = {"ground": "fabricated", "facts": "编造并提供不真实统计资料。"}


LAW = {
    "facts": "编造并提供不真实统计资料。",
    "articles": "《统计严重失信企业信用管理办法》（国家统计局令第35号）",
}


def decided(team: Team, bureau: Bureau, fine_fen: int = 3_000_000) -> Walk:
    case = drive(case_of(team, bureau), "served", fine_fen)
    return case.at(road.later(case.day, 1))


def announced(team: Team, bureau: Bureau) -> Walk:
    case = decided(team, bureau)
    case.take("assess_dishonesty", GROUND)
    case.take("dishonesty_notice", LAW, "dishonesty-1")
    case.serve("dishonesty_notice")
    return case.at(road.later(case.day, 20))


# -- the entry of dishonesty speaks of its own determination
def listed(team: Team, bureau: Bureau) -> Walk:
    case = announced(team, bureau)
    case.at(road.later(case.day, 200)).take("determine", LAW, "dishonesty-1")
    case.serve("dishonesty_decision")
    case.take("list_entry", {"summary": LAW["facts"]}, "dishonesty-1")
    tick(case.now)
    return case
