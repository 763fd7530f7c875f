"""The vocabulary: what it holds, and how names are looked up in it."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import get_args

import pytest

from extractors import evidence
from ontology import reading
from ontology.errors import VocabularyError
from ontology.names import KIND_PREFIXES, concept_iri
from ontology.spelling import fold
from ontology.vocabulary import Concept, Vocabulary, curie, expand, load

REMARKS = {  # in the list's column of synonyms, but not wordings
    "GVHD of unstated kind",
    "manufacturing failure is 100 minus it",
    "disease remission in autoimmune disease",
}
REGROUPED = {  # a graft failure isn't a narrower engraftment: both stand in a group of measures
    "graft-failure": "engraftment-and-chimerism",
    "full-donor-chimerism": "engraftment-and-chimerism",
    "autologous-reconstitution": "engraftment-and-chimerism",
    "subsequent-transplant": "treatment-delivery",
}
NOT_TAKEN = {  # other spellings of names that the vocabulary holds
    "anaplastic large-cell lymphoma",
    "G-CSF",
    "GCC CAR T-cell therapy",
}
AMBIGUOUS = ("CR", "PR", "SD", "MM", "ALL", "MS", "CRS", "DOR", "VOD", "HL", "RIC", "MAC")


def _canonical() -> list[dict[str, str]]:
    path = Path(__file__).with_name("vocabulary.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """Return the packaged vocabulary."""
    return load()


@pytest.mark.parametrize("row", _canonical(), ids=lambda row: row["name"])
def test_canonical_names_synonyms_and_parents_are_held(vocabulary: Vocabulary, row: dict[str, str]) -> None:
    """Each name of the evidence record's list is a concept, found by its synonyms, below its parent."""
    concept = vocabulary.named(row["kind"], row["name"])
    assert concept is not None
    for synonym in filter(None, row["synonyms"].split(";")):
        if synonym not in REMARKS:
            assert vocabulary.find(synonym, row["kind"]) is concept
    if row["parent"]:
        above = {vocabulary.get(iri).name for iri in vocabulary.broader(concept.iri)}
        assert REGROUPED.get(row["name"], row["parent"]) in above


def test_outcome_measures_are_exactly_those_of_the_list(vocabulary: Vocabulary) -> None:
    """No outcome measure is added to the closed list, and none is missing."""
    listed = {row["name"] for row in _canonical() if row["kind"] == "outcome"}
    assert {c.name for c in vocabulary.of_kind("outcome")} == listed


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("design", evidence.DesignType),
        ("phase", evidence.Phase),
        ("masking", evidence.Masking),
        ("centers", evidence.Centers),
        ("status", evidence.DiseaseStatus),
        ("age", evidence.AgeGroup),
        ("category", evidence.Category),
        ("source", evidence.CellSource),
        ("statistic", evidence.Statistic),
        ("unit", evidence.Unit),
        ("topic", evidence.Relevance),
    ],
)
def test_closed_lists_are_those_of_the_evidence_record(vocabulary: Vocabulary, kind: str, members: object) -> None:
    """Each closed list of the evidence record is a kind of concepts with just these names."""
    assert {c.name for c in vocabulary.of_kind(kind)} == set(get_args(members))


def test_roles_are_those_of_arms_and_treatments(vocabulary: Vocabulary) -> None:
    """Roles of arms and of treatments share one list."""
    wanted = {*get_args(evidence.ArmRole), *get_args(evidence.InterventionRole)}
    assert {c.name for c in vocabulary.of_kind("role")} == wanted


def test_reference_records_use_names_that_are_held(vocabulary: Vocabulary, gold: Path) -> None:
    """Conditions and interventions of the reference records are concepts by their canonical names."""
    used: set[tuple[str, str]] = set()
    for line in gold.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        used |= {("condition", name) for name in record["population"]["conditions"]}
        used |= {("intervention", x["name"]) for x in record["interventions"]}
    unknown = {name for kind, name in used if vocabulary.named(kind, name) is None}
    assert unknown <= NOT_TAKEN


