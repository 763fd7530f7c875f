"""PubMed XML: efetch replies and baseline or update files, articles, book chapters and deletions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from extractors.document import Citation, Deletion, Document, Notice
from extractors.sources import pubmed_terms
from extractors.sources.assemble import Passage, clean_doi, clean_pmid, clean_year, compose, document, phase_of
from extractors.sources.markup import inline_text, level
from extractors.sources.records import BadRecordError, Broken, Read, attempt
from extractors.sources.xml_records import xml_records

_TAGS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation", "DeleteCitation", "DeleteDocument")
_UNAVAILABLE = re.compile(r"\[?(?:not available|no title available)\]?\.?", re.I)
_PLAIN = re.compile(r"plain.language", re.I)


def read_pubmed_xml(file: BinaryIO) -> Iterator[Read]:
    """Yield a Document for each article or book chapter, a Deletion for each PMID that the file deletes."""
    for record in xml_records(file, _TAGS):
        if isinstance(record, Broken) or not str(record.tag).startswith("Delete"):
            yield attempt(_article, record)
        else:
            yield from _deletions(record)


def _deletions(element: etree._Element) -> Iterator[Read]:
    for child in element.iterchildren("PMID"):
        pmid = clean_pmid(child.text)
        yield Deletion(pmid) if pmid else Broken("a deletion without a PMID")


def _article(record: etree._Element) -> Document:
    body = record.find("BookDocument") if record.tag == "PubmedBookArticle" else _citation_element(record)
    if body is None:
        raise BadRecordError(f"a {record.tag} without its citation")
    article = body.find("Article")
    if article is None:
        article = body
    citation = _citation(record, body, article)
    title = _title(article)
    text_of, language = _abstract(body, article)
    if not (title or text_of or citation.pmid):
        raise BadRecordError("neither PMID, title nor abstract in it")
    types = [inline_text(e) for e in article.iterfind(".//PublicationType")]
    text, sections = compose(text_of)
    return document(
        title=title,
        text=text,
        sections=sections,
        citation=citation,
        authors=_authors(article),
        publication_types=types,
        registry_ids=_registry_ids(article),
        phase=phase_of(types),
        language=language,
        notices=[*_notices(body), *pubmed_terms.type_notices(types)],
    )


def _citation_element(record: etree._Element) -> etree._Element | None:
    return record if record.tag == "MedlineCitation" else record.find("MedlineCitation")


def _citation(record: etree._Element, body: etree._Element, article: etree._Element) -> Citation:
    return Citation(
        pmid=clean_pmid(body.findtext("PMID")),
        doi=_doi(record, article),
        journal=_journal(body, article),
        year=_year(article),
    )


def _doi(record: etree._Element, article: etree._Element) -> str | None:
    paths = ((article, "ELocationID[@EIdType='doi']"), (record, "*/ArticleIdList/ArticleId[@IdType='doi']"))
    stated = (e for start, path in paths for e in start.iterfind(path) if e.get("ValidYN") != "N")
    return next((doi for e in stated if (doi := clean_doi(inline_text(e)))), None)


def _journal(body: etree._Element, article: etree._Element) -> str | None:
    paths = ((body, "MedlineJournalInfo/MedlineTA"), (article, "Journal/ISOAbbreviation"), (article, "Journal/Title"))
    return next((name for start, path in paths if (name := inline_text(start.find(path)))), None)


def _year(article: etree._Element) -> int | None:
    paths = ("Journal/JournalIssue/PubDate", "ArticleDate", "ContributionDate", "Book/PubDate")
    dates = (article.find(path) for path in paths)
    return next((year for date in dates if date is not None and (year := clean_year(inline_text(date)))), None)


def _title(article: etree._Element) -> str:
    """Return the title; the vernacular one where there's no English; a book's where a chapter has none."""
    paths = ("ArticleTitle", "VernacularTitle", "Book/BookTitle")
    titles = (inline_text(article.find(path)) for path in paths)
    return next((title for title in titles if title and not _UNAVAILABLE.fullmatch(title)), "")


def _abstract(body: etree._Element, article: etree._Element) -> tuple[list[Passage], str | None]:
    """Return the main abstract and its language: the article's own (PubMed's are English), else the best of the others.

    Of the others one in English comes first, and a summary in plain language last.
    """
    own = _passages(article.find("Abstract"))
    if own:
        return own, "eng"
    others = sorted(body.iterfind("OtherAbstract"), key=_rank)
    for other in others:
        if passages := _passages(other):
            return passages, other.get("Language")
    return [], article.findtext("Language")


def _rank(other: etree._Element) -> tuple[bool, bool]:
    return other.get("Language", "eng") != "eng", bool(_PLAIN.search(other.get("Type", "")))


def _passages(abstract: etree._Element | None) -> list[Passage]:
    if abstract is None:
        return []
    parts = abstract.iterfind("AbstractText")
    found = (Passage(inline_text(e), level(e.get("Label", "")), e.get("NlmCategory")) for e in parts)
    return [passage for passage in found if passage.body]


def _authors(article: etree._Element) -> list[str]:
    names = []
    for author in article.iterfind("AuthorList/Author"):
        person = [inline_text(author.find(tag)) for tag in ("LastName", "Initials", "Suffix")]
        names.append(inline_text(author.find("CollectiveName")) or " ".join(filter(None, person)))
    return names


def _registry_ids(article: etree._Element) -> list[str]:
    banks = article.iterfind("DataBankList/DataBank")
    registries = (bank for bank in banks if pubmed_terms.is_registry(bank.findtext("DataBankName")))
    return [inline_text(e) for bank in registries for e in bank.iterfind("AccessionNumberList/AccessionNumber")]


def _notices(body: etree._Element) -> Iterator[Notice]:
    for mark in body.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        kind = pubmed_terms.CORRECTIONS.get(mark.get("RefType", ""))
        if kind:
            yield Notice(kind, clean_pmid(mark.findtext("PMID")) or inline_text(mark.find("RefSource")) or None)
