"""The procedure as a picture (SVG) and as text, drawn from the same data that the program runs on."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from casework.procedure.model import ANY, Procedure, Step, Track

COLUMN, ROW, TOP, LEFT = 150, 46, 40, 110


def picture(p: Procedure, language: str = "zh") -> str:
    """One picture: tracks are rows of stages, moves between stages are arcs labelled with their steps."""
    parts, y = [], TOP
    width = LEFT + COLUMN * max(len(t.stages) for t in p.tracks.values()) + 20
    for track in p.tracks.values():
        drawn, height = _track(p, track, y, language)
        parts += drawn
        y += height
    label = "; ".join(t.name.in_language(language) for t in p.tracks.values())
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="procedure" viewBox="0 0 {width} {y}" role="img"'
    return head + f' aria-label="{escape(label)}">' + "".join(parts) + "</svg>"


def _track(p: Procedure, track: Track, y: int, language: str) -> tuple[list[str], int]:
    places = {s: LEFT + i * COLUMN for i, s in enumerate(track.stages)}
    moves = list(_moves(p, track))
    lanes = max((lane for *_rest, lane in moves), default=0)
    base = y + 20 + lanes * 18
    parts = [f'<text x="8" y="{base + 20}" class="track">{escape(track.name.in_language(language))}</text>']
    for step, start, end, lane in moves:
        parts.append(_arc(places[start], places[end], base, lane, step.name.in_language(language)))
    for stage, x in places.items():
        s = track.stages[stage]
        kind = "exit" if s.exit else ("final" if s.final else "stage")
        parts.append(f'<rect x="{x}" y="{base}" width="112" height="32" rx="4" class="{kind}"/>')
        name = escape(s.name.in_language(language))
        parts.append(f'<text x="{x + 56}" y="{base + 21}" class="name" text-anchor="middle">{name}</text>')
    return parts, base + ROW - y + 10


def _arc(x1: int, x2: int, base: int, lane: int, name: str) -> str:
    top, a, b = base - 12 - lane * 18, x1 + 56, x2 + 56
    path = f'<path d="M {a} {base} V {top} H {b} V {base}" class="move"/>'
    return path + f'<text x="{(a + b) // 2}" y="{top - 3}" class="step" text-anchor="middle">{escape(name)}</text>'


def _moves(p: Procedure, track: Track) -> Iterator[tuple[Step, str, str, int]]:
    """Steps that lead from one stage to another, each in a lane of its own where they would cross."""
    order = list(track.stages)
    lanes: list[list[tuple[int, int]]] = []
    for step in p.steps.values():
        if step.track != track.id or not step.stages or ANY in step.stages:
            continue
        for target in dict.fromkeys(b.to for f in (step.follows, step.on_service) for b in f.leads_to):
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
            lines.append(f"  {step.id:22} {step.name.in_language(language)}  {'/'.join(step.stages) or '·'} → {to or '·'}")
    return "\n".join(lines)
