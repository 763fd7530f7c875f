"""The shapes of a written report: a whole one conforms, and each fault is told in its own words."""

from __future__ import annotations

import pytest
import rdflib
from pyshacl import validate
from rdflib.namespace import RDF, SH

from ontology import terms

PREFIXES = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in terms.PREFIXES.items())
REPORT = """
@base <https://example.org/report/1/> .
<r> a cg:Report, fabio:Expression ; dcterms:title "T" ; cg:abstract "Eight of 10 (80%) had a CR." ; cg:retracted false ;
    cg:topic topic:car-t ; cg:year 2024 ; cg:reports <s> ; cg:hasFlag <f> .
<s> a cg:Study ; cg:design design:single-arm-trial ; cg:phase phase:1-2 ; cg:population <p> ; cg:hasArm <a> ;
    cg:hasTreatment <t> ; cg:hasSequence <q> ; cg:hasOutcome <o> ;
    cg:followUpMedian 1.0 ; cg:followUpUnit unit:year ; cg:followUpMonths 12.0 .
<p> a cg:Population ; cg:condition condition:multiple-myeloma ; cg:ageGroup age:adult ; cg:enrolled 10 .
<a> a cg:Arm ; cg:armLabel "all" ; cg:armSize 10 ; cg:armRole role:cohort .
<t> a cg:Treatment ; cg:intervention intervention:hsct ; cg:category category:hsct ; cg:used true .
<q> a cg:TreatmentSequence ; cg:step <q1>, <q2> .
<q1> a cg:SequenceStep ; cg:position 1 ; cg:intervention intervention:hsct ; cg:precedes <q2> .
<q2> a cg:SequenceStep ; cg:position 2 ; cg:intervention intervention:hsct .
<o> a cg:Outcome ; cg:position 1 ; cg:measure measure:complete-response ; cg:statistic statistic:proportion ;
    cg:value 80.0 ; cg:unit unit:percent ; cg:numerator 8 ; cg:denominator 10 ; cg:arm <a> ;
    cg:ciLow 44.4 ; cg:ciHigh 97.5 ; cg:ciLevel 95.0 ; cg:pText "<0.001" ; cg:pRelation "<" ; cg:pValue 0.001 ;
    cg:timeValue 1.0 ; cg:timeUnit unit:year ; cg:timeMonths 12.0 ; cg:grade "2-4" ; cg:gradeMin 2 ; cg:gradeMax 4 ;
    cg:confidence 0.9 ; cg:linkedBy "arm=nearest" ; oa:hasTarget <w> .
<w> a oa:SpecificResource ; oa:hasSource <r> ; oa:hasSelector <w1> .
<w1> a oa:TextPositionSelector ; oa:start 0 ; oa:end 17 ; oa:refinedBy <w2> .
<w2> a oa:TextQuoteSelector ; oa:exact "Eight of 10 (80%)" ; oa:suffix " had a CR." .
<f> a cg:Flag ; cg:flagKind "percent" ; cg:flagMessage "8 of 10 is 80" ; cg:flagOutcome <o> .
"""
FAULTS = [
    ("cg:value 80.0", 'cg:value "80"', "its value is one decimal"),
    ("cg:value 80.0", "cg:value 80.0, 81.0", "its value is one decimal"),
    ("cg:value 80.0", "cg:value 180.0", "a proportion is in percent"),
    ("cg:value 80.0 ;", "", "has a value, or was not reached"),
    ("cg:value 80.0", "cg:value 80.0 ; cg:notReached true", "has a value, or was not reached"),
    ("cg:value 80.0", "cg:notReached true", "only a median can be not reached"),
    ("cg:unit unit:percent ;", "", "a proportion is in percent"),
    ("cg:numerator 8", "cg:numerator 11", "n is not above N"),
    ("cg:numerator 8", "cg:numerator 8.5", "n is one integer"),
    ("cg:ciLow 44.4", "cg:ciLow 98.0", "the lower limit is not above the upper one"),
    ("cg:ciHigh 97.5", "cg:ciHigh 103.0", "a proportion is in percent"),
    ("cg:ciLevel 95.0", "cg:ciLevel 100.0", "the level of the interval"),
    ("cg:pValue 0.001", "cg:pValue 1.2", "p is one decimal between 0 and 1"),
    ('cg:pRelation "<" ;', "", "a p value has its number, its relation and its words"),
    ('cg:pRelation "<"', 'cg:pRelation "~"', "the relation of p is known"),
    ("cg:timeMonths 12.0 ; cg:grade", "cg:grade", "a time point has value, unit and months"),
    ("cg:timeUnit unit:year", "cg:timeUnit unit:percent", "the time point is in a unit of time"),
    ("cg:gradeMin 2", "cg:gradeMin 5", "the lowest grade"),
    ("cg:measure measure:complete-response", "cg:measure measure:happiness", "measures exactly one measure"),
    ("cg:measure measure:complete-response", "cg:measure measure-group:response", "measures exactly one measure"),
    ("cg:measure measure:complete-response", "cg:measure measure-group:other", "says in words what it is"),
    ("cg:statistic statistic:proportion", "cg:statistic statistic:hazard-ratio", "a ratio is not negative"),
    ("cg:statistic statistic:proportion", "cg:statistic statistic:count", "a count is not negative and not in percent"),
    ("cg:arm <a> ;", "", "is of exactly one arm"),
    ("cg:confidence 0.9", "cg:confidence 1.9", "confidence is one decimal"),
    ("; oa:hasTarget <w>", "", "points at its words"),
    ("oa:end 17 ;", "oa:end 0 ;", "points at its words"),
    ('oa:exact "Eight of 10 (80%)" ;', "", "points at its words"),
    ("cg:design design:single-arm-trial", "cg:design phase:3", "has exactly one design"),
    ("cg:topic topic:car-t ;", "", "has exactly one topic"),
    ("cg:retracted false", 'cg:retracted "no"', "says whether it was retracted"),
    ("cg:year 2024", "cg:year 24", "the year is one integer"),
    ("cg:followUpUnit unit:year ;", "", "follow-up in months comes with"),
    ("cg:enrolled 10", "cg:enrolled -1", "enrolled is one integer, not negative"),
    ("cg:condition condition:multiple-myeloma", "cg:condition measure:relapse", "a condition is a concept"),
    ("cg:used true", "cg:used 1", "says whether it was given"),
    ("cg:step <q1>, <q2>", "cg:step <q1>", "has two steps or more"),
    ('cg:flagKind "percent" ;', "", "has exactly one kind"),
    ("cg:hasOutcome <o> ;", "", "belongs to one study"),
]


