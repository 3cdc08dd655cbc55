"""What the record of a docket proposes for fields of its later forms, each with the entry it was
taken from. Pure.

Nothing here reads what a tip tells, nor who told it: a case has no word of its tips (of what they
chose, the number of the form and the period alone, where they are written like one).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from casework.procedure import fines, interference
from casework.procedure.as_decided import decided_facts
from casework.procedure.checks.heard import defences, since_notice
from casework.procedure.checks.service import services, unserved
from casework.procedure.facts import NOTICES, ActFacts, Facts, PaperFacts
from casework.procedure.ids import PaperId, StepId, TrackId
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.penalties import penalties
from casework.procedure.remedies import DECISIONS
from casework.procedure.terms import Figure, SubjectKind
from forms.proposed import Known, Source, first_of
from letters.format import printed_date, rate, shared_words, short_figures, word
from letters.pieces import penalty_text
from letters.stated import RECORDS, known_evidence

# entries that tell the course of an investigation, in the words of their steps
COURSE: tuple[StepId, ...] = (
    "file",
    "inspection_notice",
    "on_site_record",
    "interview",
    "inquire",
    "inquiry_answered",
    "preserve",
    "add_evidence",
)
# papers of a case that go to somebody else than its party
TO_OTHERS: tuple[PaperId, ...] = ("transfer", "help_request", "court_application")
# lines of a case whose papers go to its party
OF_PARTY: tuple[TrackId, ...] = ("main", "execution", "remedy", "dishonesty", "publication")
PARTY = "party"
# what weighs the conduct: the report of the investigation, and the notices after it
FOUND: tuple[StepId, ...] = ("investigation_report", *NOTICES)


# -- answers that were given before
def answer_to(key: str, *steps: StepId) -> Source:
    """What the newest act of some steps answered to ``key``."""

    def found(facts: Facts) -> Known | None:
        act = facts.last(*steps)
        return Known(act.asked[key], (act,)) if act and act.asked.get(key) else None

    return found


def last_recorded(key: str) -> Source:
    """The newest recorded value of a key, whatever step asked it."""

    def found(facts: Facts) -> Known | None:
        act = _newest(facts, key)
        return Known(act.asked[key], (act,)) if act and act.asked[key] else None

    return found


def of_party(key: str) -> Source:
    """A part of the respondent's record."""

    def found(facts: Facts) -> Known | None:
        act = _newest(facts, "party")
        return Known((act.asked["party"] or {}).get(key), (act,)) if act else None

    return found


def from_setting(key: str) -> Source:
    """A text of the settings."""
    return lambda facts: Known(facts.settings.text(key), where=_l("the settings"))


def _newest(facts: Facts, key: str) -> ActFacts | None:
    return max((a for a in facts.done() if key in a.asked), key=lambda a: a.seq, default=None)


# -- figures
def difference(figure: Figure) -> str:
    """«少报商品房销售额8,022万元，差错率20.2%»; "" where both are the same."""
    if not figure.difference:
        return ""
    amount = f"{figure.indicator}{abs(figure.difference):,f}{figure.unit}"
    said = word("figure_over" if figure.difference > 0 else "figure_under", n=amount)
    if figure.error_rate is None:
        return said
    return f"{said}，{word('figure_rate', rate=rate(figure.error_rate))}"


def differences(facts: Facts) -> str:
    """The sentence on the facts: each form and period once, then each difference; "" where the
    figures show none."""
    said: dict[str, list[str]] = {}
    for figure in facts.figures:
        if words := difference(figure):
            form = _form_of(figure)
            said.setdefault(word("figures_of", form=form) if form else "", []).append(words)
    return "。".join(form + "；".join(words) for form, words in said.items())


def _form_of(figure: Figure) -> str:
    """«2024年年报B103-2表»; "" where neither is known."""
    form = f"{figure.form}表" if figure.form and not figure.form.endswith("表") else figure.form
    return figure.period + form


def from_figures(facts: Facts) -> Known | None:
    """The sentence on the facts, with its full stop."""
    said, act = differences(facts), _newest(facts, "figures")
    return Known(f"{said}。", (act,)) if said and act else None


def periods(facts: Facts) -> Known | None:
    """The periods of the figures."""
    return _of_figures(facts, "、".join(_each(f.period for f in facts.figures)))


def indicators(facts: Facts) -> Known | None:
    """What the figures were compared for: «2024年年报B103-2表中的应收账款、固定资产原价»."""
    said: dict[str, list[str]] = {}
    for f in facts.figures:
        said.setdefault(_form_of(f), []).append(f.indicator)
    parts = [
        word("figures_inspected", form=form, names=word("join").join(_each(names)))
        if form
        else word("join").join(_each(names))
        for form, names in said.items()
    ]
    return _of_figures(facts, "；".join(parts))


def _of_figures(facts: Facts, said: str) -> Known | None:
    act = _newest(facts, "figures")
    return Known(said, (act,)) if said and act else None


