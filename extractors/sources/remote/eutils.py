"""The replies of NCBI's E-utilities: a search's ids and its place in the history, and whole batches of PubMed XML."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from extractors.sources.records import Broken, UnreadableError
from extractors.sources.remote.replies import error_in, parse_json, words_of
from extractors.sources.remote.service import BadReplyError
from extractors.sources.xml_records import xml_records
from ontology.errors import FetchError

REACH = 9999
"""Records of one PubMed search that can be had (`retstart` ends at 9998); for more the search has to be split."""

_TAGS = ("PubmedArticle", "PubmedBookArticle")
_LOST = re.compile(r"history|obtain query|WebEnv|query_key", re.I)
_BEYOND = "'retstart' cannot be larger"
_WRONG = re.compile(rf"{_BEYOND}|empty term|invalid|not valid|api.?key", re.I)


class HistoryLostError(Exception):
    """The history server has forgotten the search: asking the same again is of no use, searching again is."""


@dataclass(frozen=True, slots=True)
class Found:
    """A search's result: its `count`, its first 9,999 `ids` in order, where the history holds it, and `remarks`.

    The remarks say which parts of the query PubMed left out: that changes what is found.
    """

    count: int
    ids: tuple[str, ...]
    web_env: str
    query_key: str
    remarks: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What changes when the ids or their order do."""
        return hashlib.sha256(",".join(self.ids).encode()).hexdigest()[:16]


def read_search(body: bytes) -> Found:
    """Return what ESearch found; raises BadReplyError where that can't be told, FetchError where it says why."""
    try:
        reply = parse_json(body)
    except (ValueError, RecursionError):
        raise BadReplyError(f"not the JSON of a search ({words_of(body)[:60]})") from None
    if said := error_in(reply):
        raise judged(said)
    result = reply.get("esearchresult") if isinstance(reply, dict) else None
    try:
        return _found(result)
    except (KeyError, TypeError, ValueError):
        raise BadReplyError("JSON without a search's result") from None


def _found(result: Any) -> Found:
    count, ids = int(result["count"]), tuple(map(str, result.get("idlist", ())))
    if count and not ids:
        raise BadReplyError(f"a search that counts {count} records but lists none")
    return Found(count, ids, str(result["webenv"]), str(result["querykey"]), tuple(_remarks(result)))


def _remarks(result: Any) -> Iterator[str]:
    errors, warnings = result.get("errorlist") or {}, result.get("warninglist") or {}
    for holder, key, remark in (
        (errors, "phrasesnotfound", "not found"),
        (errors, "fieldsnotfound", "no such field"),
        (warnings, "quotedphrasesnotfound", "phrase not found, searched as single words"),
        (warnings, "phrasesignored", "left out"),
    ):
        for phrase in holder.get(key, ()):
            yield f"{remark}: {phrase}"


def lost(said: str) -> bool:
    """Return whether an error's words mean that the history has forgotten the search."""
    return bool(_LOST.search(said)) and _BEYOND not in said


def judged(said: str) -> Exception:
    """Return what an error's words mean: a request that is wrong, or a passing fault."""
    if _WRONG.search(said) and "rate limit" not in said:
        return FetchError("pubmed", said)
    return BadReplyError(f"an error reply: {said}")


def read_batch(body: bytes) -> tuple[tuple[str, ...], int]:
    """Return the PMIDs of a batch, in order, and the number of its records that can't be read.

    Raises BadReplyError where it isn't a whole batch, HistoryLostError where it says so.
    """
    if b"<PubmedArticleSet" not in body[:4096]:
        said = words_of(body) or "nothing in it"
        raise HistoryLostError(said) if lost(said) else judged(said)
    if not body.rstrip().endswith((b"</PubmedArticleSet>", b"<PubmedArticleSet/>")):
        raise BadReplyError("XML that is cut short")
    try:
        records = list(xml_records(io.BytesIO(body), _TAGS))
    except UnreadableError as error:
        raise BadReplyError(str(error)) from None
    pmids = [None if isinstance(record, Broken) else _pmid(record) for record in records]
    return tuple(pmid for pmid in pmids if pmid), pmids.count(None)


def _pmid(record: etree._Element) -> str | None:
    return record.findtext("MedlineCitation/PMID") or record.findtext("BookDocument/PMID")
