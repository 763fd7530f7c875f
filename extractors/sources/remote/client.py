"""Asks over HTTP, and asks again: the one module of Cartograph that sends requests."""

from __future__ import annotations

import random
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from types import TracebackType
from typing import Self, TypeVar

import httpx

from extractors.sources.remote.clock import Backoff, Clock, Pace, SystemClock
from extractors.sources.remote.replies import words_of
from extractors.sources.remote.service import BadReplyError, GaveUpError, RefusedError
from ontology.errors import FetchError

BODY_LIMIT = 512 * 2**20
Checked = TypeVar("Checked")
_RETRIED = {408, 425, 429}


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which requests are made: clock, attempts, and how many seconds the next bytes and the whole may take."""

    clock: Clock = field(default_factory=SystemClock)
    backoff: Backoff = field(default_factory=Backoff)
    byte_timeout: float = 60.0
    whole_timeout: float = 600.0


class Client:
    """Asks one service. Proxies and certificates are those that the environment names, as httpx reads them.

    No redirection is followed, since a request may carry a key; `secrets` never stand in an error.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        per_second: float,
        agent: str,
        seed: str = "",
        secrets: tuple[str, ...] = (),
        conditions: Conditions | None = None,
    ) -> None:
        self.service = service
        self.base_url = base_url
        self._on = conditions or Conditions()
        self._pace = Pace(per_second, self._on.clock)
        self._jitter = random.Random(f"{service} {seed}")  # noqa: S311  (spreads requests, guards nothing)
        self._secrets = secrets
        self._http = httpx.Client(
            verify=_certificates(), timeout=self._on.byte_timeout, headers={"User-Agent": agent}, follow_redirects=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def get(self, path: str, fields: Mapping[str, str], check: Callable[[bytes], Checked]) -> Checked:
        """Return what `check` makes of the reply to a GET; see `post`."""
        return self._ask(self._http.build_request("GET", self._url(path), params=fields), check)

    def post(self, path: str, fields: Mapping[str, str], check: Callable[[bytes], Checked]) -> Checked:
        """Return what `check` makes of the reply's body.

        Asks again, after a while, where there's no reply, 429, 5xx, or `check` raises BadReplyError. Raises GaveUpError
        when all attempts are used up, RefusedError for any other status, FetchError where the service asks for more
        patience than there is.
        """
        return self._ask(self._http.build_request("POST", self._url(path), data=dict(fields)), check)

    def _url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}"

    def _ask(self, request: httpx.Request, check: Callable[[bytes], Checked]) -> Checked:
        waits = self._on.backoff.waits(self._jitter)
        while True:
            self._pace.wait()
            try:
                return check(self._body(request))
            except BadReplyError as error:
                failure = error
            pause = next(waits, None)
            if pause is None:
                raise GaveUpError(self.service, failure, self._on.backoff.attempts) from failure
            self._on.clock.sleep(max(pause, self._asked_for(failure)))

    def _asked_for(self, failure: BadReplyError) -> float:
        asked = failure.retry_after or 0.0
        if asked > self._on.backoff.patience:
            raise FetchError(
                self.service, f"it asks to wait {asked / 60:.0f} minutes; the same command goes on after that"
            )
        return asked

    def _body(self, request: httpx.Request) -> bytes:
        """Return a good reply's body, decompressed."""
        try:
            response = self._http.send(request, stream=True)
            try:
                body = self._read(response)
            finally:
                response.close()
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise BadReplyError(_reason(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError(self.service, self._clean(str(error))) from None
        self._judge(response, body)
        return body

    def _read(self, response: httpx.Response) -> bytes:
        started = self._on.clock.now()
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if self._on.clock.now() - started > self._on.whole_timeout:
                raise BadReplyError(f"the reply took longer than {self._on.whole_timeout:.0f} seconds")
            if len(body) > BODY_LIMIT:
                raise FetchError(self.service, f"a reply of more than {BODY_LIMIT // 2**20} MB")
        return bytes(body)

    def _judge(self, response: httpx.Response, body: bytes) -> None:
        status = response.status_code
        if status == 200:
            return
        said = self._clean(words_of(body))
        reason = f"HTTP {status} {response.reason_phrase}".rstrip() + (f" ({said})" if said else "")
        if status in _RETRIED or status >= 500 or "Status: Timeout" in said:  # NCBI's own time-outs come as 400
            raise BadReplyError(reason, _retry_after(response.headers.get("Retry-After", "")))
        if 300 <= status < 400:
            reason = f"moved to {self._clean(response.headers.get('Location', 'nowhere'))}; give that as the base URL"
        raise RefusedError(self.service, status, reason)

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[key]")
        return text


@cache
def _certificates() -> ssl.SSLContext:
    """Return what servers are checked by; loading it takes longer than many a fetch."""
    return httpx.create_ssl_context()


def _retry_after(value: str) -> float | None:
    """Return the seconds that a Retry-After header states, as a number or as a date; None where it states none."""
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return "no connection in time"
    if isinstance(error, httpx.TimeoutException):
        return "nothing came for too long"
    if isinstance(error, httpx.ConnectError):
        return f"no connection ({error})"
    return f"the connection was cut ({str(error) or type(error).__name__})"
