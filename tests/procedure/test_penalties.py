"""Which law, which ceiling, which words."""

from datetime import date
from decimal import Decimal

import pytest

from casework.procedure.codes import identity_number_good, unit_code
from casework.procedure.jurisdiction import propose_handler
from casework.procedure.penalties import penalties
from casework.procedure.settings import SettingError, shipped
from casework.procedure.terms import Figure, Money, Period, SubjectKind, Unit

OLD, NEW = date(2024, 9, 12), date(2024, 9, 13)
E = SubjectKind.ENTERPRISE


@pytest.mark.parametrize(
    ("kind", "code", "end", "serious", "yuan"),
    [
        (E, "V3", OLD, False, 50_000),
        (E, "V3", OLD, True, 200_000),
        (E, "V3", NEW, False, 100_000),
        (E, "V3", NEW, True, 500_000),
        (SubjectKind.SOLE_TRADER, "V3", NEW, True, 10_000),
        (E, "V10", OLD, False, 10_000),
        (E, "V10", NEW, False, 50_000),
        (SubjectKind.SOLE_TRADER, "V10", NEW, False, 1_000),
    ],
)
def test_ceilings(kind: SubjectKind, code: str, end: date, serious: bool, yuan: int) -> None:
    assert penalties().ceiling(kind, code, end, serious) == Money.of_yuan(yuan)


@pytest.mark.parametrize("code", ["V1", "V3", "V10"])
def test_a_township_government_is_never_fined(code: str) -> None:
    """统计法 2024 §44: 国家机关 — 责令改正、警告、通报, no fine."""
    assert penalties().ceiling(SubjectKind.STATE_ORGAN, code, NEW) is None


def test_a_person_in_a_census_is_never_fined() -> None:
    assert penalties().ceiling(SubjectKind.PERSON, "V12", NEW) is None


def test_a_census_case_takes_the_lower_amount_and_goes_to_the_reviewer() -> None:
    p = penalties()
    assert p.ceiling(E, "V3", NEW, census=True) == Money.of_yuan(50_000)
    assert p.census_conflict("V3", NEW, census=True)
    assert not p.census_conflict("V3", OLD, census=True)


def test_late_filing_before_the_amendment_is_not_circulated() -> None:
    assert not penalties().may_circulate("V10", OLD)
    assert penalties().may_circulate("V10", NEW)


def test_articles_name_the_version() -> None:
    assert (
        penalties().article("V3", NEW)
        == "《中华人民共和国统计法》（2024年修正）第四十四条第一款第二项"
    )
    assert "2009" in penalties().article("V3", OLD)


def test_the_yuhang_figures() -> None:
    """杭州市余杭区统计局 2015: 4,441 ÷ 5,087 = 87.3 %; 2,011 ÷ 8,398 = 23.9 %."""
    rates = [
        Figure("x", Decimal(a), Decimal(b), "千元").error_rate
        for a, b in ((646, 5087), (10409, 8398))
    ]
    assert [f"{r:.1%}" for r in rates if r is not None] == ["87.3%", "23.9%"]
    assert Figure("x", Decimal(5), Decimal(0), "千元").error_rate is None


@pytest.mark.parametrize(
    ("subject", "by", "handler"),
    [
        ("丰都县统计局", "bureau", "up"),
        ("丰都县人民政府", "bureau", "up"),
        ("某企业", "survey_team", "survey_team"),
        ("高家镇人民政府", "bureau", "ours"),
    ],
)
def test_jurisdiction(subject: str, by: str, handler: str) -> None:
    found = propose_handler(
        subject=subject, bureau="丰都县统计局", government="丰都县人民政府", survey_by=by
    )
    assert found.handler == handler
    assert found.basis


@pytest.mark.parametrize(
    ("subject", "handler"),
    [
        ("丰都县政府", "up"),
        ("县人民政府", "up"),
        ("县政府", "up"),
        ("重庆市丰都县人民政府", "up"),
        ("丰都县委、县政府", "up"),
        ("县委县政府", "up"),
        (" 丰都县 人民政府", "up"),
        ("丰都县人民政府某副县长", "up"),
        ("县统计局", "up"),
        ("丰都县统计局局长", "up"),
        ("丰都县人民政府办公室", "ours"),
        ("县政府办", "ours"),
        ("丰都县三建乡人民政府", "ours"),
        ("三建乡政府", "ours"),
        ("丰都县财政局", "ours"),
        ("高家镇统计站", "ours"),
        ("丰都县统建有限公司", "ours"),
        ("忠县人民政府", "ours"),
        ("", "ours"),
    ],
)
def test_bodies_are_known_by_what_people_call_them(subject: str, handler: str) -> None:
    assert (
        propose_handler(subject=subject, bureau="丰都县统计局", government="丰都县人民政府").handler
        == handler
    )


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("11500230008686473P", "good"),
        ("91350100M000100Y43", "good"),
        ("91350100M000100Y4Z", "wrong"),
        ("91350211M0000XUF46", "doubtful"),
        ("91350100M0001TGQXM", "doubtful"),
        ("123", "wrong"),
        ("", "none"),
        ("无", "none"),
        (" 9135 0100-m000100y43\u200b", "good"),
        ("９１３５０１００Ｍ０００１００Ｙ４３", "good"),
        ("11010519491231002X", "identity"),
        ("110105491231002", "doubtful"),
        ("500230600123456", "doubtful"),
        ("208680012", "doubtful"),
        ("9.15002E+17", "wrong"),
    ],
)
def test_credit_codes(code: str, state: str) -> None:
    assert unit_code(code).state == state


