"""Services on loopback that answer as the real ones do, and fail on request."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from extractors.sources.remote import Outcome, Request, fetch
from extractors.sources.remote.client import Conditions

Fields = dict[str, str]


@dataclass(frozen=True)
class Reply:
    """What goes over the wire: `cut` bytes of the body only, or (`stall`) half of it and then nothing for long."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    stall: bool = False
    hang_up: bool = False
    unsized: bool = False


Fault = Reply | Callable[[Reply], Reply] | None
"""Instead of the good reply, made of the good reply, or None: the good reply."""


def reply_json(value: Any, status: int = 200) -> Reply:
    """Return a JSON reply."""
    return Reply(json.dumps(value).encode(), status, (("Content-Type", "application/json"),))


def reply_error(said: str, root: str = "eFetchResult", status: int = 200) -> Reply:
    """Return an error as the E-utilities send it."""
    head = (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eEfetchResult PUBLIC "-//NLM//DTD efetch 20131226//EN" "">'
    )
    return Reply(f"{head}\n<{root}>\n\t<ERROR>{said}</ERROR>\n</{root}>".encode(), status)


def article(pmid: str) -> str:
    """Return a made-up article as PubMed's XML has it; a multiple of 7 is a book chapter."""
    if int(pmid) % 7 == 0:
        return (
            f'<PubmedBookArticle><BookDocument><PMID Version="1">{pmid}</PMID><Book><BookTitle>Grafts</BookTitle>'
            f"</Book><ArticleTitle>Chapter {pmid}</ArticleTitle></BookDocument></PubmedBookArticle>"
        )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID><Article>'
        f"<ArticleTitle>Made-up trial {pmid}.</ArticleTitle><Abstract><AbstractText>Of 20 patients 12 responded."
        f"</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"
    )


@dataclass
class FakePubMed:
    """E-utilities over made-up records: PMID -> the day it was entered. Searches list the newest first."""

    entered: dict[str, str] = field(default_factory=dict)
    reach: int = 9999
    withheld: set[str] = field(default_factory=set)
    errors: dict[str, Any] = field(default_factory=dict)
    history: dict[str, list[str]] = field(default_factory=dict)
    searches: int = 0

    def fill(self, count: int, day: str = "2024/01/01") -> None:
        """Enter `count` records on a day."""
        first = 1000 + len(self.entered)
        self.entered |= {str(pmid): day for pmid in range(first, first + count)}

    def search(self, fields: Fields) -> Reply:
        """Answer esearch.fcgi."""
        first, last = fields.get("mindate", "0"), fields.get("maxdate", "9")
        found = [pmid for pmid, day in reversed(self.entered.items()) if first <= day <= last]
        self.searches += 1
        web_env = f"MCID_{self.searches}"
        self.history[web_env] = found
        listed = found[: min(self.reach, int(fields["retmax"]))]
        result = {
            "count": str(len(found)), "retmax": str(len(listed)), "retstart": "0", "querykey": "1", "webenv": web_env,
            "idlist": listed, "translationset": [], "querytranslation": fields["term"], **self.errors,
        }  # fmt: skip
        return reply_json({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result})

    def batch(self, fields: Fields) -> Reply:
        """Answer efetch.fcgi."""
        start, size = int(fields["retstart"]), int(fields["retmax"])
        found = self.history.get(fields["WebEnv"])
        if found is None:
            place = f"query_key: {fields['query_key']}, WebEnv: {fields['WebEnv']}, retstart: {start}, retmax: {size}"
            return reply_error(f"Cannot retrieve history data. {place}", status=400)
        if start >= self.reach:
            said = f"Exception: 'retstart' cannot be larger than {self.reach - 1}."
            return reply_error(f"Search backend cannot retrieve history data. Reason: {said}", status=400)
        chosen = [article(pmid) for pmid in found[start : start + size] if pmid not in self.withheld]
        head = '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "p.dtd">\n'
        return Reply(f"{head}<PubmedArticleSet>{''.join(chosen)}</PubmedArticleSet>".encode())


@dataclass
class FakeEuropePMC:
    """Europe PMC's search over made-up results. Its last page names its own cursor again, as Solr does."""

    total: int = 0
    counted: int | None = None

    def search(self, fields: Fields) -> Reply:
        """Answer searchPOST."""
        mark = fields["cursorMark"]
        start, size = 0 if mark == "*" else int(mark.removeprefix("Ao")), int(fields["pageSize"])
        results = [self._result(number) for number in range(start, min(self.total, start + size))]
        asked = {"queryString": fields["query"], "resultType": fields["resultType"], "cursorMark": mark}
        count = self.total if self.counted is None else self.counted
        page: dict[str, Any] = {
            "version": "6.9",
            "hitCount": count,
            "request": asked,
            "resultList": {"result": results},
        }
        if results:
            page["nextCursorMark"] = f"Ao{start + len(results)}"
        return reply_json(page)

    def _result(self, number: int) -> dict[str, Any]:
        return {
            "id": str(5000 + number), "source": "MED", "pmid": str(5000 + number), "title": f"Made-up {number}.",
            "authorString": "Doe J.", "pubYear": "2024", "abstractText": "Of 20 patients 12 responded.",
        }  # fmt: skip


@dataclass
class FakeTrials:
    """ClinicalTrials.gov's API over made-up studies. Only the first page states the total."""

    total: int = 0
    counted: int | None = None

    def search(self, fields: Fields) -> Reply:
        """Answer studies."""
        start, size = int(fields.get("pageToken", "t0")[1:]), int(fields["pageSize"])
        studies = [self._study(number) for number in range(start, min(self.total, start + size))]
        page: dict[str, Any] = {"studies": studies}
        if fields.get("countTotal") == "true":
            page = {"totalCount": self.total if self.counted is None else self.counted, **page}
        if start + size < self.total:
            page["nextPageToken"] = f"t{start + size}"
        return reply_json(page)

    def _study(self, number: int) -> dict[str, Any]:
        names = {"nctId": f"NCT{number:08}", "briefTitle": f"Made-up study {number}"}
        about = {"briefSummary": "A study of CAR T cells."}
        return {"protocolSection": {"identificationModule": names, "descriptionModule": about}, "hasResults": False}


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    path: str
    fields: Fields
    headers: dict[str, str]


