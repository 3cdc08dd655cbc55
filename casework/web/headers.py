"""Strict headers on every answer, and the origin check that stands in for a cookie on public
forms."""

from __future__ import annotations

from flask import Flask, Response, abort, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
    "'self'; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def init_app(app: Flask) -> None:
    """Install the checks before, and the headers after, every request."""
    app.before_request(refuse_foreign_posts)
    app.after_request(add_headers)


def refuse_foreign_posts() -> None:
    """Error: 403 for a post that a browser says another site made (Fetch Metadata, else Origin)."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    if (
        site is None
        and origin not in (None, "null")
        and str(origin).partition("://")[2] != request.host
    ):
        abort(403)  # hosts alone: behind a proxy with TLS we are asked over plain HTTP


def add_headers(response: Response) -> Response:
    """The response with the headers that keep others from storing, framing or learning of a page;
    static files may be cached."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
