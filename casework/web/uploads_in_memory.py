"""Requests whose uploads stay in memory: nothing a person sends may lie in clear in the system's
temporary folder.

When a request is too large, its files are left out and its words are kept, for a view that shows
them again (:func:`keeps_words`); every other view answers 413 before anything is read.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO, Any, TypeVar, cast

from flask import Flask, Request, abort, current_app, request

from casework.web.request_text import Sent


class MemoryRequest(Request):
    """A request of at most MAX_CONTENT_LENGTH bytes, with its files in memory."""

    parameter_storage_class = Sent
    files_left_out = False

    @property
    def too_large(self) -> bool:
        """Whether more was sent than one request may hold."""
        return (self.content_length or 0) > (self.max_content_length or 0)

    def leave_files_out(self) -> None:
        """Read the words of a request that is too large; its files are passed over and not kept."""
        self.max_content_length = self.content_length  # what the server has taken in already
        self.files_left_out = True

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return _Nowhere() if self.files_left_out else io.BytesIO()


View = TypeVar("View", bound=Callable[..., Any])


def keeps_words(view: View) -> View:
    """Marks a view whose page shows again what was typed, and says that the files were left out
    (``files_left_out``)."""
    view.keeps_words = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Judge the size of each request before anything else looks at it."""
    app.before_request(_judge_size)


def _judge_size() -> None:
    sent = cast(MemoryRequest, request)
    if not sent.too_large:
        return
    if not getattr(current_app.view_functions.get(sent.endpoint or ""), "keeps_words", False):
        abort(413)
    sent.leave_files_out()


class _Nowhere(io.BytesIO):
    """Takes whatever is written and keeps nothing of it."""

    def write(self, data: Any) -> int:
        """As many bytes as were given."""
        return len(data)
