"""Inline markup to text: superscripts keep their meaning, formulas become a line, spaces from pretty-printing go.

Characters are kept as they are (odd dashes, narrow and no-break spaces); only ASCII white space is collapsed.
"""

from __future__ import annotations

import html
import re

from lxml import etree

_SPACE = re.compile(r"[ \t\r\n\f]+")
_SUPER = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_SUB = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SKIPPED = {"annotation", "annotation-xml", "tex-math"}


def inline_text(element: etree._Element | None) -> str:
    """Return the element's text on one line, "" for None."""
    return level(raw_text(element)) if element is not None else ""


def level(text: str) -> str:
    """Return `text` with each run of ASCII white space as one space, and none at its ends."""
    return _SPACE.sub(" ", text).strip(" ")


def raw_text(element: etree._Element) -> str:
    """Return the element's text with its white space as it stands."""
    text = element.text or ""
    for child in element:
        text += _child_text(child, text) + (child.tail or "")
    return text


def _child_text(child: etree._Element, before: str) -> str:
    name = local_name(child)
    if name in _SKIPPED:
        return ""
    if name in ("sup", "SUP"):
        return superscript(raw_text(child))
    if name in ("sub", "SUB"):
        return _subscript(raw_text(child), before, child.tail or "")
    if name == "math":
        return _math(child)
    return raw_text(child)


def local_name(element: etree._Element) -> str:
    """Return the tag without its namespace or prefix, "" for comments, instructions and entities."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def superscript(text: str) -> str:
    """Return `text` raised where it holds a digit (10⁶, kg⁻¹), else plain (CD8+, 5th)."""
    return text.translate(_SUPER) if any("0" <= c <= "9" for c in text) else text


def _subscript(text: str, before: str, after: str) -> str:
    """Return `text` plain (CO2), or lowered where it would run into another number's digits."""
    touches = before[-1:].isdigit() or after[:1].isdigit()
    return text.translate(_SUB) if touches and text.strip().isdigit() else text


def _math(element: etree._Element) -> str:
    """Return a formula's text on one line; white space between its elements means nothing."""
    name = local_name(element)
    if name in _SKIPPED:
        return ""
    parts = [_math(child) for child in element]
    if not parts:
        return level(element.text or "")
    return _FORMULAS[name](parts) if name in _FORMULAS else "".join(parts)


def _power(parts: list[str]) -> str:
    return parts[0] + "".join(map(superscript, parts[1:]))


def _both(parts: list[str]) -> str:
    return "".join(parts[:2]) + "".join(map(superscript, parts[2:]))


def _fraction(parts: list[str]) -> str:
    return "/".join(part if part.isalnum() else f"({part})" for part in parts)


def _root(parts: list[str]) -> str:
    return f"√({''.join(parts)})"


_FORMULAS = {"msup": _power, "msubsup": _both, "mfrac": _fraction, "msqrt": _root}


_TAG = re.compile(r"</?(?:i|b|u|em|strong|italic|bold|p|br|div|span|sc|jats:\w+)(?:\s[^<>]*)?/?>", re.I)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][\da-fA-F]+|[A-Za-z]+\d*);")
_RAISED = re.compile(r"<sup(?:\s[^<>]*)?>([^<>]*)</sup>", re.I)
_LOWERED = re.compile(r"<(sub|inf)(?:\s[^<>]*)?>([^<>]*)</\1>", re.I)


def plain_text(text: str) -> str:
    """Return a field's text without the HTML tags and entities that exports leave in it; other `<` and `&` stay."""
    text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    text = _TAG.sub("", text)
    text = _RAISED.sub(lambda match: superscript(match[1]), text)
    return _LOWERED.sub(lambda match: _subscript(match[2], text[: match.start()], text[match.end() :]), text)
