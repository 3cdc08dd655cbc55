"""The procedure as a picture (SVG) and as text, drawn from the same data that the program runs
on."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from casework.procedure.model import ANY, Procedure, Stage, Step, Track

COLUMN, TOP, LEFT, BOX, LINE = 150, 40, 150, 32, 14
_SAYS = {  # beside the stages: zh, en
    "opens": ("由此开始：", "Begins with:"),
    "any": ("任何阶段：", "At any stage:"),
    "all": ("各条线", "On every track"),
}


def picture(p: Procedure, language: str = "zh") -> str:
    """The whole of it. Tracks are rows of stages; moves between stages are arcs labelled with their
    steps; a step that stays where it is stands below its stages, with ⇒ and the track that it
    opens; one that fits any stage stands below its track."""
    parts, y = [], TOP
    width = LEFT + COLUMN * max(len(t.stages) for t in p.tracks.values()) + 20
    for track in p.tracks.values():
        drawn, height = _track(p, track, y, language)
        parts += drawn
        y += height
    everywhere = [step for step in p.steps.values() if step.track == ANY]
    if everywhere:
        parts.append(_text(8, y + 20, _said("all", language), "track"))
        for at, step in enumerate(everywhere):
            across, down = at % ((width - LEFT) // COLUMN), at // ((width - LEFT) // COLUMN)
            parts.append(
                _text(
                    LEFT + across * COLUMN, y + 20 + down * LINE, _named(p, step, language), "step"
                )
            )
        y += 40 + LINE * -(-len(everywhere) // ((width - LEFT) // COLUMN))
    label = "; ".join(t.name.in_language(language) for t in p.tracks.values())
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" class="procedure" '
        f'viewBox="0 0 {width} {y}" role="img"'
    )
    return head + f' aria-label="{escape(label)}">' + "".join(parts) + "</svg>"


def _track(p: Procedure, track: Track, y: int, language: str) -> tuple[list[str], int]:
    places = {s: LEFT + i * COLUMN for i, s in enumerate(track.stages)}
    moves = list(_moves(p, track))
    lanes = max((lane for *_rest, lane in moves), default=0)
    base = y + 20 + lanes * 18
    parts = [_text(8, base + 20, track.name.in_language(language), "track")]
    for step, start, end, lane in moves:
        parts.append(_arc(places[start], places[end], base, lane, _named(p, step, language)))
    for stage, x in places.items():
        parts += _box(track.stages[stage], x, base, language)
    low = base + BOX
    drawn: set[tuple[str, str]] = {(step.id, start) for step, start, *_rest in moves}
    for place, lines in _standing(p, track, drawn, language).items():
        x, top = (places[place], base + BOX) if place in places else (8, base + 24)
        parts += [_text(x, top + LINE * (n + 1), line, "step") for n, line in enumerate(lines)]
        low = max(low, top + LINE * len(lines))
    return parts, low - y + 24


def _box(stage: Stage, x: int, y: int, language: str) -> list[str]:
    """A stage: its box, and its name within."""
    kind = "exit" if stage.exit else ("final" if stage.final else "stage")
    return [
        f'<rect x="{x}" y="{y}" width="112" height="{BOX}" rx="4" class="{kind}"/>',
        _text(x + 56, y + 21, stage.name.in_language(language), "name", "middle"),
    ]


def _standing(
    p: Procedure, track: Track, drawn: set[tuple[str, str]], language: str
) -> dict[str, list[str]]:
    """Lines below each stage, and («») below the track's name: every step of the track that is no
    arc."""
    own = [step for step in p.steps.values() if step.track == track.id]
    lines = {"": _below_name(p, own, language)}
    for step in own:
        for stage in step.stages:
            if stage != ANY and (step.id, stage) not in drawn:
                lines.setdefault(stage, []).extend(_wrapped(_named(p, step, language), language))
    return lines


def _below_name(p: Procedure, own: list[Step], language: str) -> list[str]:
    """The steps that open the track, and those that may be taken in any stage of it."""
    opening = [s for s in own if not s.stages]
    anywhere = [s for s in own if ANY in s.stages]
    lines = []
    for says, steps in (("opens", opening), ("any", anywhere)):
        if steps:
            lines.append(_said(says, language))
        for step in steps:
            lines += _wrapped(_named(p, step, language), language)
    return lines


def _named(p: Procedure, step: Step, language: str) -> str:
    opens = dict.fromkeys(b.to for b in (*step.follows.opens, *step.on_service.opens))
    opened = [p.tracks[kind].name.in_language(language) for kind in opens]
    return step.name.in_language(language) + (f" ⇒ {'、'.join(opened)}" if opened else "")


def _said(key: str, language: str) -> str:
    return _SAYS[key][language.startswith("en")]


def _wrapped(name: str, language: str) -> list[str]:
    """In lines that fit a column."""
    if language.startswith("en"):
        return wrap(name, 26, subsequent_indent="\u2003")
    return [name[:13], *(f"\u3000{name[i : i + 12]}" for i in range(13, len(name), 12))]


def _text(x: int, y: int, words: str, kind: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def _arc(x1: int, x2: int, base: int, lane: int, name: str) -> str:
    top, a, b = base - 12 - lane * 18, x1 + 56, x2 + 56
    path = f'<path d="M {a} {base} V {top} H {b} V {base}" class="move"/>'
    return path + (
        f'<text x="{(a + b) // 2}" y="{top - 3}" class="step" '
        f'text-anchor="middle">{escape(name)}</text>'
    )


def _moves(p: Procedure, track: Track) -> Iterator[tuple[Step, str, str, int]]:
    """Steps that lead from one stage to another, each in a lane of its own where they would
    cross."""
    order = list(track.stages)
    lanes: list[list[tuple[int, int]]] = []
    for step in p.steps.values():
        if step.track != track.id or not step.stages or ANY in step.stages:
            continue
        for target in dict.fromkeys(
            b.to for f in (step.follows, step.on_service) for b in f.leads_to
        ):
            start = step.stages[-1]
            if target not in order or target == start:
                continue
            low, high = sorted((order.index(start), order.index(target)))
            yield step, start, target, _lane(lanes, low, high)


def _lane(lanes: list[list[tuple[int, int]]], low: int, high: int) -> int:
    for number, lane in enumerate(lanes):
        if all(high <= a or b <= low for a, b in lane):
            lane.append((low, high))
            return number
    lanes.append([(low, high)])
    return len(lanes) - 1


def text(p: Procedure, language: str = "zh") -> str:
    """The same as plain lines, for a terminal."""
    lines = []
    for track in p.tracks.values():
        stages = " → ".join(s.name.in_language(language) for s in track.stages.values())
        lines.append(f"{track.name.in_language(language)}: {stages}")
        for step in (s for s in p.steps.values() if s.track == track.id):
            to = " | ".join(b.to for b in step.follows.leads_to)
            lines.append(
                f"  {step.id:22} {step.name.in_language(language)}  "
                f"{'/'.join(step.stages) or '·'} → {to or '·'}"
            )
    return "\n".join(lines)