def test_vocabulary_is_wide(vocabulary: Vocabulary) -> None:
    """It holds the products, drugs, diseases and antigens of the field, not only the reference names."""
    assert len(vocabulary.of_kind("intervention")) > 500
    assert len(vocabulary.of_kind("condition")) > 250
    assert len(vocabulary.of_kind("antigen")) > 70


def test_a_label_points_to_one_concept_of_a_kind(vocabulary: Vocabulary) -> None:
    """Two concepts of one kind share no label: acronyms letter for letter, others however they're spelt."""
    owners: dict[tuple[str, str, bool], set[str]] = defaultdict(set)
    for concept in vocabulary.concepts:
        for label in concept.labels:
            key = label.text if label.exact_case else fold(label.text)
            owners[concept.kind, key, label.exact_case].add(concept.name)
    assert {key: names for key, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize("acronym", AMBIGUOUS)
def test_ambiguous_acronyms_match_in_exact_case_only(vocabulary: Vocabulary, acronym: str) -> None:
    """An acronym that is also a word or another acronym counts in exactly its case."""
    labels = [x for c in vocabulary.concepts for x in c.labels if x.text.casefold() == acronym.casefold()]
    assert labels
    assert all(label.exact_case for label in labels)


def test_short_capitals_match_in_exact_case_only(vocabulary: Vocabulary) -> None:
    """No label that is a short word in capitals (ICE, TEAM, BEAM) matches in lower case."""
    loose = [
        x.text
        for kind in ("outcome", "condition", "intervention", "antigen")
        for c in vocabulary.of_kind(kind)
        for x in c.labels
        if not x.exact_case and re.fullmatch(r"[A-Z0-9+/-]{1,6}", x.text)
    ]
    assert loose == []


def test_broader_links_lead_up_and_end(vocabulary: Vocabulary) -> None:
    """Each broader concept exists, is of the same kind (or a group of measures), and no concept is above itself."""
    for concept in vocabulary.concepts:
        for parent in map(vocabulary.get, concept.broader):
            assert parent.kind in (concept.kind, f"{concept.kind}-group")
            assert concept.iri not in vocabulary.broader(parent.iri)


def test_iris_are_made_from_names(vocabulary: Vocabulary) -> None:
    """A concept's IRI is the one that its kind and name give, so that names in texts lead to it."""
    assert [c.iri for c in vocabulary.concepts] == [concept_iri(c.kind, c.name) for c in vocabulary.concepts]
    assert {c.kind for c in vocabulary.concepts} == set(KIND_PREFIXES)


def test_interventions_have_a_category(vocabulary: Vocabulary) -> None:
    """Each intervention says what it is for mostly, and a CAR T product what it is directed against."""
    categories = {c.name for c in vocabulary.of_kind("category")}
    for concept in vocabulary.of_kind("intervention"):
        assert concept.category in categories, concept.name
        if concept.category == "car-t" and concept.name != "CAR T-cell therapy":
            assert concept.targets, concept.name


def test_combinations_name_their_drugs(vocabulary: Vocabulary) -> None:
    """A regimen lists the drugs that it combines, each an intervention itself."""
    assert vocabulary.find("BEAM").components == ("carmustine", "etoposide", "cytarabine", "melphalan")
    for concept in vocabulary.of_kind("intervention"):
        for component in concept.components:
            assert vocabulary.named("intervention", component) is not None


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("overall-survival", "outcome", "overall-survival"),
        ("Overall survival", None, "overall-survival"),
        ("OS", None, "overall-survival"),
        ("os", None, "overall-survival"),
        ("measure:overall-survival", None, "overall-survival"),
        ("https://w3id.org/cartograph/vocabulary/measure/relapse", None, "relapse"),
        ("dlbcl", "condition", "diffuse large B-cell lymphoma"),
        ("Hodgkin’s disease", None, "Hodgkin lymphoma"),
        ("leukaemias", "condition", "leukemia"),
        ("haemopoietic stem-cell transplant", "intervention", "HSCT"),
        ("axi-cel", None, "axicabtagene ciloleucel"),
        ("anti-CD19 CAR T cells", None, "CD19 CAR T-cell therapy"),
        ("CLEC12A CAR-T", None, "CLL1 CAR T-cell therapy"),
        ("nonrelapse mortality", None, "non-relapse-mortality"),
        ("GVHD", "condition", "graft-versus-host disease"),
        ("GVHD", "outcome", "graft-versus-host-disease"),
        ("ciclosporin", None, "cyclosporine"),
        ("ice", None, "ICE"),
        ("GM-CSF", None, "granulocyte-macrophage colony-stimulating factor"),
        ("ACE inhibitors", None, "angiotensin-converting enzyme inhibitors"),
        ("acetylcysteine", None, "N-acetylcysteine"),
    ],
)
def test_find_by_any_name(vocabulary: Vocabulary, text: str, kind: str | None, name: str) -> None:
    """A concept is found by canonical name, label, acronym, IRI or CURIE, whatever the spelling."""
    assert vocabulary.find(text, kind).name == name


