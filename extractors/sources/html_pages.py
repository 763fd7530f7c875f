"""Saved web pages: the main text without navigation; headings, paragraphs and bullets on lines of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree, html

from extractors.document import Citation, Section, Span
from extractors.sources.assemble import clean_doi, clean_pmid, clean_year, document
from extractors.sources.encoding import decode
from extractors.sources.markup import level, local_name, superscript
from extractors.sources.records import RECORD_LIMIT, Read, UnreadableError

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]+)", re.I)
_DROPPED = frozenset(
    "script style noscript template nav footer aside form button select iframe svg canvas video audio object".split()
)
_ROLES = frozenset("navigation banner contentinfo search complementary dialog alert menu toolbar".split())
_CLUTTER = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|cookies?|share|sharing|social|related|newsletter|advert\w*|ads?|promo\w*"
    r"|sidebar|comments?|footer|masthead|skip|login|subscribe|similar|references|citedby|metrics)(?:$|[\s_-])",
    re.I,
)
_BLOCKS = frozenset(
    "p div section article main header ul ol li dl dt dd table tr blockquote pre figure figcaption address hr body"
    " h1 h2 h3 h4 h5 h6 details summary caption thead tbody".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SHARE = 0.4


@dataclass(slots=True)
class _Block:
    text: str
    kind: str = "p"


@dataclass(slots=True)
class _Writer:
    """Collects inline text into blocks as the walk goes over the page."""

    blocks: list[_Block] = field(default_factory=list)
    inline: str = ""
    kind: str = "p"
    kept: int = 0

    def flush(self, kind: str = "p") -> None:
        """End the block that's being written; the next one is of `kind`. A paragraph opening an item stays the item."""
        if self.kind == "li" and kind == "p" and not self.inline.strip():
            return
        for line in self.inline.split("\n"):
            if text := level(line):
                self.blocks.append(_Block(text, self.kind))
                self.kind = "p" if self.kind == "li" else self.kind
        self.inline, self.kind = "", kind

    def walk(self, element: etree._Element) -> None:
        """Write an element and what is in it."""
        name = local_name(element)
        block = name in _BLOCKS
        if block:
            self.flush("p" if name == "div" else name)
        if name == "br":
            self.inline += "\n"
        elif name in ("td", "th") and self.inline.strip():
            self.inline += " | "
        self.kept += name == "pre"
        self._add(element.text)
        for child in element:
            self._child(child)
            self._add(child.tail)
        self.kept -= name == "pre"
        if block:
            self.flush("end")

    def _add(self, text: str | None) -> None:
        """Add text; line breaks in it mean something only where it's preformatted (`kept`)."""
        self.inline += (text or "") if self.kept else re.sub(r"[\r\n]", " ", text or "")

    def _child(self, child: etree._Element) -> None:
        name = local_name(child)
        if name == "sup":
            self._add(superscript("".join(map(str, child.itertext()))))
        elif name:
            self.walk(child)


def read_html(file: BinaryIO) -> Iterator[Read]:
    """Yield the page's document. Raises UnreadableError where it's too long, or no text is left."""
    data = file.read(RECORD_LIMIT + 1)
    if len(data) > RECORD_LIMIT:
        raise UnreadableError(f"a page longer than {RECORD_LIMIT // 2**20} MB")
    page = _parse(data, file)
    title, citation = _title(page), _citation(page)
    _strip(page)
    writer = _Writer()
    writer.walk(_root(page))
    writer.flush()
    blocks = [block for block in writer.blocks if not (block.kind == "h1" and block.text == title)]
    if not blocks:
        raise UnreadableError("a page without text")
    text, sections = _join(blocks)
    yield document(title=title, text=text, sections=sections, citation=citation)


def _parse(data: bytes, file: BinaryIO) -> etree._Element:
    declared = _DECLARED.search(data[:4096])
    text = _declared_text(data, declared.group(1).decode()) if declared else None
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring((text or decode(data, file)).encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        raise UnreadableError("a page without text") from None
    return page


def _declared_text(data: bytes, encoding: str) -> str | None:
    """Return the page as its declaration would have it, None where that is wrong or unknown."""
    try:
        return data.decode("cp1252" if encoding.lower() in ("iso-8859-1", "latin1", "us-ascii") else encoding)
    except (LookupError, UnicodeDecodeError):
        return None


def _title(page: etree._Element) -> str:
    """Return the title that the page states for citation, else its first heading, else its window's title."""
    stated = _meta(page, "citation_title", "dc.title", "og:title")
    headings = (level("".join(map(str, h.itertext()))) for h in page.iter("h1"))
    window = page.findtext(".//title") or ""
    return next((t for t in (*stated[:1], *headings, re.split(r"\s+[|–—-]\s+", level(window))[0]) if t), "")


def _meta(page: etree._Element, *names: str) -> list[str]:
    found: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        found.setdefault(name, level(meta.get("content") or ""))
    return [found[name] for name in names if found.get(name)]


def _citation(page: etree._Element) -> Citation:
    def first(*names: str) -> str | None:
        return next(iter(_meta(page, *names)), None)

    return Citation(
        pmid=clean_pmid(first("citation_pmid", "ncbi_uid")),
        doi=clean_doi(first("citation_doi", "dc.identifier", "prism.doi")),
        journal=first("citation_journal_title", "citation_publisher", "prism.publicationname"),
        year=clean_year(first("citation_publication_date", "citation_date", "citation_year", "dc.date")),
    )


def _strip(page: etree._Element) -> None:
    """Take out of the page what isn't its own text."""
    total = _length(page)
    for element in list(page.iter()):
        parent = element.getparent()
        if parent is not None and _is_clutter(element, total):
            _drop(element, parent)


def _is_clutter(element: etree._Element, total: int) -> bool:
    name = local_name(element)
    if name in ("body", "html", "main", "article"):
        return False
    if name in _DROPPED or element.get("role") in _ROLES or element.get("hidden") is not None:
        return True
    named = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_CLUTTER.search(named)) and _length(element) < _SHARE * total


def _drop(element: etree._Element, parent: etree._Element) -> None:
    """Remove `element` but not the text behind it."""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _length(element: etree._Element) -> int:
    return sum(len(text) for text in element.itertext())


def _root(page: etree._Element) -> etree._Element:
    """Return the element with the main text: `<main>` or an `<article>` that holds most of it, else the body."""
    body = page.find("body")
    whole = body if body is not None else page
    named = (e for e in page.iter("main", "article", "div") if e.tag != "div" or e.get("role") == "main")
    largest = max(named, key=_length, default=whole)
    if _length(largest) >= _SHARE * _length(whole):
        return largest
    return whole


def _join(blocks: list[_Block]) -> tuple[str, tuple[Section, ...]]:
    """Return the text and the sections that its headings open."""
    text = ""
    heads: list[tuple[str, int, int]] = []
    for block in blocks:
        gap = "" if not text else ("\n\n" if block.kind in _HEADINGS else "\n")
        text += gap
        if block.kind in _HEADINGS:
            heads.append((block.text, len(text), len(text) + len(block.text) + 1))
        text += f"• {block.text}" if block.kind == "li" else block.text
    ends = [*(start for _, start, _ in heads[1:]), len(text)][: len(heads)]
    return text, tuple(_section(text, *head, end) for head, end in zip(heads, ends, strict=True) if head[2] < end)


def _section(text: str, label: str, _: int, start: int, end: int) -> Section:
    return Section(label, Span(start, start + len(text[start:end].rstrip())))
