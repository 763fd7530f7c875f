"""A store behind a SPARQL server: the same answers and the same bytes as the embedded one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from extractors.document import Citation, Deletion, Document, Notice, Origin
from extractors.evidence import EvidenceRecord
from extractors.sources import read
from kg import bulk
from kg.cli import main
from kg.dialects import VIRTUOSO
from kg.endpoint import Endpoint
from kg.ingest import Item, Options, Run
from kg.iris import Names
from kg.mapping import to_quads
from kg.opening import AnyReader, open_reader, open_writer
from kg.place import Place
from kg.questions import question, questions
from kg.rdf import canonical, iri, ntriples
from kg.run_report import RunReport
from kg.server_store import ServerReader, ServerWriter
from kg.store import Change, Reader
from ontology import terms
from ontology.errors import QueryError, StoreError, StoreLockedError
from tests.kg import virtuoso
from tests.kg.conftest import ReferenceExtractor, write_documents
from tests.kg.oxigraph_server import OxigraphServer

SERVERS = [
    "oxigraph",
    pytest.param(
        "virtuoso",
        marks=[pytest.mark.slow, pytest.mark.skipif(not virtuoso.installed(), reason=virtuoso.REASON)],
    ),
]
NOTICE = Document("pmid:900002", "Retraction", "", Citation(pmid="900002"), notices=(Notice("retraction", "900001"),))
REPORT = Document("pmid:900001", 'A "trial" of {braces} & \\slashes', "Ø > 5 \u00b5g\n\n50%", Citation(pmid="900001"))
GONE = Deletion("900001", Origin("update.xml", 3, "pubmed-xml"))


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv(bulk.SQL, raising=False)
    monkeypatch.delenv(bulk.FOLDER, raising=False)


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a server: Oxigraph's or Virtuoso's."""
    if request.param == "oxigraph":
        with OxigraphServer() as started:
            yield started.url
    else:
        with virtuoso.running(tmp_path_factory.mktemp("virtuoso")) as running:
            yield running.url


@pytest.fixture
def url(server: str) -> str:
    """Return the URL of a server that holds nothing of ours."""
    endpoint = Endpoint(server)
    text = f'SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{terms.BASE}")) }}'
    found = endpoint.query(text, {})
    assert isinstance(found, ox.QuerySolutions)
    for row in list(found):
        endpoint.remove(str(row["g"])[1:-1])
    endpoint.close()
    return server


def ingest(place: Place, paths: list[Path], records: list[EvidenceRecord], version: str = "r-1") -> RunReport:
    """Take files in with an extractor that knows the answers."""
    with open_writer(place) as writer:
        run = Run(writer, lambda: ReferenceExtractor(records, version), Options(refresh=True, workers=1))
        return run.ingest(paths, read)


def take(place: Place, *items: Item) -> RunReport:
    """Take items in."""
    with open_writer(place) as writer:
        run = Run(writer, lambda: ReferenceExtractor([]), Options(workers=1))
        return run.ingest([Path("items")], lambda path: items)


def dump(place: Place) -> bytes:
    """Return the canonical N-Quads of a store."""
    with open_reader(place) as reader:
        return canonical(quad for graph in reader.graphs() for quad in reader.quads(graph))


def command(*arguments: str) -> str:
    """Return what a command prints, also where it finds nothing."""
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code in (0, 1), result.output
    return result.stdout


@pytest.fixture(scope="module")
def loaded(server: str, reference_store: Path) -> str:
    """Return the URL of a server that holds the reference records."""
    with Reader(reference_store) as reader, ServerWriter(server) as writer:
        for graph in reader.graphs():
            writer.endpoint.put(graph, ntriples(reader.quads(graph)))
    return server


@pytest.mark.slow
def test_the_same_questions_have_the_same_answers(loaded: str, reference_store: Path) -> None:
    """Each named question prints the same, and so do comparison and export, from a server and from a folder."""
    commands = [["query", "--name", question.name, "--format", "csv"] for question in questions()]
    commands.append(["compare", "--outcome", "complete-response", "--format", "json"])
    commands.append(["compare", "--outcome", "overall-survival", "--time", "12mo", "--format", "csv"])
    commands += [["export", "--format", format] for format in ("nquads", "csv", "turtle")]
    for words in commands:
        far, near = (command(*words, "--store", place) for place in (loaded, str(reference_store)))
        if words[1] == "--name":  # the order of text beyond ASCII and of concatenated values is free
            apart = r"[,;>\n]\s*" if "GROUP_CONCAT" in question(words[2]).text else "\n"
            far, near = ("\n".join(sorted(re.split(apart, text))) for text in (far, near))
        assert far == near, words


