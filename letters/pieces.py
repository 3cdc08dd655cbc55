"""What the builders of many papers share: the respondent, the officers with their cards, the chain
of approvals, sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from casework.procedure import benchmark, interference
from casework.procedure.bank import bank_account
from casework.procedure.checks.decision import law_amounts_chosen
from casework.procedure.codes import printed_code
from casework.procedure.facts import ActFacts, Asked
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.penalties import penalties
from casework.procedure.remedy_bodies import remedy_bodies
from casework.procedure.terms import Money, Party, SubjectKind
from letters.answers import answer_text
from letters.base import Letter
from letters.build import PaperSource, printed_day, required
from letters.format import item_placeholders, printed_date, word
from letters.format import period as period_words
from letters.labels import HIDDEN, coded_names
from letters.parts import Officer, Violation, grounds
from letters.registry import NOTICE_KINDS
from letters.stated import conduct, with_subject

SHANGHAI = ZoneInfo("Asia/Shanghai")
DASH = "—"  # in a cell for which there is nothing

Rows = Sequence[Mapping[str, str]]


# -- who
def party(s: PaperSource) -> Party:
    """The respondent as asked for, else as on record, with the code as it may be printed. Error:
    MissingField("party")."""
    raw = s.asked.get("party")
    asked = Party(**{**raw, "kind": SubjectKind(raw["kind"])}) if raw else None
    found = required(asked or s.facts.party, "party")
    return replace(found, credit_code=printed_code(found.credit_code))


def officers(s: PaperSource) -> tuple[Officer, ...]:
    """Those present, else those assigned, each with the card that is valid on the day of issue;
    whoever has none is left out (行政处罚法 §42)."""
    present = [int(i) for i in s.asked.get("officers") or []]
    people = [s.facts.people[i] for i in present if i in s.facts.people] or list(s.facts.officers)
    cards = ((p, p.card_on(s.issue.on)) for p in people)
    return tuple(Officer(p.name, c.number) for p, c in cards if c)


def contact(s: PaperSource) -> str:
    """Whom to call about a letter: the officers of the docket, else whoever proposed it."""
    return word("join").join(o.name for o in officers(s)) or (
        s.facts.actor.name if s.facts.actor else ""
    )


# -- what was done
def violations(s: PaperSource) -> tuple[Violation, ...]:
    """Violations as a paper states them, each under the law of the day its conduct ended: of a
    penalty the offences alone, of a circular against bodies and leaders their interference, when
    the investigation or the case ends all of them."""
    rows = s.asked.get("violations") or s.facts.violations
    wrong = interference.interfering(rows)
    if s.step == "circulate_interference":
        return tuple(_interference(s, r) for r in wrong)
    others = wrong if s.step in ("investigation_report", "close") else []
    return (
        *(_violation(s, r) for r in interference.offences(rows)),
        *(_interference(s, r) for r in others),
    )


def _interference(s: PaperSource, row: Asked) -> Violation:
    """Interference as its article calls it, for a respondent of that kind."""
    who, code, end = party(s), row["code"], date.fromisoformat(row["conduct_end"])
    facts = conduct(days_of(row), str(row["what"]).rstrip("。"), _whoever(s), who.name)
    told = word("interferes", facts=facts, what=interference.item_in_words(code, end))
    return Violation(
        told, "", interference.article(who, code, end), interference.says(who, code, end)
    )


def _violation(s: PaperSource, row: Asked) -> Violation:
    """Where a penalty is proposed or imposed, with all that it rests on; else with the item
    alone."""
    end = date.fromisoformat(row["conduct_end"])
    article = penalties().article(row["code"], end)
    penalty = _penalty(s)
    if penalty.get("kinds"):
        article = penalties().basis(party(s).kind, row, penalty, not law_amounts_chosen(s.facts))
    name = penalties().violations[row["code"]].zh
    facts = with_subject(str(row["what"]).rstrip("。"), _whoever(s), party(s).name)
    duty = penalties().duty(row["code"], end)
    return Violation(
        f"{days_of(row)}，{facts}，构成{name}。",
        duty.article,
        article,
        quoted=duty.text.rstrip("。"),
    )


# letters that say «你单位»; all other papers «当事人»
TO_THE_PARTY = frozenset({"decision", "prior_notice"})


def _whoever(s: PaperSource) -> str:
    """Who did it, as the paper calls them: a circular says the name."""
    if s.issue.rule.letter == "bulletin":
        return party(s).name
    return word("your_unit" if s.issue.rule.letter in TO_THE_PARTY else "the_party")


def days_of(row: Asked) -> str:
    """The days of the conduct: part of its facts (行政处罚法 §59第二项), and what picks the law and
    begins the two years."""
    end = date.fromisoformat(row["conduct_end"])
    begin = date.fromisoformat(row["conduct_start"]) if row.get("conduct_start") else end
    return (
        printed_date(end)
        if begin == end
        else word("span", begin=printed_date(begin), end=printed_date(end))
    )


def _penalty(s: PaperSource) -> Asked:
    """The penalty that this step proposes; else the one that was decided, on whose articles later
    papers rest too."""
    if s.asked.get("kinds"):
        return s.asked
    decided = s.facts.last("decide_penalty", "on_the_spot")
    return decided.asked if decided else {}


def discretion(s: PaperSource) -> str:
    """What was weighed, and the benchmark with its tier, once the bureau has confirmed one (行政处
    罚法 §34)."""
    said, settings = s.text("discretion"), s.facts.settings
    found = benchmark.proposed(s.facts, s.asked)
    if found is None or "discretion" not in s.asked or not benchmark.confirmed(settings):
        return said
    name = settings.text("benchmark.name").strip("《》 ")
    number = settings.text("benchmark.number").strip()
    said += word("benchmark", name=name, number=number, tier=found.tier.zh)
    why = s.own("departure_reason").rstrip("。") if benchmark.departs(s.facts, s.asked) else ""
    return said + (word("departure", reason=why) if why else "")


def competence(s: PaperSource) -> str:
    """Why another body is competent (``[value.competence]`` in labels.toml). Entries of before it
    was asked say it by who runs the survey."""
    asked = s.text("competence")
    return asked or ("survey_team" if s.facts.value("survey_by") == "survey_team" else "other_body")


def ground_rows(s: PaperSource) -> list[dict[str, str]]:
    """Duty and penalty article, each pair once."""
    return [
        {"breaches": g.breaches, "basis": g.basis, "says": g.says, "quoted": g.quoted}
        for g in grounds(violations(s))
    ]


def figure_rows(s: PaperSource) -> list[dict[str, str]]:
    """The figure table: the one that was asked for, else the newest on record."""
    return [item_placeholders(f) for f in s.facts.figures]


def penalty_names(s: PaperSource) -> tuple[str, ...]:
    """The penalties but the fine: 警告, 通报批评."""
    return penalties_of(s.asked)


def penalties_of(asked: Asked) -> tuple[str, ...]:
    """The penalties of a payload but the fine."""
    names = coded_names("kinds")
    return tuple(names[k] for k in asked.get("kinds") or [] if k != "fine")


def penalty_text(asked: Asked) -> str:
    """«警告，并处罚款人民币伍万元整（¥50,000.00）» — what a payload proposes or decides."""
    from letters.format import capitals, figures

    parts = [word("join").join(penalties_of(asked))] if penalties_of(asked) else []
    if fen := int(asked.get("fine_fen") or 0):
        sum_ = Money(fen)
        parts.append(word("fine", capitals=capitals(sum_), figures=figures(sum_)))
    return word("and").join(parts)


def fine(s: PaperSource) -> Money | None:
    """The fine that was asked for; None where there is none."""
    fen = int(s.asked.get("fine_fen") or 0)
    return Money(fen) if fen else None


def clock_time(on: date, text: str) -> datetime:
    """The moment of «9:05» or «09：05» on a day, in Shanghai. Error: ValueError for what is no
    hour."""
    hour, _colon, minute = text.replace("：", ":").partition(":")
    return datetime.combine(on, time(int(hour or 0), int(minute or 0)), SHANGHAI)


def account(*texts: str) -> tuple[str, str, str]:
    """Bank, holder and number of the first text that names all three; empty where none does: a
    paper that needs them is refused."""
    return next((found for found in map(bank_account, texts) if found), ("", "", ""))


def hearing_at(called: Asked) -> str:
    """Day and hour of a hearing, as every paper writes them; an hour that is none stands as it was
    typed."""
    day, hour = date.fromisoformat(called["hearing_on"]), str(called["time"])
    try:
        return printed_date(clock_time(day, hour))
    except ValueError:
        return f"{printed_date(day)} {hour}"


def cause(s: PaperSource) -> str:
    """案由, e.g. 涉嫌提供不真实统计资料; before it is known, whom the matter is about."""
    return s.text("cause") or s.facts.title


def case_name(s: PaperSource) -> str:
    """The case as papers name it: «某公司涉嫌提供不真实统计资料一案»; a tip by whom it is about."""
    if kinds()[s.facts.kind].informant:
        return word("tip_name", subject=s.record("subject", s.facts.title))
    name = s.facts.party.name if s.facts.party else s.facts.title
    found = cause(s)
    settled = s.facts.did("decide_penalty", "on_the_spot") or s.step == "circulate_interference"
    proven = found.removeprefix(word("suspected")) if settled else found
    return word("case_name", party=name, cause="" if proven == name else proven)


# -- who approved it
@dataclass(frozen=True)
class Approved:
    """One link of the chain: the role, and when it has been given, name, words and day."""

    role: str
    name: str = ""
    opinion: str = ""
    on: date | None = None


def proposal(s: PaperSource) -> ActFacts | None:
    """The proposal that is being approved; None for a step that needs no approval, or for a
    draft."""
    return next((a for a in s.facts.acts if a.seq == s.facts.taking.proposal), None)


def approvals(s: PaperSource) -> tuple[Approved, ...]:
    """The step's approvals in order; those not given yet stay empty, for the pen."""
    roles = procedure().steps[s.step].approvals
    made = proposal(s)
    if made is None:
        return tuple(Approved(r) for r in roles)
    done = [
        Approved(r, _name(s, a.actor), str(a.said.get("opinion") or ""), a.on)
        for r, a in zip(roles, _approving(s, made.seq), strict=False)
    ]
    if s.facts.taking.said is not None:  # the one that is being given now
        opinion = str(s.facts.taking.said.get("opinion") or "")
        done.append(Approved(roles[len(done)], _name(s, s.issue.by), opinion, s.issue.on))
    return (*done, *(Approved(r) for r in roles[len(done) :]))