@pytest.fixture(scope="module")
def kinds(concepts: rdflib.Graph) -> rdflib.Graph:
    """Return what each concept of the vocabulary is."""
    found = rdflib.Graph()
    for triple in concepts.triples((None, RDF.type, None)):
        found.add(triple)
    return found


def _messages(turtle: str, shapes: rdflib.Graph, kinds: rdflib.Graph) -> set[str]:
    data = rdflib.Graph().parse(data=PREFIXES + turtle, format="turtle")
    for named in set(data.objects()):
        for kind in kinds.objects(named, RDF.type):
            data.add((named, RDF.type, kind))
    _, results, _ = validate(data, shacl_graph=shapes, inference="none")
    assert isinstance(results, rdflib.Graph)
    return {str(results.value(x, SH.resultMessage)) for x in results.subjects(RDF.type, SH.ValidationResult)}


def test_shapes_are_valid_shacl(shapes: rdflib.Graph) -> None:
    """The shapes are themselves what SHACL allows, and each one told by itself says in words what is wrong."""
    validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        for prop in shapes.objects(shape, SH.property):
            assert (prop, SH.message, None) in shapes


def test_a_whole_report_conforms(shapes: rdflib.Graph, kinds: rdflib.Graph) -> None:
    """A report with every property conforms."""
    assert _messages(REPORT, shapes, kinds) == set()


@pytest.mark.parametrize(("right", "wrong", "message"), FAULTS, ids=[f"{a} -> {b}" for a, b, _ in FAULTS])
def test_each_fault_is_told(shapes: rdflib.Graph, kinds: rdflib.Graph, right: str, wrong: str, message: str) -> None:
    """One thing made wrong in a whole report gives the message that tells it."""
    assert REPORT.count(right) == 1
    found = _messages(REPORT.replace(right, wrong), shapes, kinds)
    assert any(message in each for each in found), found


def test_shapes_name_only_defined_terms(ontology: rdflib.Graph, shapes: rdflib.Graph) -> None:
    """Every class and property of the project in the shapes is defined in the ontology."""
    defined = set(ontology.subjects(RDF.type))
    used = {x for triple in shapes for x in triple if isinstance(x, rdflib.URIRef) and x.startswith(terms.CG)}
    assert used <= defined
