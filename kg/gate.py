"""What a foreign query may do: decided on the parsed query, in this one place.

A query that comes from outside reads this store and nothing else. It's parsed here, and what the engine gets is written
from that parse (see `kg.sparql`). Time and memory are limited by `kg.worker`, in a process of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg import sparql
from kg.sparql_faults import UpdateError
from kg.store import Answer, Dataset, Reading
from ontology import terms
from ontology.errors import QueryError, QueryRefusedError, QuerySyntaxError

LONGEST = 200_000  # characters
DEEPEST = 500  # the engine's stack overflows at about 3000
_AT = re.compile(r"error at 1:(\d+): expected (?:one of )?(.*)")
_CLEAR = re.compile(r"[A-Za-z][\w ]* [\w ]*\w")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator allows beyond reading the store: `services` are the endpoints that SERVICE may call."""

    services: frozenset[str] = frozenset()


def admit(text: str, policy: Policy | None = None, base: str | None = None) -> sparql.Query:
    """Return the parsed query if it may be asked.

    Raises QuerySyntaxError with the place of the fault, QueryRefusedError for an update, a SERVICE clause that isn't
    allowed (wherever it stands, with SILENT or not), and a text that is too long or nested too deep.
    """
    if len(text) > LONGEST:
        raise QueryRefusedError(f"the query is longer than {LONGEST:,} characters")
    try:
        query = sparql.parse(text, terms.PREFIXES, base)
    except UpdateError as error:
        raise QueryRefusedError(f"updates are refused, and {error.reason}: this store is only read") from error
    if query.depth > DEEPEST:
        raise QueryRefusedError(f"the query is nested more than {DEEPEST} deep")
    allowed = policy.services if policy else frozenset()
    if any(target not in allowed for target in query.services):
        raise QueryRefusedError("SERVICE isn't allowed: queries are answered from this store alone")
    return query


def answer(
    store: Reading,
    text: str,
    *,
    policy: Policy | None = None,
    dataset: Dataset | None = None,
    base: str | None = None,
) -> Answer:
    """Return the answer to a foreign query, read lazily; see `admit` for what is raised.

    The default graph is the union of all graphs unless the query or `dataset`, which goes before it, names graphs.
    A graph that the query names must be in the store; one that `dataset` names is taken as empty where it isn't.
    """
    query = admit(text, policy, base)
    if dataset is None:
        for graph in query.from_default + query.from_named:
            _require(store, graph)
    try:
        return store.query(query.text, union=not query.has_dataset, base=base, dataset=dataset)
    except QueryError as error:
        raise _placed(query, error) from error


def _require(store: Reading, graph: str | None) -> None:
    if graph is None or next(store.quads(graph), None) is None:
        named = f"the graph <{graph}>" if graph else "a graph named by a relative IRI"
        raise QueryRefusedError(f"FROM: {named} isn't in this store, and nothing is fetched from elsewhere")


def _placed(query: sparql.Query, error: QueryError) -> QueryError:
    """Return the engine's complaint with its place in the query as it was sent."""
    match = _AT.fullmatch(str(error))
    if match is None:
        return error
    clear = [part for part in match[2].split(", ") if _CLEAR.fullmatch(part)]
    return QuerySyntaxError("; ".join(clear) or "this isn't valid SPARQL", *query.place(int(match[1])))
