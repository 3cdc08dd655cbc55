"""What happens when a template names a value that it was not given.

In tests, debug and with CASEWORK_STRICT=1 such a page fails at once: a value that silently was not
there has hidden an informant's own telephone number from the preview. In service it is left out and
the name is logged: an informant in front of an error page cannot report at all, and pages of the
desk are crawled strictly before each release.
"""

from __future__ import annotations

import os

from flask import Flask
from jinja2 import StrictUndefined, Undefined, make_logging_undefined


def init_app(app: Flask) -> None:
    """Set how templates treat unknown names. The log gets the name alone, never a value."""
    strict = app.debug or os.environ.get("CASEWORK_STRICT") == "1"
    kind = StrictUndefined if strict else make_logging_undefined(app.logger, Undefined)
    app.jinja_env.undefined = kind