def test_every_way_of_asking_agrees(loaded: str, reference_store: Path) -> None:
    """Patterns, counts, lists of graphs, and queries that make triples or ask yes or no give the same."""
    with open_reader(loaded) as far, Reader(reference_store) as near:
        report = near.reports()[0]
        assert (far.reports(), far.graphs(), len(far)) == (near.reports(), near.graphs(), len(near))
        for pattern in ((None, None, terms.YEAR), (None, report, None), (report + "/assertion", report, terms.TITLE)):
            assert canonical(far.quads(*pattern)) == canonical(near.quads(*pattern))
        for text in ("ASK { ?x cg:retracted true }", f"ASK {{ <{report}> a cg:Report }}"):
            assert bool(far.query(text)) == bool(near.query(text))
        made = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{report}/assertion> {{ ?s ?p ?o }} }}"
        assert triples(far, made) == triples(near, made)
        assert rows(far) == rows(near)


def triples(reader: AnyReader, text: str) -> list[str]:
    """Return the triples that a query makes, sorted."""
    answer = reader.query(text)
    assert isinstance(answer, ox.QueryTriples)
    return sorted(map(str, answer))


def rows(reader: AnyReader) -> list[tuple[str, ...]]:
    """Return what a query that groups by what may be missing answers, with a value bound from outside."""
    text = """SELECT ?report ?year ?topic (COUNT(?o) AS ?n) WHERE { ?report cg:reports ?study ; cg:topic ?topic .
      OPTIONAL { ?report cg:year ?year } OPTIONAL { ?study cg:hasOutcome ?o } }
      GROUP BY ?report ?year ?topic ORDER BY ?report"""
    return [tuple(map(str, row)) for row in reader.select(text, {"topic": iri(terms.CGV + "topic/hsct")})]


def test_ingest_gives_the_same_bytes(url: str, tmp_path: Path, records: list[EvidenceRecord]) -> None:
    """Ingest, again, a refresh by a newer extractor: the server's store is the folder's, to the byte, at each step."""
    some = write_documents(tmp_path / "some.jsonl", records[:8])
    for version in ("r-1", "r-1", "r-2"):
        assert ingest(url, [some], records, version) == ingest(tmp_path / "near", [some], records, version)
        assert dump(url) == dump(tmp_path / "near")
    report = ingest(url, [some], records, "r-2")
    assert (report.written, report.unchanged) == (0, 8)


def test_updates_retractions_and_deletions(url: str, tmp_path: Path) -> None:
    """New versions, retractions and deletions leave the same as in a folder, odd characters too."""
    for step in ([REPORT], [NOTICE], [Document("pmid:900001", "A", "B", Citation(pmid="900001"))], [GONE], [REPORT]):
        assert take(url, *step) == take(tmp_path / "near", *step)
        assert dump(url) == dump(tmp_path / "near")


def test_shared_statements_are_tidied_as_in_a_folder(url: str, tmp_path: Path, records: list[EvidenceRecord]) -> None:
    """What no report speaks of any more goes, and of two labels of a concept one stays."""
    names = Names()
    some = [r for r in records if r.design and r.design.registry_ids][:4]
    plain = [EvidenceRecord(id=r.id, title=r.title, text=r.text, citation=r.citation) for r in some[:2]]
    for place in (url, tmp_path / "near"):
        with open_writer(place) as writer:
            for batch in (some, plain):
                writer.write([Change.of(names.report(r), to_quads(r)) for r in batch])
            writer.finish()
    assert dump(url) == dump(tmp_path / "near")


def test_parts_are_loaded(url: str, records: list[EvidenceRecord]) -> None:
    """New reports come in as they are, by the way that the server has for many."""
    quads = [quad for record in records[:5] for quad in to_quads(record)]
    with ServerWriter(url) as writer:
        for record in records[:5]:
            writer.parts.add(Change.of(Names().report(record), to_quads(record)))
        writer.publish()
    assert set(canonical(quads).splitlines()) <= set(dump(url).splitlines())


