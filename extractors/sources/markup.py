"""Inline markup to text: superscripts keep their meaning, formulas become a line, spaces from pretty-printing go.

Characters are kept as they are (odd dashes, narrow and no-break spaces); only ASCII white space is collapsed.
"""

from __future__ import annotations

import re

from lxml import etree

_SPACE = re.compile(r"[ \t\r\n\f]+")
_SUPER = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_SUB = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SKIPPED = {"annotation", "annotation-xml", "tex-math", "script", "style"}


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
    if name in _MATH and len(child):
        return _MATH[name](child)
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


def _parts(element: etree._Element) -> list[str]:
    return [level(_child_text(child, "")) for child in element]


def _power(element: etree._Element) -> str:
    base, *exponents = _parts(element)
    return base + "".join(map(superscript, exponents))


def _lowered(element: etree._Element) -> str:
    base, *indices = _parts(element)
    return base + "".join(_subscript(index, base, element.tail or "") for index in indices)


def _both(element: etree._Element) -> str:
    base, low, high = [*_parts(element), "", ""][:3]
    return base + _subscript(low, base, "") + superscript(high)


def _fraction(element: etree._Element) -> str:
    return "/".join(part if part.isalnum() else f"({part})" for part in _parts(element))


def _root(element: etree._Element) -> str:
    return f"√({''.join(_parts(element))})"


_MATH = {"msup": _power, "msub": _lowered, "msubsup": _both, "mfrac": _fraction, "msqrt": _root}
