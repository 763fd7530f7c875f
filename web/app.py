"""The application: state injected, one blueprint per topic, headers and error pages for all."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from kg.worker_pool import WorkerPool
from kg.worker_settings import Limits
from ontology.errors import CartographError, QueryError, StoreError, StoreLockedError
from web import labels
from web.addresses import asset, search_address
from web.api import problems
from web.api.registry import PREFIX
from web.snapshots import Library
from web.views import BLUEPRINTS

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
_MOST_BYTES = 2 * 1024 * 1024


def create_app(
    store: Path,
    *,
    trusted_hosts: Sequence[str] | None = None,
    limits: Limits | None = None,
    services: Sequence[str] = (),
    cors_origins: Sequence[str] = (),
) -> Flask:
    """Return the application over the store in folder `store`.

    The store may be missing yet: pages then say so, and work once it is there. `trusted_hosts` are the names that the
    server answers to (a page elsewhere whose name is pointed here gets nothing); None accepts any. `limits` are
    those of foreign queries, `services` the endpoints that SERVICE may call, `cors_origins` the origins whose pages may
    read SPARQL answers (`*` for all).
    """
    app = Flask("web")
    app.config.update(MAX_CONTENT_LENGTH=_MOST_BYTES)
    app.config.update(CORS_ORIGINS=frozenset(cors_origins))
    app.extensions["library"] = Library(store)
    app.extensions["workers"] = WorkerPool(store, limits, services)
    app.url_map.strict_slashes = False
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _add_words(app)
    if trusted_hosts:
        app.before_request(partial(_refuse_foreign, frozenset(name.strip("[]").lower() for name in trusted_hosts)))
    app.after_request(_protect)
    app.register_error_handler(CartographError, _explain)
    app.register_error_handler(HTTPException, _explain_http)
    return app


def warm_up(app: Flask) -> int:
    """Read the store and start workers now rather than at the first request.

    Returns the number of studies, raises StoreError.
    """
    library: Library = app.extensions["library"]
    workers: WorkerPool = app.extensions["workers"]
    studies = len(library.snapshot().catalogue)
    threading.Thread(target=workers.warm, daemon=True).start()
    return studies


def _add_words(app: Flask) -> None:
    app.jinja_env.filters.update(
        term=lambda code, kind: labels.term(kind, code),
        number=labels.number,
        sentence=labels.sentence,
        heading=labels.heading,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = False
    app.jinja_env.globals.update(address=search_address, asset=asset)


def _refuse_foreign(own: frozenset[str]) -> Response | None:
    """Refuse a request for a name that isn't ours; Werkzeug's own check can't tell IPv6 addresses apart."""
    if urlsplit(f"//{request.host}").hostname in own:
        return None
    return Response("This server doesn't answer to that host name.\n", 421, mimetype="text/plain")


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        kept = request.args.get("v") is not None
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _explain(error: CartographError) -> tuple[str, int]:
    if isinstance(error, StoreLockedError):
        return error_page(503, "The store is in use", str(error), "Try again in a moment.")
    if isinstance(error, StoreError):
        return error_page(503, "The store can't be read", str(error), "Fill it with: cartograph ingest FILE")
    heading = "This query can't be answered" if isinstance(error, QueryError) else "This can't be answered"
    return error_page(400, heading, str(error))


def _explain_http(error: HTTPException) -> tuple[str, int] | Response | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    if request.path.startswith(f"{PREFIX}/"):
        return problems.of_http(error)
    if code == 404 and error.description and error.description != type(error).description:
        return error_page(404, "Not found", error.description)
    headings = {404: "Not found", 405: "Not allowed", 413: "Too large", 400: "Not understood"}
    messages = {404: "There is no page at this address.", 500: "Something went wrong here, and it has been logged."}
    message = messages.get(code, error.description or "")
    page = error_page(code, headings.get(code, error.name), message)
    response = Response(page[0], code, mimetype="text/html")
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def error_page(code: int, heading: str, message: str, hint: str = "") -> tuple[str, int]:
    """Return an error page and its status."""
    return render_template("error.html", code=code, heading=heading, message=message, hint=hint), code
