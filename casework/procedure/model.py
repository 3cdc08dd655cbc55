"""What a procedure consists of: tracks, stages, steps, clocks, papers and checks, read from
``procedure.toml``.

Only shapes live here; :mod:`casework.procedure.load` reads and checks the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Generic, TypeVar, cast

from msgspec import Meta

from casework.procedure.ids import (
    CheckId,
    ClockId,
    Every,
    Nothing,
    PaperId,
    RoleId,
    StageId,
    StepId,
    TrackId,
)
from casework.toml_file import Row

ANY: Final = "*"  # any track, or any open stage
# of Step.urged: it only can be taken; while a deadline of the bureau that it meets runs
NEVER, DEADLINE = "never", "deadline"
# whose signatures a sheet must bear; the officers' are always among them
SIGNERS = ("party", "receiver", "officers", "panel")
PAGES = ("printing", "casefile")  # pages of the desk to which a refusal may lead


Words = Annotated[str, Meta(min_length=1)]


class Label(Row, frozen=True):
    """One name in the two languages of the program."""

    zh: Words
    en: Words

    def in_language(self, language: str) -> str:
        """The name for a locale such as ``zh_Hans_CN`` or ``en``."""
        return self.en if language.startswith("en") else self.zh


class Named(Label, frozen=True):
    """A row whose names stand among its own keys."""

    @property
    def name(self) -> Label:
        """Both names, without the rest of the row."""
        return Label(self.zh, self.en)


Id = TypeVar("Id", bound=str)


class Branch(Row, Generic[Id], frozen=True):
    """Something that follows when a condition holds: a stage, a clock, a paper or a track."""

    to: Id
    when: str = ""  # "" = always; "key=value" compares what was asked; else a named condition


class Stage(Row, frozen=True):
    """A place on a track. ``final`` = nothing follows on this track; ``exit`` = a side exit (not on
    the stage bar). ``before``: steps done in it before the one that leads on, in their order, each
    where its condition holds; the first that nobody took yet is what the docket waits for."""

    id: StageId
    name: Label
    final: bool = False
    exit: bool = False
    before: tuple[Branch[StepId], ...] = ()


class Group(Row, frozen=True):
    """A heading under which a page folds steps; ``exit``: they leave the ordinary road."""

    name: Label
    exit: bool = False
    id: str = ""


class Track(Row, frozen=True):
    """A line of stages (办理线). ``docket`` says whose: a kind of ``kinds.toml``."""

    id: TrackId
    name: Label
    docket: str
    stages: Mapping[str, Stage]  # in the order of the file
    blocks_closing: bool = False
    # steps of the track that go on while the case stands still; the others wait
    while_suspended: tuple[StepId, ...] = ()


class ClockRule(Row, frozen=True):
    """A kind of deadline. ``setting`` names the period; ``asked`` a payload key that holds the last
    day itself."""

    name: Label
    basis: str
    setting: str = ""
    asked: str = ""
    # whose deadline: bureau · party · window (a right that ends by itself) · other
    owner: str = "bureau"
    # runs on this track, not on that of the act: what every later act of the docket may end
    track: TrackId | Nothing = ""
    # a paper: its day begins the period, whenever the act is taken
    counts_from: PaperId | Nothing = ""
    after: ClockId | Nothing = ""  # a clock: while that one runs, this one counts from its last day
    # a payload key: a step that names an entry there ends the clocks of that entry, and no other's
    entry: str = ""
    # a step that names a «paper» ends the clocks that its service began, and no other's
    of_paper: bool = False
    id: ClockId = cast("ClockId", "")  # its name in the file


class PaperRule(Row, frozen=True):
    """A kind of paper: which letter draws it, from which number series, and where it lies in the
    bound file."""

    name: Label
    letter: str
    series: str = ""  # "" = the paper takes no number of its own
    form_no: str = ""  # catalogue number 01–32
    served: bool = False  # must be served on somebody
    volume: str = "main"  # "main" 正卷 | "inner" 副卷
    # one of SIGNERS: the sheet is signed by hand and scanned back before the case is closed; "" =
    # it need not
    signed: str = ""
    id: PaperId = cast("PaperId", "")  # its name in the file


class CheckRule(Row, frozen=True):
    """A named refusal: its sentence (with ``{placeholders}``), its article, and the step that would
    cure it."""

    refuses: Label
    basis: str = ""
    cure: StepId | Nothing = ""
    page: str = ""  # one of PAGES: what mends it is done there and is no step
    id: str = ""  # its name in the file


class Follows(Row, frozen=True):
    """What an act (or the service of its paper) brings about."""

    leads_to: tuple[Branch[StageId], ...] = ()
    opens: tuple[Branch[TrackId], ...] = ()
    ends: tuple[TrackId, ...] = ()
    starts: tuple[Branch[ClockId], ...] = ()
    meets: tuple[Branch[ClockId | Every], ...] = ()
    stops: tuple[Branch[ClockId | Every], ...] = ()
    pauses: tuple[ClockId | Every, ...] = ()
    resumes: tuple[ClockId | Every, ...] = ()
    extends: ClockId | Nothing = ""  # the payload key "until" or "period" says by how much


class Step(Row, frozen=True):
    """A step (步骤): one form, one act, its papers. See docs/procedure.md for the meaning of each
    key."""

    id: StepId
    name: Label
    track: TrackId | Every
    basis: str
    # taken in these stages of its track; empty = it opens the track
    stages: tuple[StageId | Every, ...] = ()
    # for opening steps: stages of the main track in which offered
    beside: tuple[StageId | Every, ...] = ()
    roles: tuple[RoleId, ...] = ()
    approvals: tuple[RoleId, ...] = ()
    officers: int = 0
    asks: str = ""
    prints: tuple[Branch[PaperId], ...] = ()
    follows: Follows = Follows()
    on_service: Follows = Follows()
    # kinds of papers: those that never arrived are withdrawn, the new one takes their place
    replaces: tuple[PaperId, ...] = ()
    needs: tuple[CheckId, ...] = ()  # checks over facts alone: decide whether the step is offered
    checks: tuple[CheckId, ...] = ()  # checks over facts and what was asked
    only_today: bool = False
    # its day may lie before the present stage: what came then, and is entered now
    entered_late: bool = False
    by_system: bool = False
    once: bool = False  # at most once on a track instance
    numbers: str = ""  # series taken by the docket itself, e.g. the case number at filing
    does: tuple[str, ...] = ()  # special effects by name, see casework/acts/special_effects.py
    # when it is the docket's next act: "" by where it leads · NEVER · DEADLINE · a named condition
    urged: str = ""
    group: str = "course"  # under which heading it stands when it is not the next act
    # fields of its form that everybody may read once it has taken effect
    public: tuple[str, ...] = ()
    note: Label | None = None
    line: int = 0  # line in the file, for messages


@dataclass(frozen=True)
class Procedure:
    """The whole procedure, checked."""

    version: str
    tracks: Mapping[str, Track]
    steps: Mapping[str, Step]
    clocks: Mapping[str, ClockRule]
    papers: Mapping[str, PaperRule]
    checks: Mapping[str, CheckRule]
    groups: Mapping[str, Group]
    # a field that a paper may lack: the step that records it
    mends: Mapping[str, str] = field(default_factory=dict)
    # a field, or step.field, that must say something: its article
    reasoned: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    # of each table and stage in the file, for messages
    lines: Mapping[str, int] = field(default_factory=dict)

    def stage(self, track: str, stage: str) -> Stage:
        """The stage by kind of track and id; KeyError when there is none."""
        return self.tracks[track].stages[stage]

    def kind_of(self, step: str) -> str:
        """The kind of dockets that a step of a track belongs to. KeyError for a step of any."""
        return self.tracks[self.steps[step].track].docket

    def approvers(self) -> tuple[RoleId, ...]:
        """Roles that approve steps, by their ids in order."""
        return tuple(sorted({r for s in self.steps.values() for r in s.approvals}))

    def opening(self, track: str) -> list[Step]:
        """Steps that open a new instance of a track."""
        return [s for s in self.steps.values() if s.track == track and not s.stages]