def test_find_suggests_near_names(vocabulary: Vocabulary) -> None:
    """A name that isn't held gives an error with names like it."""
    with pytest.raises(VocabularyError, match=r"not in the vocabulary: lymfoma; did you mean .*lymphoma"):
        vocabulary.find("lymfoma", "condition")


def test_find_lists_candidates_where_several_are_meant(vocabulary: Vocabulary) -> None:
    """A name of several concepts gives an error with their CURIEs."""
    with pytest.raises(VocabularyError) as caught:
        vocabulary.find("GVHD")
    assert {"condition:graft-versus-host-disease", "measure:graft-versus-host-disease"} <= set(caught.value.near)


def test_get_refuses_unknown_iris(vocabulary: Vocabulary) -> None:
    """An IRI that isn't held gives an error, from get and from both closures."""
    for ask in (vocabulary.get, vocabulary.narrower, vocabulary.broader):
        with pytest.raises(VocabularyError):
            ask("https://example.org/nothing")


def test_narrower_and_broader_are_transitive(vocabulary: Vocabulary) -> None:
    """Lymphoma holds diffuse large B-cell lymphoma, two steps below, and itself; and the other way about."""
    lymphoma, dlbcl = vocabulary.find("lymphoma", "condition").iri, vocabulary.find("DLBCL", "condition").iri
    assert {lymphoma, dlbcl} <= vocabulary.narrower(lymphoma)
    assert {lymphoma, dlbcl} <= vocabulary.broader(dlbcl)
    assert lymphoma not in vocabulary.narrower(dlbcl)


def test_preferred_label_comes_first(vocabulary: Vocabulary) -> None:
    """The first label is the one to show; hidden wordings come last."""
    concept = vocabulary.find("DLBCL", "condition")
    assert concept.label == "diffuse large B-cell lymphoma"
    for each in vocabulary.concepts:
        hidden = [label.hidden for label in each.labels]
        assert hidden == sorted(hidden)
        assert not hidden[0]


def test_version_follows_the_content() -> None:
    """The version is the stated one and a digest: another label gives another, another line ending doesn't."""
    data = reading.turtle()
    version = reading.read(data)[0]
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{12}", version)
    assert reading.read(data.replace(b"\n", b"\r\n"))[0] == version
    assert reading.read(data.replace(b'"overall survival"', b'"survival overall"'))[0] != version


def test_concepts_are_frozen(vocabulary: Vocabulary) -> None:
    """A concept can't be changed after loading, and loading again gives the same."""
    concept: Concept = vocabulary.concepts[0]
    with pytest.raises(AttributeError):
        concept.name = "other"  # type: ignore[misc]
    assert load() is vocabulary


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://w3id.org/cartograph/vocabulary/measure/relapse", "measure:relapse"),
        ("https://w3id.org/cartograph/ontology#value", "cg:value"),
        ("https://example.org/x", "https://example.org/x"),
    ],
)
def test_curies_go_both_ways(iri: str, short: str) -> None:
    """A CURIE stands for its IRI; what has no prefix stays as it is."""
    assert curie(iri) == short
    assert expand(short) == iri
