"""What one mail says, as it is handed on: words, files, people, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_FILES = 200
MOST_SENDERS = 100  # what lies beyond stays in the sealed original only


@dataclass(frozen=True)
class MailFile:
    """One attachment: its name and bytes."""

    name: str
    data: bytes


@dataclass
class Mail:
    """What a mail says: headers, words, files, and people who are known to be hidden.

    ``notes`` names what could not be read, or not wholly: deep · many · winmail · smime · encrypted
    · calendar · damaged · broken. ``also`` are words that the second version of a text has and the
    first lacks; ``empty`` names files that hold nothing.
    """

    headers: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    files: list[MailFile] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    # (name, address), those of messages inside it too
    senders: list[tuple[str, str]] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    reports: bool = False  # a mail server wrote it: a delivery report, a bounce

    def header(self, name: str) -> str:
        """The first header of that name, decoded, on one line; "" when there is none."""
        return next((v for k, v in self.headers if k == name), "")

    @property
    def subject(self) -> str:
        """The subject, decoded, on one line."""
        return self.header("subject")

    @property
    def text(self) -> str:
        """The words of the mail and of messages inside it."""
        return "\n\n".join(t for t in self.texts if t).strip()

    def add_file(self, name: str, data: bytes) -> None:
        """Add an attachment; one that holds nothing is named in ``empty``, one too many noted as
        «many»."""
        if not data:
            self.empty.append(name)
        elif len(self.files) >= MOST_FILES:
            self.notes.add("many")
        else:
            self.files.append(MailFile(name, data))

    def add_senders(self, found: list[tuple[str, str]]) -> None:
        """Add people (name, address) to those who are hidden, each once."""
        new = [s for s in dict.fromkeys(found) if s not in self.senders]
        self.senders += new[: max(0, MOST_SENDERS - len(self.senders))]

    def take_over(self, other: Mail) -> None:
        """Add files, notes and people of another reading, but not its words."""
        for file in other.files:
            self.add_file(file.name, file.data)
        self.add_senders(other.senders)
        self.also += other.also
        self.empty += other.empty
        self.notes |= other.notes
        self.reports = self.reports or other.reports
