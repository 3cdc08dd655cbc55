"""The public list as files. All of them have the same columns, and hold what the page shows: no
more."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from xml.etree import ElementTree as Xml

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from casework.disclosure.gate import PublicEntry, Withdrawn
from casework.text import is_no_character
from casework.web.filters import yuan
from casework.web.language import LANGUAGES, current
from casework.web.workbook import workbook
from letters.labels import coded_names
from letters.public_list import EntryRow, public_list_pdf

Record = dict[str, str]
BOM = "\ufeff"  # without it a spreadsheet reads Chinese as another encoding
# what a spreadsheet takes for the beginning of a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Listing:
    """The list as it is to be written: of which bureau and day, its entries, townships by code, the
    address of a firm's page, and the withdrawn entries."""

    bureau: str
    on: date
    entries: Sequence[PublicEntry]
    townships: Mapping[str, str]
    address: Callable[[int], str]
    withdrawn: Sequence[Withdrawn] = ()

    @cached_property
    def records(self) -> list[Record]:
        """Every entry under the keys of :func:`heads`."""
        return [record(e, self.townships) for e in self.entries]

    @cached_property
    def gone(self) -> list[Record]:
        """Every withdrawn entry under the same keys, most of them empty."""
        return [withdrawn_record(w, self.bureau) for w in self.withdrawn]


def heads() -> dict[str, str]:
    """The columns: their keys for programs, their names for people (国统字〔2023〕49号 §6; 国统字
    〔2019〕33号 §14)."""
    return {
        "list": _("List"),
        "name": _("Name of the unit"),
        "credit_code": _("Credit code"),
        "township": _("Township"),
        "address": _("Address"),
        "representative": _("Person in charge"),
        "decision": _("Number of the penalty decision"),
        "decided_on": _("Decided on"),
        "facts": _("Facts of the violation"),
        "basis": _("Basis of the penalty"),
        "kinds": _("Kind of penalty"),
        "content": _("Penalty"),
        "shown_from": _("Shown from"),
        "shown_until": _("Shown until"),
        "bureau": _("Penalising bureau"),
        "determination": _("Number of the determination"),
        "determined_on": _("Determined on"),
        "ground": _("Ground of the determination"),
        "repair_from": _("Repair may be asked for from"),
        "state": _("State"),
        "withdrawn_on": _("Withdrawn on"),
        "reason": _("Reason of the withdrawal"),
    }


def record(e: PublicEntry, townships: Mapping[str, str]) -> Record:
    """An entry in words, by the keys of :func:`heads`. ``townships``: names by code."""
    f = e.fields
    return {
        "list": list_word(e.kind),
        "name": e.name,
        "credit_code": e.credit_code,
        "township": townships.get(e.township, ""),
        "address": f.get("address", ""),
        "representative": f.get("representative", ""),
        "decision": f.get("decision", ""),
        "decided_on": f.get("decided_on", ""),
        "facts": f.get("facts", ""),
        "basis": f.get("basis", ""),
        "kinds": "、".join(_kinds(f)),
        "content": content(f),
        "shown_from": e.shown_from.isoformat(),
        "shown_until": e.shown_until.isoformat(),
        "bureau": f.get("bureau", ""),
        "determination": f.get("determination", ""),
        "determined_on": f.get("determined_on", ""),
        "ground": coded_names("ground").get(str(f.get("ground") or ""), ""),
        "repair_from": f.get("repair_from", ""),
        "state": _("on show"),
        "withdrawn_on": "",
        "reason": "",
    }


def withdrawn_record(w: Withdrawn, bureau: str) -> Record:
    """A withdrawn entry in words: decision number, day and reason; the other columns are empty."""
    number = "determination" if w.kind == "dishonesty" else "decision"
    said = {
        "list": list_word(w.kind),
        number: w.number,
        "state": _("withdrawn"),
        "withdrawn_on": w.on,
        "reason": why_withdrawn(w),
        "bureau": bureau,
    }
    return {**dict.fromkeys(heads(), ""), **said}


