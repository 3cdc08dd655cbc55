"""Which rooms the program has: their pages, their commands, and the start-up check of the
procedure."""

from __future__ import annotations

from flask import Flask
from flask_login import user_logged_in
from flask_wtf.csrf import CSRFProtect

from casework.acts.startup_check import check_procedure
from casework.desk import (
    anchors,
    calendar_feed,
    casefile,
    clock,
    counter,
    custody,
    dockets,
    draws,
    files,
    fines,
    home,
    identity,
    lostcode,
    office,
    office_proposals,
    phrases,
    printing,
    reading,
    register_import,
    saved_views,
    search,
    statistics,
    step_for_many,
    triage,
    unit_choice,
    work,
)
from casework.disclosure import views as disclosure
from casework.double_random import cli as draw_cli
from casework.mail import cli as mail_cli
from casework.people import cli as people_cli
from casework.people import public_bureau, signin, units
from casework.procedure.load import procedure
from casework.public import chunked_upload, one_time_pages, receipts, report, safety
from casework.upkeep import backup, bureaus, cli, demo, rotation
from casework.upkeep import casefile as casefile_cli
from casework.upkeep import papers as papers_cli
from letters import fonts

PAGES = (
    report.bp,
    disclosure.bp,
    home.bp,
    dockets.bp,
    counter.bp,
    office.bp,
    casefile.bp,
    search.bp,
    statistics.bp,
    saved_views.bp,
    custody.bp,
    identity.bp,
    lostcode.bp,
    files.bp,
    receipts.bp,
    chunked_upload.bp,
    printing.bp,
    one_time_pages.bp,
    triage.bp,
    work.bp,
    step_for_many.bp,
    fines.bp,
    clock.bp,
    anchors.bp,
    office_proposals.bp,
    reading.bp,
    draws.bp,
    calendar_feed.bp,
    unit_choice.bp,
    register_import.bp,
    phrases.bp,
)
COMMANDS = (
    people_cli,
    bureaus,
    units,
    cli,
    demo,
    backup,
    casefile_cli,
    papers_cli,
    mail_cli,
    rotation,
    draw_cli,
)
# forms there carry a signed token of their own
NO_COOKIE = (report.bp, receipts.bp, chunked_upload.bp, one_time_pages.bp, disclosure.bp)


def _lists(app: Flask) -> None:
    """Lists of tips from other bodies: page and command."""
    from casework.desk import bulk
    from casework.intake import bulk_cli

    app.register_blueprint(bulk.bp)
    bulk_cli.init_app(app)


def _archive(app: Flask) -> None:
    """The archive room: pages and commands."""
    from casework.desk import archive
    from casework.upkeep import archive_cli

    app.register_blueprint(archive.bp)
    archive_cli.init_app(app)


def _faces(app: Flask) -> None:
    """Faces of papers are loaded beside the first sign-in: a server that only takes tips does not
    need them."""
    user_logged_in.connect(_load_faces, app)


def _load_faces(_app: Flask, **_user: object) -> None:
    fonts.load_aside()


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Check the procedure, then open every room."""
    check_procedure(procedure())
    _lists(app)
    _faces(app)
    safety.init_app(app)
    public_bureau.init_app(app)
    signin.init_app(app)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    _archive(app)
    for blueprint in NO_COOKIE:
        csrf.exempt(blueprint)
    for commands in COMMANDS:
        commands.init_app(app)
