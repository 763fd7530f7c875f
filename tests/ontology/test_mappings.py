"""External codes in the vocabulary, against the files of the ontologies that they come from.

CARTOGRAPH_ONTOLOGIES names a folder with those files; without it the comparison is skipped.
"""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import SKOS

from ontology import terms
from ontology.spelling import fold
from ontology.vocabulary import load

CODE = re.compile(r"(?:MONDO_\d{7}|DOID_\d+|NCIT_C\d+|MAXO_\d{7}|OBI_\d{7}|STATO_\d{7})")
LOOKED_AT = {  # the labels differ, or the file isn't at hand: compared by eye
    "OBI_0003700": "phase I clinical trial",
    "OBI_0003701": "phase II clinical trial",
    "OBI_0003702": "phase III clinical trial",
    "NCIT_C15431": "Hematopoietic Cell Transplantation",
    "NCIT_C44256": "Proportion",
    "NCIT_C25463": "Count",
    "NCIT_C28007": "Median",
    "NCIT_C93150": "Hazard Ratio",
    "NCIT_C16932": "Odds Ratio",
    "NCIT_C93152": "Relative Risk",
}


@pytest.fixture(scope="module")
def codes(concepts: rdflib.Graph) -> dict[str, list[str]]:
    """Return the external codes of each concept, by its IRI."""
    found: dict[str, list[str]] = defaultdict(list)
    for predicate in (SKOS.exactMatch, SKOS.closeMatch):
        for subject, target in concepts.subject_objects(predicate):
            found[str(subject)].append(str(target))
    return found


@pytest.fixture(scope="module")
def published() -> dict[str, set[str]]:
    """Return the labels that the ontologies' own files give each code."""
    folder = os.environ.get("CARTOGRAPH_ONTOLOGIES")
    if not folder:
        pytest.skip("CARTOGRAPH_ONTOLOGIES names no folder of ontology files")
    labels: dict[str, set[str]] = defaultdict(set)
    for code, label in (*_tables(Path(folder)), *_obo(Path(folder))):
        labels[code.replace(":", "_")].add(label)
    return labels


def _tables(folder: Path) -> Iterator[tuple[str, str]]:
    with (folder / "doid/DOreports/HumanDO.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield row["id"], row["label"]
    for path in (folder / "mondo/src/ontology/mappings").glob("mondo_exactmatch_*.sssom.tsv"):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"):
                yield row["subject_id"], row["subject_label"]
                yield row["object_id"], row.get("object_label") or ""


def _obo(folder: Path) -> Iterator[tuple[str, str]]:
    for path in ("maxo/maxo.obo", "obi/views/obi.obo", "stato/releases/1.4/stato.obo"):
        text = (folder / path).read_text(encoding="utf-8")
        yield from re.findall(r"^id: (\w+:\d+)\nname: (.+)$", text, re.M)


def test_codes_are_of_known_ontologies(codes: dict[str, list[str]]) -> None:
    """Each external code has the form of DOID, MONDO, NCIt, MAxO, OBI or STATO, and stands on one concept of a kind."""
    used: dict[tuple[str, str], set[str]] = defaultdict(set)
    for iri, targets in codes.items():
        for target in targets:
            assert target.startswith(terms.OBO)
            assert CODE.fullmatch(target.removeprefix(terms.OBO))
            used[load().get(iri).kind, target].add(iri)
    assert {key: iris for key, iris in used.items() if len(iris) > 1} == {}


def test_codes_agree_with_the_published_labels(codes: dict[str, list[str]], published: dict[str, set[str]]) -> None:
    """The label that the other ontology gives a code is one of the concept's own labels."""
    wrong = []
    for iri, targets in codes.items():
        concept = load().get(iri)
        own = {fold(label.text) for label in concept.labels if not label.hidden}
        for code in (target.removeprefix(terms.OBO) for target in targets):
            theirs = {fold(label) for label in published.get(code, ())}
            if code not in LOOKED_AT and not own & theirs:
                wrong.append((concept.name, code, sorted(published.get(code, ()))))
    assert wrong == []