def test_the_command_line(url: str, documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`ingest`, `status` and `check` take a URL; failures and the log of runs are kept on this machine."""
    monkeypatch.setattr("kg.commands.running.load", lambda: ReferenceExtractor([]))
    said = CliRunner().invoke(main, ["ingest", str(documents), "--store", url, "--workers", "1"])
    assert said.exit_code == 0, said.output
    assert "6 read, 6 written" in said.stderr
    status = command("status", "--store", url)
    assert "6 reports" in status
    assert "from six.jsonl: 6 reports" in status
    assert "last run ended" in status
    assert "dba" not in status
    assert command("check", "--store", url) == ""


def test_one_writer_at_a_time(url: str) -> None:
    """A second writer of this machine is told who writes; the password isn't in what it is told."""
    holder = f"locked for writing by process {os.getpid()}"
    with ServerWriter(url), pytest.raises(StoreLockedError, match=holder) as caught:
        ServerWriter(url)
    assert "dba" not in str(caught.value)
    ServerWriter(url).close()


def test_what_the_server_refuses(loaded: str) -> None:
    """A query that isn't one is a QueryError of one line."""
    with open_reader(loaded) as reader, pytest.raises(QueryError) as caught:
        reader.query("SELECT ?x WHERE { ?x")
    assert "\n" not in str(caught.value)


def test_a_server_that_holds_no_store(url: str) -> None:
    """Reading from an empty server says so."""
    with pytest.raises(StoreError, match="there is no store here"):
        ServerReader(url)


SHOWS_ITS_WORDS = """#!/bin/sh
tr "\\0" " " < /proc/$$/cmdline > "$(dirname "$0")/command"
cat > "$(dirname "$0")/input"
echo "*** Error 28000: Bad login"
echo "Connected to OpenLink Virtuoso"
"""


def test_the_password_is_on_no_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Virtuoso's SQL client is told it where nobody else can read it; that it tried another one before is no error."""
    client, part = tmp_path / "isql-vt", tmp_path / "part.nq"
    client.write_text(SHOWS_ITS_WORDS)
    client.chmod(0o755)
    part.write_text("")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv(bulk.SQL, "127.0.0.1:1111")
    monkeypatch.setenv(bulk.FOLDER, str(tmp_path))
    with OxigraphServer() as server:
        endpoint = Endpoint(server.url.replace("http://", "http://dba:s3cret@"))
        endpoint.dialect = VIRTUOSO
        bulk.load(endpoint, part)
        endpoint.close()
    command = (tmp_path / "command").read_text()
    assert "127.0.0.1:1111 dba exec=DB.DBA.TTLP" in command
    assert "s3cret" not in command
    assert (tmp_path / "input").read_text() == "s3cret\n"


@pytest.mark.parametrize("name", ["index", "serve", "demo"])
def test_commands_for_a_folder_alone_say_so(name: str) -> None:
    """They refuse a URL, and don't repeat what password it may hold; help names a directory alone."""
    said = CliRunner().invoke(main, [name, "--store", "http://me:s3cret@127.0.0.1:9/sparql"])
    assert said.exit_code == 2
    assert "a folder is needed here, not a server's URL" in said.stderr
    assert "s3cret" not in said.output
    assert "SPARQL server" not in CliRunner().invoke(main, [name, "--help"]).stdout


def test_no_server() -> None:
    """Where nothing listens, or something else, the error is one clear line."""
    with pytest.raises(StoreError, match=r"^http://127\.0\.0\.1:9: can't be reached: "):
        ServerReader("http://me:secret@127.0.0.1:9")
    with OxigraphServer() as server, pytest.raises(StoreError, match="no SPARQL server answers here"):
        ServerReader(server.url + "/elsewhere")


def test_a_server_without_a_union_default_graph_is_refused() -> None:
    """Queries would find nothing there, and silently: so it is refused."""
    with OxigraphServer(union=False) as server, pytest.raises(StoreError, match="union of all graphs"):
        ServerWriter(server.url)


def test_a_report_is_one_request_to_a_standard_server(records: list[EvidenceRecord]) -> None:
    """A report's graphs are replaced by one update, which is one transaction."""
    with OxigraphServer() as server, ServerWriter(server.url) as writer:
        before = len(server.requests)
        writer.write([Change.of(Names().report(records[0]), to_quads(records[0]))])
        assert server.requests[before:] == [("POST", "/update", 204)]


@pytest.mark.slow
@pytest.mark.skipif(not virtuoso.installed(), reason=virtuoso.REASON)
def test_virtuoso_leaves_no_rows_out(tmp_path: Path, reference_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own loader takes parts in; an answer that its configuration cuts short is an error, not an answer."""
    with virtuoso.running(tmp_path, rows=50) as running, Reader(reference_store) as near:
        monkeypatch.setenv(bulk.SQL, running.sql)
        monkeypatch.setenv(bulk.FOLDER, str(running.folder))
        with ServerWriter(running.url) as writer:
            for report in near.reports()[:60]:
                writer.parts.add(Change.of(report, near.quads(report + "/assertion")))
            writer.parts.load()
            graph = near.reports()[59] + "/assertion"
            value = near.value(graph, near.reports()[59], terms.ABSTRACT)
            assert writer.value(graph, near.reports()[59], terms.ABSTRACT) == value
            for ask in (lambda: list(writer.quads(graph)), lambda: writer.query("CONSTRUCT WHERE { ?s ?p ?o }")):
                with pytest.raises(StoreError, match="50 rows at most"):
                    ask()
            with pytest.raises(StoreError, match="50 rows at most"):
                writer.reports()
