"""Files as answers, under the names that people gave them. The one place that names a file in a
header.

A header travels as Latin-1. A name in Chinese goes beside it as ``filename*`` (RFC 6266, RFC 8187),
which every browser of today reads; what stands in ``filename`` is for programs that do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response
from werkzeug.http import dump_options_header

from casework.text import file_name

_NOT_ESCAPED = "!#$&+^`|"  # signs that RFC 8187 leaves as they are, beside letters, digits and -._~


def answer_file(
    data: bytes | Iterable[bytes],
    name: str,
    media_type: str,
    *,
    shown: bool = False,
    size: int | None = None,
) -> Response:
    """The answer that hands out a file, never kept by a browser or proxy (``no-store``).

    ``name``: the name it is saved under; ``shown``: whether the browser may show it itself;
    ``size``: in bytes, where they come piece by piece.
    """
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = disposition(name, shown=shown)
    if size is not None:
        answer.headers["Content-Length"] = str(size)
    return answer


def disposition(name: str, *, shown: bool = False) -> str:
    """The value of Content-Disposition for a file of that name, in ASCII whatever the name
    holds."""
    name = file_name(name)
    plain = "".join(c if c.isascii() else "_" for c in name)
    options = {"filename": plain}
    if plain != name:
        options["filename*"] = f"UTF-8''{quote(name, safe=_NOT_ESCAPED)}"
    return dump_options_header("inline" if shown else "attachment", options)