def _approving(s: PaperSource, proposal_seq: int) -> list[ActFacts]:
    """The entries that approved a proposal, oldest first."""
    judging = [a for a in s.facts.acts if a.proposal == proposal_seq]
    return [a for a in judging if a.verb in ("approve", "done")]


def _name(s: PaperSource, person: int | None) -> str:
    found = s.facts.people.get(person or 0)
    return found.name if found else ""


def proposed_on(s: PaperSource) -> date:
    """The day on which it was proposed: that of whoever signs first."""
    made = proposal(s)
    return made.on if made else s.issue.on


def approval_values(s: PaperSource) -> dict[str, str]:
    """Each role that approves steps (``head``, ``leader``) as a flag, with ``…_opinion`` and
    ``…_signed`` (name and day)."""
    values: dict[str, str] = {}
    for role in procedure().approvers():
        values |= {role: "", f"{role}_opinion": "", f"{role}_signed": ""}
    for a in approvals(s):
        signed = f"{a.name}　{printed_date(a.on)}" if a.on else word("unsigned")
        values |= {a.role: "1", f"{a.role}_opinion": a.opinion, f"{a.role}_signed": signed}
    return values


def _by_hand() -> frozenset[str]:
    """Values that are written by hand where nobody gave them yet."""
    return frozenset(f"{role}_opinion" for role in procedure().approvers())


