"""Papers signed with the bureau's certificate (PAdES), where the bureau has one and has switched it
on.

The certificate lies in the instance folder as ``signing-<code of the bureau>.p12``, mode 600; its
password in the file beside it (``.password``), or in ``CASEWORK_SIGNING_PASSWORD``. pyHanko is
loaded only when a paper is signed or a signature looked at.
"""

from __future__ import annotations

import io
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from casework.people.models import Bureau
from casework.store import db

FIELD = "Casework"
_MARK = b"/ByteRange"  # stands in every signed PDF: without it nothing needs to be loaded
_loaded: dict[tuple[str, int], Any] = {}


class NotSigned(Exception):
    """The paper cannot be signed; ``why``: «missing» (no certificate), «open» (others can read its
    file), «password» (it does not open), «expired»."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def certificate(bureau_id: int) -> Path:
    """The path of the bureau's certificate (.p12), whether there is one or not."""
    code = db.session.scalar(select(Bureau.code).where(Bureau.id == bureau_id))
    return Path(current_app.instance_path) / f"signing-{code}.p12"


def sign(bureau_id: int, data: bytes, now: datetime | None = None) -> bytes:
    """The PDF with a signature (PAdES) added at its end. ``now``: when it is signed; the present
    without it. Error: NotSigned when the certificate cannot be used."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    signer = _signer(certificate(bureau_id))
    cert, at = signer.signing_cert, now or datetime.now(UTC)
    if not cert.not_valid_before <= at <= cert.not_valid_after:
        raise NotSigned("expired")
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=str(cert.subject.native["common_name"]),
    )
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data), strict=False), meta, signer=signer
    )
    return bytes(out.getvalue())


def _signer(file: Path) -> Any:
    """Loaded once for each state of the file."""
    from pyhanko.sign import signers

    if not file.exists():
        raise NotSigned("missing")
    for path in (file, file.with_suffix(".password")):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise NotSigned("open")
    key = (str(file), file.stat().st_mtime_ns)
    if key not in _loaded:
        load: Any = signers.SimpleSigner.load_pkcs12
        found = load(file, passphrase=_password(file))
        if found is None:
            raise NotSigned("password")
        _loaded.clear()
        _loaded[key] = found
    return _loaded[key]


def _password(file: Path) -> bytes:
    beside = file.with_suffix(".password")
    word = os.environ.get("CASEWORK_SIGNING_PASSWORD") or (
        beside.read_text("utf-8").strip() if beside.exists() else ""
    )
    return word.encode()


def signature(data: bytes) -> tuple[str, str]:
    """State and signer of a PDF's signature. The state is "" for none, «holds», or «broken» when
    anything was changed or added since."""
    if _MARK not in data:
        return "", ""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    try:
        found = PdfFileReader(io.BytesIO(data), strict=False).embedded_signatures[-1]
        context = ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False)
        status = validate_pdf_signature(found, context)
    except Exception:  # whatever a damaged file does to its reader
        return "broken", ""
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    name = str(found.signer_cert.subject.native.get("common_name", ""))
    return ("holds" if status.intact and status.valid and whole else "broken"), name