def why_withdrawn(w: Withdrawn) -> str:
    """One neutral sentence that says why an entry was withdrawn (行政处罚法 §48: 公开说明理由)."""
    of_remedies = {
        "reconsideration set_aside": _("The decision was set aside on reconsideration."),
        "reconsideration redo": _(
            "The decision was set aside on reconsideration and is to be made anew."
        ),
        "reconsideration changed": _("The decision was changed on reconsideration."),
        "reconsideration unlawful": _("The decision was found unlawful on reconsideration."),
        "court set_aside": _("The decision was set aside by a court."),
        "court redo": _("The decision was set aside by a court and is to be made anew."),
        "court changed": _("The decision was changed by a court."),
        "court unlawful": _("The decision was found unlawful by a court."),
    }
    own = (
        _("The bureau withdrew it: %(reason)s", reason=w.reason)
        if w.reason
        else _("The bureau withdrew it.")
    )
    return of_remedies.get(f"{w.by} {w.result}", own)


def list_word(kind: str) -> str:
    """The name of the list on which an entry stands, in the page's language. ``kind``: penalty or
    dishonesty."""
    return _("serious dishonesty") if kind == "dishonesty" else _("penalty")


def _kinds(fields: Mapping[str, object]) -> list[str]:
    names, kinds = coded_names("kinds"), fields.get("kinds") or []
    return [names.get(str(k), str(k)) for k in kinds] if isinstance(kinds, list) else []


def content(fields: Mapping[str, object]) -> str:
    """What the decision imposes: the kinds of penalty with the fine. Words that publishers typed
    before kinds could be chosen are not shown."""
    fine = int(str(fields.get("fine_fen") or 0))
    return "、".join(
        k + (yuan(fine).replace(" ", "") if k == coded_names("kinds")["fine"] and fine else "")
        for k in _kinds(fields)
    )


# -- the files
_one_at_a_time = threading.Lock()  # somebody who asks for hundreds at once waits like everybody
KEPT = 12  # files in memory; the largest list as PDF has some three megabytes


def file_of(ending: str, listing: Listing) -> bytes:
    """The list as a file of that ending; drawn once for the same entries and kept. Error: KeyError
    for an unknown ending."""
    rows = [[e.id, r] for e, r in zip(listing.entries, listing.records, strict=True)]
    rows += [[w.id, r] for w, r in zip(listing.withdrawn, listing.gone, strict=True)]
    said = json.dumps(
        [current(), listing.bureau, listing.on.isoformat(), listing.address(0), rows],
        ensure_ascii=False,
    )
    name = (ending, hashlib.blake2b(said.encode()).digest())
    kept: dict[object, bytes] = current_app.extensions.setdefault("files of the public list", {})
    with _one_at_a_time:
        if name not in kept:
            made = FILES[ending][1](listing)
            for old in list(kept)[: max(0, len(kept) + 1 - KEPT)]:
                del kept[old]
            kept[name] = made
        return kept[name]


def as_csv(listing: Listing) -> bytes:
    """The list as CSV for spreadsheets (UTF-8 with a mark); no cell can become a formula."""
    out, names = io.StringIO(), heads()
    writer = csv.writer(out)
    writer.writerow(names.values())
    writer.writerows([harmless(r[k]) for k in names] for r in (*listing.records, *listing.gone))
    return (BOM + out.getvalue()).encode()