def test_identity_numbers_by_checksum_and_birth_date_only() -> None:
    assert identity_number_good("11010519491231002X")
    assert not identity_number_good("110105194912310021")
    assert not identity_number_good("110105194913310021")


def test_settings_know_what_is_unverified() -> None:
    s = shipped()
    assert s.period("tip.notify_days") == Period(15, Unit.DAY)
    assert "defence.period" in {x.key for x in s.unverified()}
    own = s.with_values({"defence.period": "5 workday"})
    assert own.period("defence.period") == Period(5, Unit.WORKDAY)
    assert own.setting("defence.period").verified


@pytest.mark.parametrize(
    ("key", "value"),
    [("defence.period", "soon"), ("nothing.here", "1 day"), ("pay.surcharge", "x")],
)
def test_a_bad_setting_is_refused_by_name(key: str, value: str) -> None:
    with pytest.raises(SettingError, match=key):
        shipped().with_values({key: value})


@pytest.mark.parametrize(
    ("kind", "code", "good"),
    [
        (E, "V11", True),
        (SubjectKind.SOLE_TRADER, "V10", True),
        (SubjectKind.SOLE_TRADER, "V11", False),
        (SubjectKind.STATE_ORGAN, "V11", True),
        (SubjectKind.PERSON, "V3", False),
        (E, "V12", False),
    ],
)
def test_whom_the_law_threatens(kind: SubjectKind, code: str, good: bool) -> None:
    """统计法 2024 §45: the third paragraph names a sole trader for late filing alone, not for
    ledgers."""
    assert penalties().reaches(kind, code) == good
    if kind is SubjectKind.SOLE_TRADER and not good:
        assert penalties().ceiling(kind, code, NEW) is None


LAW = "《中华人民共和国统计法》（2024年修正）"


@pytest.mark.parametrize(
    ("kind", "code", "asked", "cited"),
    [
        (E, "V3", {"kinds": ["warning"]}, f"{LAW}第四十四条第一款第二项"),
        (E, "V3", {"kinds": ["warning", "fine"]}, f"{LAW}第四十四条第一款第二项、第二款"),
        (E, "V10", {"kinds": ["warning", "fine"]}, f"{LAW}第四十五条第一款、第二款"),
        (
            SubjectKind.SOLE_TRADER,
            "V3",
            {"kinds": ["warning"]},
            f"{LAW}第四十四条第一款第二项、第三款",
        ),
        (SubjectKind.SOLE_TRADER, "V10", {"kinds": ["warning", "fine"]}, f"{LAW}第四十五条第三款"),
        (
            SubjectKind.STATE_ORGAN,
            "V3",
            {"kinds": ["warning", "circular"]},
            f"{LAW}第四十四条第一款第二项",
        ),
        (
            E,
            "V3",
            {"kinds": ["warning", "fine"], "serious_ground": "harmful"},
            f"{LAW}第四十四条第一款第二项、第二款、《中华人民共和国统计法实施条例》第五十条第三项",
        ),
    ],
)
def test_a_fine_names_the_paragraph_that_allows_it(
    kind: SubjectKind, code: str, asked: dict[str, object], cited: str
) -> None:
    """行政处罚法 §59(三): the kind of the penalty, and what it rests on."""
    assert penalties().basis(kind, {"code": code, "conduct_end": NEW.isoformat()}, asked) == cited


def test_the_census_regulation_is_cited_where_its_amounts_were_applied() -> None:
    row, asked = (
        {"code": "V3", "conduct_end": NEW.isoformat(), "census": True},
        {"kinds": ["warning", "fine"]},
    )
    assert (
        penalties()
        .basis(E, row, asked, census_regulation=True)
        .endswith("、《全国经济普查条例》第三十六条")
    )
    assert "普查条例" not in penalties().basis(E, row, asked, census_regulation=False)
    assert "普查条例" not in penalties().basis(
        E, {**row, "conduct_end": OLD.isoformat()}, asked, census_regulation=True
    )
