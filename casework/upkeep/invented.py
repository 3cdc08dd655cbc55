"""Invented firms for demonstrations: names, addresses, representatives, and credit codes whose
check digit holds."""

from __future__ import annotations

import random

from sqlalchemy import select

from casework.people.models import Township, Unit
from casework.procedure.codes import credit_check
from casework.store import db, writing

WORDS = (
    "汇锦",
    "渝丰",
    "川东",
    "长江",
    "名山",
    "龙河",
    "平都",
    "雪玉",
    "南天",
    "双桂",
    "包鸾",
    "栗香",
    "仙女",
    "三合",
    "江池",
    "高镇",
)
TRADES = (
    "机械制造有限公司",
    "粮油有限公司",
    "水泥粉磨有限公司",
    "建材有限公司",
    "食品有限公司",
    "物流有限公司",
    "商贸有限公司",
    "电子有限公司",
)
SURNAMES = "冉秦谭向罗邓付周陈李王张刘杨黄孙蒋熊余彭"
GIVEN = (
    "光华",
    "建平",
    "晓琴",
    "永明",
    "世伟",
    "国强",
    "丽华",
    "志远",
    "成林",
    "秀英",
    "德兵",
    "云川",
    "海燕",
    "长江",
    "祥",
)
STREETS = ("平都大道", "滨江路", "工业园区一路", "文化路", "新建街", "龙城大道")
FIRMS = 64  # of the tips; as many others are those of the scenes


def make_units(bureau_id: int) -> None:
    """Add the invented firms to a bureau's register."""
    # the same firms every time
    chance = random.Random(20261123)  # noqa: S311
    query = (
        select(Township.code, Township.name)
        .where(Township.bureau_id == bureau_id)
        .order_by(Township.code)
    )
    towns = {code: name for code, name in db.session.execute(query)}
    units = []
    for i in range(2 * FIRMS):
        first = f"91500230MA{i:03d}{chance.randrange(10_000):04d}"
        first = (first + "X" * 17)[:17].replace("I", "1").replace("O", "0")
        town = chance.choice(list(towns))
        name = f"重庆{WORDS[i % 16]}{TRADES[(i // 16 + i) % 8]}"
        units.append(
            Unit(
                bureau_id=bureau_id,
                name=name,
                credit_code=first + credit_check(first),
                kind="enterprise",
                township=town,
                address=(
                    f"重庆市丰都县{towns[town]}{chance.choice(STREETS)}{chance.randrange(2, 180)}号"
                ),
                representative=chance.choice(SURNAMES) + chance.choice(GIVEN),
            )
        )
    with writing() as session:
        session.add_all(units)


def party(unit: Unit) -> dict[str, str]:
    """A firm as the answers that name a respondent."""
    return {
        "name": unit.name,
        "kind": unit.kind,
        "credit_code": unit.credit_code or "",
        "address": unit.address,
        "representative": unit.representative,
        "township": unit.township,
    }