def harmless(text: str) -> str:
    """The text of a cell; one that looks like a formula has an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_xlsx(listing: Listing) -> bytes:
    """The list as a workbook of one sheet; every cell is a text."""
    names = heads()
    rows = [
        tuple(names.values()),
        *(tuple(r[k] for k in names) for r in (*listing.records, *listing.gone)),
    ]
    return workbook(_title(listing), [(_("Public list"), rows)])


def as_json(listing: Listing) -> bytes:
    """The list as JSON: bureau, day, entries under the keys of :func:`heads`."""
    found = {
        "bureau": listing.bureau,
        "on": listing.on.isoformat(),
        "entries": [*listing.records, *listing.gone],
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def as_sqlite(listing: Listing) -> bytes:
    """The list as an SQLite database: one table of entries, another with the names of its
    columns."""
    from sqlite_utils import Database  # with the first such file: no start waits for it

    names, base = heads(), Database(memory=True)
    # also when nothing is on the list
    entry = base.table("entry").create(dict.fromkeys(names, str), not_null=set(names))
    entry.insert_all([*listing.records, *listing.gone])
    about = [
        {"key": k, "name": name}
        for k, name in (*names.items(), ("built_on", listing.on.isoformat()))
    ]
    base.table("about").create({"key": str, "name": str}, pk="key", not_null={"name"}).insert_all(
        about
    )
    data = base.conn.serialize()
    base.close()
    return data


ATOM = "http://www.w3.org/2005/Atom"


def as_atom(listing: Listing) -> bytes:
    """The list as an Atom feed, newest entry first."""
    Xml.register_namespace("", ATOM)
    feed = Xml.Element(f"{{{ATOM}}}feed")
    newest = max((e.shown_from for e in listing.entries), default=listing.on)
    _add(feed, id=listing.address(0), title=_title(listing), updated=_moment(newest))
    _add(_add(feed, author=""), name=listing.bureau)
    for e, r in zip(listing.entries, listing.records, strict=True):
        item = _add(feed, entry="")
        _add(
            item,
            id=listing.address(e.id),
            title=f"{e.name}（{r['list']}）",
            updated=_moment(e.shown_from),
        )
        _add(item, summary=f"{r['facts']} {r['content']}".strip())
        Xml.SubElement(item, f"{{{ATOM}}}link", href=listing.address(e.id))
    for w, r in zip(listing.withdrawn, listing.gone, strict=True):
        item = _add(feed, entry="")
        updated = _moment(date.fromisoformat(w.on) if w.on else listing.on)
        _add(
            item,
            id=listing.address(w.id),
            title=f"{w.number}（{r['state']}）",
            updated=updated,
            summary=r["reason"],
        )
        Xml.SubElement(item, f"{{{ATOM}}}link", href=listing.address(w.id))
    return bytes(Xml.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add(parent: Xml.Element, **texts: str) -> Xml.Element:
    """Elements by name under a parent; answers the last."""
    made = parent
    for name, text in texts.items():
        made = Xml.SubElement(parent, f"{{{ATOM}}}{name}")
        made.text = "".join(c for c in text if c >= " " and not is_no_character(c)) or None
    return made


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+08:00"


def as_pdf(listing: Listing) -> bytes:
    """The list as PDF: a table on A4 across, heads on every page, in Chinese."""
    with force_locale(LANGUAGES[0]):
        return _drawn(replace(listing))  # its words anew: those it has may be in another language


def _drawn(listing: Listing) -> bytes:
    lines = [
        EntryRow(
            r["list"],
            r["name"],
            r["credit_code"],
            r["representative"],
            r["facts"],
            r["content"],
            _numbers(r),
            f"{r['shown_from']} 至 {r['shown_until']}",
        )
        for r in listing.records
    ]
    gone = [
        EntryRow(
            r["list"], "", "", "", "", r["reason"], _number(r), f"{r['withdrawn_on']} {r['state']}"
        )
        for r in listing.gone
    ]
    return public_list_pdf(listing.bureau, lines, listing.on, gone)


def _number(said: Record) -> str:
    return said["determination"] or said["decision"]


def _numbers(said: Record) -> str:
    """Of the determination first, where it stands on that list; of the penalty that it rests on
    beside it."""
    if not said["determination"]:
        return said["decision"]
    return f"{said['determination']}（{said['determined_on']}）；处罚决定：{said['decision']}"


def _title(listing: Listing) -> str:
    return _("%(bureau)s: penalties and seriously dishonest firms on show", bureau=listing.bureau)


FILES: dict[str, tuple[str, Callable[[Listing], bytes]]] = {
    "pdf": ("application/pdf", as_pdf),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
    "sqlite": ("application/vnd.sqlite3", as_sqlite),
    "atom": ("application/atom+xml", as_atom),
}
