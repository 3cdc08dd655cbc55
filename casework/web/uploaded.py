"""Requests whose uploads stay in memory: nothing a person sends may lie in clear in the system's temporary folder."""

from __future__ import annotations

import io
from typing import IO

from flask import Request

from casework.web.sent import Sent


class MemoryRequest(Request):
    """MAX_CONTENT_LENGTH bounds what one request may hold."""

    parameter_storage_class = Sent

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()