def _each(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def told_unit(facts: Facts) -> Known | None:
    """The unit that a tip is about, as the first row of respondents."""
    told = {key: facts.value(key) or "" for key in ("township", "credit_code")}
    kind = str(facts.value("subject_kind") or "")
    known = kind if kind in {k.value for k in SubjectKind} else SubjectKind.ENTERPRISE.value
    act = _newest(facts, "subject")
    row = {"name": facts.value("subject") or "", "kind": known, **told}
    return Known([row], (act,)) if act else None


def told_cause(facts: Facts) -> Known | None:
    """The cause that goes with the one problem which the tip ticked; none where it ticked
    several."""
    ticked, act = facts.value("kinds", ()), _newest(facts, "kinds")
    known = shared_words()["print"]
    if act is None or len(ticked) != 1 or f"cause_{ticked[0]}" not in known:
        return None
    return Known(word(f"cause_{ticked[0]}"), (act,))


def told_form(facts: Facts) -> Known | None:
    """The rows of the figure table with the form and the period that the tip chose."""
    row = {key: facts.value(f"survey_{key}", "") for key in ("form", "period")}
    return Known([row] * 3, where=_l("the tip")) if any(row.values()) else None


# -- violations
def found_violations(facts: Facts) -> Known | None:
    """The rows of an earlier report; before one, the ground of the filing with the facts that the
    figures show."""
    if facts.violations:
        act = _newest(facts, "violations")
        return Known([dict(row) for row in facts.violations], (act,) if act else ())
    filed = facts.last("file")
    if filed is None:
        return None
    shown = from_figures(facts)
    what = str(shown.value if shown else filed.asked.get("facts") or "").rstrip("。")
    row = {key: filed.asked.get(key) for key in ("code", "conduct_end")}
    return Known([{**row, "what": what}], (filed, *(shown.acts if shown else ())))


def found_articles(facts: Facts) -> Known | None:
    """The articles of the interference that the report found."""
    return _of_report(facts, "；".join(interference.articles(facts)))


def breached_articles(facts: Facts) -> Known | None:
    """The articles of the offences that the report found; before a report, of what the case was
    filed for."""
    filed = facts.last("file")
    rows = facts.violations or ((filed.asked,) if filed else ())
    act = _newest(facts, "violations") or filed
    offences = [r for r in interference.offences(rows) if r.get("conduct_end")]
    articles = [
        penalties().article(r["code"], date.fromisoformat(r["conduct_end"])) for r in offences
    ]
    return Known("；".join(_each(articles)), (act,)) if articles and act else None


def found_interference(facts: Facts) -> Known | None:
    """The facts of the interference that the report found."""
    return _of_report(facts, interference.told(facts))


def found_leader(key: str) -> Source:
    """Name or post of the respondent, where the report found that a person interfered."""

    def found(facts: Facts) -> Known | None:
        about = facts.party
        if about is None or about.kind is not SubjectKind.PERSON or not interference.told(facts):
            return None
        return of_party(key)(facts)

    return found


def _of_report(facts: Facts, said: str) -> Known | None:
    act = _newest(facts, "violations")
    return Known(said, (act,)) if said and act else None


def tip_ground(facts: Facts) -> Known | None:
    """The ground of interference that the choices of the tip name."""
    ground = interference.proposed_ground(facts)
    return Known(ground, where=_l("the tip")) if ground else None


def course_so_far(facts: Facts) -> Known | None:
    """What was done in the investigation: each step with its days, in the order of the first."""
    days: dict[str, list[str]] = {}
    acts = [a for a in facts.done() if a.step in COURSE]
    for act in sorted(acts, key=lambda a: (a.on, a.seq)):
        days.setdefault(procedure().steps[act.step].name.zh, []).append(printed_date(act.on))
    said = "；".join(f"{word('join').join(_each(d))}，{step}" for step, d in days.items())
    return Known(f"{said}。", where=_l("the journal")) if said else None


def registered_evidence(facts: Facts) -> Known | None:
    """The records of the case and the evidence that was entered, a line each, with days and
    purpose (行政处罚法 §59第二项)."""
    lines = [
        word("evidence_line", name=name, days=word("join").join(map(printed_date, days)), proves=p)
        for name, days, p in known_evidence(facts)
    ]
    acts = [a for a in facts.done() if a.step in (*RECORDS.values(), "add_evidence")]
    return Known("\n".join(lines), where=_l("the registered evidence")) if lines and acts else None


# -- places
inspected_at: Source = first_of(
    answer_to("place", "on_site_record"),
    answer_to("place", "interview"),
    answer_to("place", "inspection_notice"),
    of_party("address"),
)


def served_before(key: str) -> Source:
    """An answer of the last service to whoever the waiting papers go to. Nothing where they go to
    several, nor in a tip: there papers go to its informant, too."""

    def found(facts: Facts) -> Known | None:
        goes_to = _waits_for(facts)
        if not goes_to or not kinds()[facts.kind].respondent:
            return None
        same = (a for a, of in services(facts) if addressee(facts, of) == goes_to)
        act = next((a for a in same if a.asked.get(key)), None)
        return Known(act.asked[key], (act,)) if act else None

    return found


def party_at(facts: Facts) -> Known | None:
    """The respondent's address, where all waiting papers go to the respondent."""
    return of_party("address")(facts) if _waits_for(facts) == PARTY else None


def _waits_for(facts: Facts) -> str:
    """Who all papers that wait for service go to; "" where that is nobody or several."""
    waiting = {addressee(facts, paper) for paper in unserved(facts)}
    return waiting.pop() if len(waiting) == 1 else ""


def addressee(facts: Facts, paper: PaperFacts) -> str:
    """Who a paper of a case goes to: its party, or whom the paper's own line is about."""
    track = facts.track(paper.track)
    of_party = track is not None and track.kind in OF_PARTY and paper.kind not in TO_OTHERS
    return PARTY if of_party else f"{paper.track} {paper.kind if paper.kind in TO_OTHERS else ''}"


# -- heard and decided
def what_was_heard(facts: Facts) -> Known | None:
    """What the party said after the notice, and what the review made of it."""
    said, answers = defences(facts), since_notice(facts, "defence_review")
    lines = [
        word("heard_said", day=printed_date(a.on), said=_stop(a.asked.get("opinion"))) for a in said
    ] or ([word("heard_nothing")] if facts.last("defence_waived", "rights_waived") else [])
    if lines and answers:
        told = answers[-1].asked
        reviewed = word(f"heard_{told['adopted']}", why=_stop(told.get("reason")))
        lines.append(reviewed)
    acts = (*said, *answers[-1:]) or tuple(a for a in [facts.last("defence_waived")] if a)
    return Known("".join(lines), tuple(acts), _l("the journal")) if lines else None


def _stop(text: Any) -> str:
    """A text without the stop at its end."""
    return str(text or "").strip().rstrip("。；;.")


def decided_as_found(facts: Facts) -> Known | None:
    """The facts as the decision states them."""
    said, act = decided_facts(facts), facts.last(*DECISIONS)
    return Known(said, (act,)) if said and act else None


def what_was_decided(facts: Facts) -> Known | None:
    """What was decided: «处罚决定：警告，并处罚款…»."""
    act = facts.last(*DECISIONS)
    paper = facts.paper("decision")
    if act is None or paper is None or not (act.asked.get("kinds") or act.asked.get("fine_fen")):
        return None
    said = penalty_text({**act.asked, "fine_fen": facts.fine.fen})
    return Known(word("closed_result", number=paper.number, penalty=said), (act,))


def what_was_paid(facts: Facts) -> Known | None:
    """What came in of the fine, and on which day the last of it."""
    due, paid = fines.balance(facts), facts.last("pay")
    if paid is None or due.owed.fen:
        return None
    day = printed_date(date.fromisoformat(paid.asked["paid_on"]))
    return Known(word("closed_paid", sum=short_figures(due.paid), day=day), (paid,))


def what_was_published(facts: Facts) -> Known | None:
    """When the decision was made public, and what was passed on to whom."""
    acts = [a for a in (facts.last("publish"), facts.last("list_entry")) if a]
    lines = [word(f"closed_{a.step}", day=printed_date(a.on)) for a in acts]
    sent = list(facts.done("send_discipline"))
    lines += [word("closed_send_discipline", day=printed_date(a.on)) for a in sent]
    return Known("".join(lines), (*acts, *sent)) if lines else None


# -- money and people
def own_court(facts: Facts) -> Known | None:
    """The court of the bureau's place."""
    return Known(facts.bureau.court, where=_l("the bureau's own data"))


def told_fine(facts: Facts) -> Known | None:
    """The sum of the newest prior notice, in yuan."""
    act = facts.last(*NOTICES)
    sum_ = facts.proposed_fine
    return Known(f"{sum_.yuan:.2f}", (act,)) if act and sum_.fen else None


def own_bank(facts: Facts) -> Known | None:
    """Where the bureau's fines are paid."""
    return Known(facts.bureau.bank, where=_l("the bureau's own data"))


def officer_contact(facts: Facts) -> Known | None:
    """The first officer of the case, and the telephone of the bureau."""
    names = [p.name for p in facts.officers[:1]]
    said = " ".join([*names, facts.bureau.phone]).strip() if names else ""
    return Known(said, where=_l("officers of the case"))


def owed_today(facts: Facts) -> Known | None:
    """What is still owed, in yuan."""
    left = fines.owed(facts)
    return Known(f"{left.yuan:.2f}", where=_l("what is owed today")) if left.fen else None


def owed_back_today(facts: Facts) -> Known | None:
    """What is owed back to the party, in yuan."""
    left = fines.owed_back(facts)
    return Known(f"{left.yuan:.2f}", where=_l("what is owed back today")) if left.fen else None
