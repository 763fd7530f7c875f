"""`cartograph serve`: the pages behind a production server."""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.commands.options import store_option
from kg.worker_settings import Limits

if TYPE_CHECKING:
    from flask import Flask
    from waitress.server import BaseWSGIServer, MultiSocketServer

_Command = TypeVar("_Command", bound=Callable[..., Any])
_LIMITS = Limits()
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_MOST_BYTES = 2 * 1024 * 1024
_REASONS = {
    errno.EADDRINUSE: "port {port} of {host} is taken; choose another with --port",
    errno.EACCES: "port {port} of {host} may not be used by this account; choose one above 1023 with --port",
    errno.EADDRNOTAVAIL: "{host} isn't an address of this machine; choose another with --host",
}


def _limit(name: str, field: str, kind: click.ParamType[Any], meaning: str) -> Callable[[_Command], _Command]:
    """Return an option for a limit of foreign queries, whose default `kg.worker_settings.Limits` knows."""
    return click.option(name, field, type=kind, default=getattr(_LIMITS, field), show_default=True, help=meaning)


@click.command("serve", short_help="Show the store in a web browser.")
@store_option(servers=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port; 0 takes any free one."
)
@click.option("--threads", type=click.IntRange(1, 64), default=24, show_default=True, help="Requests answered at once.")
@click.option(
    "--trusted-host",
    "trusted_hosts",
    multiple=True,
    help="A host name to answer to, as sent by browsers; may be repeated. "
    "[default: this machine's loopback names when listening there, else any]",
)
@_limit("--time-limit", "seconds", click.FloatRange(0, min_open=True), "Seconds that a SPARQL query may take.")
@_limit("--row-limit", "rows", click.IntRange(1), "Rows (or triples) that a SPARQL answer may have.")
@_limit("--size-limit", "size", click.IntRange(1), "Bytes that a SPARQL answer may have.")
@_limit("--memory-limit", "memory", click.IntRange(256 * 1024 * 1024), "Bytes of memory that a SPARQL query may use.")
@_limit("--workers", "workers", click.IntRange(1, 64), "SPARQL queries run at once.")
@click.option(
    "--allow-service",
    "services",
    multiple=True,
    metavar="IRI",
    help="An endpoint that SERVICE may call; may be repeated. [default: none]",
)
@click.option(
    "--cors-origin",
    "cors_origins",
    multiple=True,
    metavar="ORIGIN",
    help="An origin whose pages may read SPARQL answers, `*` for all; may be repeated. [default: none]",
)
def serve(
    store: Path,
    host: str,
    port: int,
    threads: int,
    trusted_hosts: tuple[str, ...],
    services: tuple[str, ...],
    cors_origins: tuple[str, ...],
    **limits: Any,
) -> None:
    """Show the store in a web browser.

    Reads the newest state of the store and goes on to a newer one when an ingest has finished. The address is told on
    standard error; Ctrl-C ends the server.
    """
    others = {"trusted_hosts": trusted_hosts, "services": services, "cors_origins": cors_origins}
    run(store, host, port, threads=threads, limits=limits, **others)


def run(
    store: Path,
    host: str,
    port: int,
    *,
    threads: int = 24,
    trusted_hosts: tuple[str, ...] = (),
    limits: Mapping[str, Any] | None = None,
    services: tuple[str, ...] = (),
    cors_origins: tuple[str, ...] = (),
) -> None:
    """Serve the store until interrupted; `limits` are the fields of `kg.worker_settings.Limits` that differ.

    Raises StoreError where the store can't be read, and click.ClickException where the address can't be had.
    """
    from web.app import create_app, warm_up  # takes a while, and `--help` needs none of it

    with listen(host, port) as listening:
        app = create_app(
            store,
            trusted_hosts=trusted_hosts or _own_names(host),
            limits=Limits(**(limits or {})),
            services=services,
            cors_origins=cors_origins,
        )
        click.echo(f"Reading {store}", err=True)
        studies = warm_up(app)
        server = make_server(app, listening, threads=threads)
        click.echo(f"Cartograph shows {studies:,} studies at {address(listening)} (Ctrl-C to end)", err=True)
        server.run()
        app.extensions["workers"].close()
    click.echo("Ended.", err=True)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; raises click.ClickException that says why it can't."""
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    try:
        return socket.create_server((bare, port), family=family)
    except OSError as error:
        told = _REASONS.get(error.errno or 0, "can't listen at port {port} of {host}: {reason}")
        reason = error.strerror or str(error)
        raise click.ClickException(told.format(host=host, port=port, reason=reason)) from error


def make_server(app: Flask, listening: socket.socket, *, threads: int = 24) -> MultiSocketServer | BaseWSGIServer:
    """Return a server that answers at a listening socket once `run()` is called."""
    from waitress.server import create_server

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # each request that waits a moment would be a warning
    settings: dict[str, Any] = {
        "sockets": [listening],
        "threads": threads,
        "ident": None,
        "max_request_body_size": _MOST_BYTES,
        "clear_untrusted_proxy_headers": True,
        "channel_request_lookahead": 1,  # notices a client that leaves, so that its query can be ended
    }
    return create_server(app, **settings)


def address(listening: socket.socket) -> str:
    """Return the address of a listening socket, as a browser takes it."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _own_names(host: str) -> tuple[str, ...]:
    """Return the names to answer to: on the loopback interface only its own, so that no foreign name leads here."""
    bare = host.strip("[]")
    try:
        is_loopback = ipaddress.ip_address(bare).is_loopback
    except ValueError:
        is_loopback = bare == "localhost"
    return _LOOPBACK_NAMES if is_loopback else ()