# -- papers that are wording alone
@dataclass(frozen=True)
class Parts:
    """What a builder adds to the values that every paper of a case has."""

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Rows] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)
    sums: Mapping[str, Money] = field(default_factory=dict)
    by_hand: frozenset[str] = frozenset()


def notice(
    s: PaperSource, values: Mapping[str, str] | None = None, parts: Parts = Parts(), **lists: Rows
) -> Letter:
    """A paper from its wording file: the case's values (`case_values`), then those of the builder,
    which win; `lists` fill its tables."""
    return NOTICE_KINDS[s.issue.rule.letter](
        **s.common,
        values={**case_values(s), **(values or {}), **parts.values},
        lists={**parts.lists, **lists},
        dates=parts.dates,
        sums=parts.sums,
        by_hand=_by_hand() | parts.by_hand,
    )


def case_values(s: PaperSource) -> dict[str, str]:
    """Values that every paper of a docket may print: respondent, cause, numbers, officers with
    cards, and who approved it."""
    f, people = s.facts, officers(s)
    return {
        "addressee": f.party.name if f.party else f.title,
        "cause": cause(s),
        "case_name": case_name(s),
        "docket_number": f.number,
        "filed": printed_day(f.last("file")),
        "officers": "、".join(f"{o.name}（{o.card}）" for o in people),
        "officer_names": "、".join(o.name for o in people),
        "actor": f.actor.name if f.actor else "",
        "proposed_on": printed_date(proposed_on(s)),
        **{f"party_{k}": v or DASH for k, v in _party_words(s).items()},
        # some have no credit code
        "party_coded": "1" if s.facts.party and s.facts.party.credit_code else "",
        **approval_values(s),
    }


