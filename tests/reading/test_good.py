"""The file written by hand is good by every rule, and the rules are whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from casework.reading import rule
from tests.reading import good


def test_a_lawful_file_has_no_fault() -> None:
    record = good.recorded(good.built())
    assert rule.reading_faults(rule.read_file(record)) == []
    assert not [v.rule.id for v in rule.read_file(record) if v.state == rule.PENDING]


def test_each_stage_of_it_is_good_so_far() -> None:
    for n in range(1, len(good.ROAD)):
        record = good.recorded(
            good.built(*good.ROAD[:n]), today=good.built(*good.ROAD[:n]).entries[-1].on
        )
        assert rule.reading_faults(rule.read_file(record)) == [], n


def test_the_host_may_review_as_well() -> None:
    """行政处罚法 §64第四项 keeps investigators alone from the chair, §58 names no host: decision
    0051."""
    f = good.built()
    good.change(f, "hearing_notice", host=good.LEGAL)
    f.entries = [
        replace(e, by=good.LEGAL) if e.step in ("hearing_held", "hearing_report") else e
        for e in f.entries
    ]
    f.entries = [
        replace(e, by=good.LEADER) if e.step == "hearing_report" and e.verb == "done" else e
        for e in f.entries
    ]
    assert good.red(good.recorded(f)) == set()


def test_most_rules_have_something_to_say_of_it() -> None:
    said = Counter(v.state for v in rule.read_file(good.recorded(good.built())))
    assert said[rule.GREEN] > 60


def test_every_rule_has_a_sentence_in_both_languages_an_article_and_a_day() -> None:
    for r in rule.rules():
        assert r.zh
        assert r.en
        assert "§" in r.basis or "号" in r.basis or "待核" in r.basis, r.id
        assert r.since.year >= 2010
