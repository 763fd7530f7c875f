"""The eight shapes of question that are timed, as SPARQL for every engine, and as SQL where the index answers them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.figures.database import Figures
from ontology.vocabulary import expand

_REPORT = "https://w3id.org/cartograph/report/pmid-90000042"
_CONCEPT = re.compile(r"\{([a-z-]+:[a-z0-9-]+)\}")


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape: its SPARQL, and its SQL if the index of figures answers it."""

    name: str
    sparql: str
    sql: str | None = None

    def rows(self, figures: Figures) -> int:
        """Return how many rows the index answers with, all of them read."""
        text = _CONCEPT.sub(lambda match: str(figures.concept(expand(match[1]))), self.sql or "")
        return sum(1 for _ in figures.rows(text))


SHAPES = (
    Shape("look up a study", f"SELECT ?p ?o WHERE {{ <{_REPORT}> ?p ?o }}"),
    Shape(
        "measure and condition subtree",
        """SELECT ?outcome ?value WHERE { ?outcome cg:measure measure:overall-survival ; cg:value ?value .
  ?study cg:hasOutcome ?outcome ; cg:population ?people .
  ?people cg:condition ?c . ?c cg:within condition:lymphoma }""",
        """SELECT r.iri || '/' || w.local, f.value
  FROM figure f JOIN about b ON b.report = f.report AND b.kind = 'condition'
  CROSS JOIN within x ON x.wide = {condition:lymphoma} AND x.narrow = b.concept JOIN report r ON r.id = f.report
  JOIN words w ON w.id = f.id WHERE f.measure = {measure:overall-survival} AND f.value IS NOT NULL""",
    ),
    Shape(
        "group and average",
        """SELECT ?measure (AVG(?value) AS ?mean) (COUNT(?value) AS ?n)
WHERE { ?outcome cg:measure ?measure ; cg:statistic statistic:proportion ; cg:value ?value } GROUP BY ?measure""",
        """SELECT c.iri, AVG(f.value), COUNT(*) FROM figure f JOIN concept c ON c.id = f.measure
  WHERE f.measure IN (SELECT id FROM concept) AND f.statistic = {statistic:proportion} AND f.value IS NOT NULL
  GROUP BY f.measure""",
    ),
    Shape(
        "compare two treatments",
        """SELECT ?treatment ?value ?report WHERE {
  VALUES ?treatment { intervention:axicabtagene-ciloleucel intervention:tisagenlecleucel }
  { ?outcome cg:armIntervention ?treatment } UNION { ?outcome cg:studyIntervention ?treatment }
  ?outcome cg:measure measure:complete-response ; cg:value ?value .
  ?study cg:hasOutcome ?outcome . ?report cg:reports ?study }""",
        """SELECT c.iri, f.value, r.iri FROM figure f CROSS JOIN figure_given g ON g.figure = f.id
    AND g.intervention IN ({intervention:axicabtagene-ciloleucel}, {intervention:tisagenlecleucel})
  JOIN concept c ON c.id = g.intervention JOIN report r ON r.id = f.report
  WHERE f.measure = {measure:complete-response} AND f.value IS NOT NULL""",
    ),
    Shape(
        "top 20",
        """SELECT ?outcome ?value WHERE { ?outcome cg:measure measure:overall-survival ;
  cg:statistic statistic:hazard-ratio ; cg:value ?value } ORDER BY ?value ?outcome LIMIT 20""",
        """SELECT r.iri || '/' || w.local AS iri, f.value FROM figure f JOIN report r ON r.id = f.report
  JOIN words w ON w.id = f.id WHERE f.measure = {measure:overall-survival}
  AND f.statistic = {statistic:hazard-ratio} AND f.value IS NOT NULL ORDER BY f.value, iri LIMIT 20""",
    ),
    Shape(
        "text in quotes",
        """SELECT ?words ?quote WHERE { ?words oa:exact ?quote .
  FILTER(CONTAINS(LCASE(?quote), "overall survival")) }""",
        """SELECT q.rowid, w.quote FROM quoted q CROSS JOIN words w ON w.id = q.rowid
  WHERE quoted MATCH '"overall survival"'""",
    ),
    Shape("construct a study", f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{_REPORT}/assertion> {{ ?s ?p ?o }} }}"),
    Shape(
        "count",
        "SELECT (COUNT(*) AS ?n) WHERE { ?outcome a cg:Outcome }",
        "SELECT COUNT(*) FROM figure",
    ),
)