def _party_words(s: PaperSource) -> dict[str, str]:
    found = s.facts.party or Party(s.facts.title, SubjectKind.ORGANISATION)
    shown_kind = coded_names("subject_kind").get(found.kind.value, "")
    town = s.facts.townships.get(found.township, "")
    return {
        "name": found.name,
        "kind": shown_kind if s.facts.party else "",
        "credit_code": printed_code(found.credit_code),
        "address": found.address,
        "representative": found.representative,
        "phone": found.phone,
        "township": town,
    }


def answers(s: PaperSource) -> dict[str, str]:
    """What was asked, as text: codes as their words, days as dates, sums in yuan."""
    names = {i: p.name for i, p in s.facts.people.items()}
    asked = ((k, v) for k, v in s.asked.items() if k not in HIDDEN)
    return {k: answer_text(k, v, names) for k, v in asked if v not in (None, [], False)}


def with_address(name: str, address: str) -> str:
    """A body as a decision names it: «丰都县人民政府（地址：…）»."""
    return word("with_address", name=name, address=address) if address else name


def remedies(s: PaperSource) -> dict[str, str]:
    """Where, and within which time, reconsideration and suit are open (行政复议法 §20, 行政诉讼法
    §46)."""
    f, (body, court) = s.facts, remedy_bodies(s.facts)
    return {
        "reconsider_period": period_words(f.settings.period("remedy.reconsider")),
        "suit_period": period_words(f.settings.period("remedy.suit")),
        "reconsider_body": with_address(*body),
        "court": with_address(*court),
    }


def day(s: PaperSource, key: str) -> str:
    """The day that was asked for under `key` (ISO), as printed. Error: KeyError where none was."""
    return printed_date(date.fromisoformat(s.asked[key]))


def items(texts: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a table from one text each: the text as `text` and `name`, one of each, the other
    columns empty."""
    empty = dict.fromkeys(("pages", "note", "detail", "form", "period"), "")
    return [{"text": t, "name": t, "count": "1", **empty} for t in texts]