class Services:
    """All three services at `url`; `faults` are used up one a request, `asked` are the requests so far."""

    def __init__(self) -> None:
        self.pubmed = FakePubMed()
        self.europepmc = FakeEuropePMC()
        self.trials = FakeTrials()
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.released = threading.Event()
        self.url = ""

    def answer(self, asked: Asked) -> Reply:
        """Return the reply to a request: the good one, or the next fault."""
        self.asked.append(asked)
        good = {
            "/esearch.fcgi": self.pubmed.search, "/efetch.fcgi": self.pubmed.batch,
            "/searchPOST": self.europepmc.search, "/studies": self.trials.search,
        }[asked.path](asked.fields)  # fmt: skip
        fault = self.faults.pop(0) if self.faults else None
        if fault is None:
            return good
        return fault if isinstance(fault, Reply) else fault(good)

    def paths(self) -> list[str]:
        """Return the last parts of the paths that were asked for."""
        return [asked.path.removeprefix("/") for asked in self.asked]


class Handler(BaseHTTPRequestHandler):
    """Passes requests on to the services, and breaks the connection where a reply says so."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a GET, whose fields stand in the URL."""
        url = urlsplit(self.path)
        self._answer(url.path, url.query)

    def do_POST(self) -> None:
        """Answer a POST, whose fields stand in the body."""
        self._answer(self.path, self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, path: str, fields: str) -> None:
        services = cast(Server, self.server).services
        known = {key: values[0] for key, values in parse_qs(fields).items()}
        reply = services.answer(Asked(path, known, {k.lower(): v for k, v in self.headers.items()}))
        broken = reply.cut is not None or reply.stall or reply.hang_up or reply.unsized
        self.close_connection = self.close_connection or broken
        if reply.hang_up:
            return
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if not reply.unsized:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body[: len(reply.body) // 2] if reply.stall else reply.body[: reply.cut])
        self.wfile.flush()
        if reply.stall:
            services.released.wait(30)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests' output clean."""


class Server(ThreadingHTTPServer):
    """Serves all three services on one port."""

    daemon_threads = True
    services: Services

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


class FakeClock:
    """A clock that goes on only when somebody sleeps (and by `tick` at each look); `slept` are the waits."""

    def __init__(self, tick: float = 0.0) -> None:
        self.time = 0.0
        self.tick = tick
        self.slept: list[float] = []

    def now(self) -> float:
        """Return the time."""
        self.time += self.tick
        return self.time

    def sleep(self, seconds: float) -> None:
        """Go on at once."""
        self.slept.append(seconds)
        self.time += seconds


class Fetcher:
    """Fetches from the services on loopback into one folder, and keeps what it was told."""

    def __init__(self, services: Services, clock: FakeClock, folder: Path) -> None:
        self.services = services
        self.clock = clock
        self.folder = folder
        self.told: list[str] = []
        self.byte_timeout = 10.0
        self.whole_timeout = 600.0

    def __call__(self, service: str, query: str = "CAR T", **more: Any) -> Outcome:
        """Fetch; `since` and `limit` belong to the request, anything else to `fetch`."""
        request = Request(query, more.pop("since", None), more.pop("limit", None))
        conditions = Conditions(self.clock, byte_timeout=self.byte_timeout, whole_timeout=self.whole_timeout)
        more.setdefault("base_url", self.services.url)
        return fetch(service, request, self.folder, tell=self.told.append, conditions=conditions, **more)

    def files(self) -> dict[str, bytes]:
        """Return the folder's visible files."""
        return {p.name: p.read_bytes() for p in sorted(self.folder.iterdir()) if not p.name.startswith(".")}

    def manifest(self) -> dict[str, Any]:
        """Return the folder's manifest."""
        return dict(json.loads((self.folder / ".cartograph-fetch.json").read_text(encoding="utf-8")))


def zipped(good: Reply) -> Reply:
    """Return the good reply in gzip's form."""
    return Reply(gzip.compress(good.body), good.status, (*good.headers, ("Content-Encoding", "gzip")))


BUSY = reply_json({"error": "API rate limit exceeded", "api-key": "127.0.0.1", "count": "4", "limit": "3"}, 429)
PASSING: dict[str, Fault] = {
    "busy": BUSY,
    "busy for a while": Reply(b"slow down", 429, (("Retry-After", "7"),)),
    "server error": Reply(b"<html><title>NCBI/eutils202 - WWW Error 500 Diagnostic</title></html>", 500),
    "unavailable": Reply(b"", 503),
    "cut": lambda good: Reply(good.body, cut=len(good.body) // 2),
    "cut without a size": lambda good: Reply(good.body[: len(good.body) // 2], unsized=True),
    "cut gzip": lambda good: Reply(zipped(good).body[: len(zipped(good).body) // 2], 200, zipped(good).headers),
    "hung up": Reply(hang_up=True),
    "empty": Reply(b""),
    "an error page": Reply(b"<html><head><title>Server Error</title></head></html>"),
    "an XML error": reply_error("Search Backend failed: read failed"),
    "a JSON error": reply_json({"error": "cannot connect to the database"}),
    "a time-out told as 400": reply_error("External viewer error: Empty Response. Status: Timeout", status=400),
}
"""Faults that pass, by name."""
