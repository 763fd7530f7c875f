"""Tokens of SPARQL in the one form that is passed on, and what they stand for.

The grammar takes names widely; here they are held to the letters that the specification gives them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_BASE_CHARS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_INNER = _BASE_CHARS + "_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rf"(?:[{_BASE_CHARS}](?:[{_INNER}.-]*[{_INNER}-])?)?"
_LOCAL = rf"(?:[{_BASE_CHARS}_:0-9]|{_ESCAPED})(?:\.*(?:[{_INNER}:-]|{_ESCAPED}))*"
_NAME = re.compile(rf"({_PREFIX}):({_LOCAL})?")
_BARE_DOT = re.compile(r"(?<!\\)\.")
_VARIABLE = re.compile(rf"[?$]([{_BASE_CHARS}_0-9][{_INNER}]*)")
_CODE_POINT = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf\"'\\])|(.|\Z))", re.DOTALL)
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_BARRED = re.compile(r"[\x00-\x20<>\"{}|^`\\\ud800-\udfff]")
_QUOTED = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def decoded_iri(token: str) -> str | None:
    """Return the IRI between angle brackets; None where an escape stands for what an IRI can't hold."""
    decoded = _decode(_CODE_POINT, token[1:-1])
    return None if decoded is None or _BARRED.search(decoded) else decoded


def decoded_string(token: str) -> str | None:
    """Return the text of a string in any of the four kinds of quotes; None where an escape is unknown."""
    marks = 3 if token[:3] in ('"""', "'''") and len(token) >= 6 else 1
    return _decode(_ESCAPE, token[marks:-marks])


def expanded(token: str, prefixes: Mapping[str, str]) -> str | None:
    """Return the IRI of a prefixed name; None where the prefix is unknown."""
    prefix, _, local = token.partition(":")
    return None if prefix not in prefixes else prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _decode(escape: re.Pattern[str], text: str) -> str | None:
    try:
        decoded = escape.sub(_character, text)
    except ValueError:
        return None
    return None if re.search("[\ud800-\udfff]", decoded) else decoded


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16))
    if match.lastindex != 3:
        raise ValueError(match[0])
    return _CHARACTERS.get(match[3], match[3])


def _iri(token: str) -> str | None:
    decoded = decoded_iri(token)
    return None if decoded is None else f"<{decoded}>"


def _name(token: str) -> str | None:
    """Return a prefixed name with every dot escaped, so that none can end a triple."""
    match = _NAME.fullmatch(token)
    return match and match[1] + ":" + _BARE_DOT.sub(r"\\.", match[2] or "")


def _variable(token: str) -> str | None:
    match = _VARIABLE.fullmatch(token)
    return match and f"?{match[1]}"


def _string(token: str) -> str | None:
    decoded = decoded_string(token)
    if decoded is None:
        return None
    return '"' + "".join(_QUOTED.get(c) or (c if c >= " " else f"\\u{ord(c):04X}") for c in decoded) + '"'


# For each kind of token, how it is written for the engine: None for a token that isn't well formed.
CANONICAL: Mapping[str, Callable[[str], str | None]] = {
    "IRIREF": _iri,
    "PNAME_LN": _name,
    "PNAME_NS": _name,
    "VAR": _variable,
    "STRING": _string,
    "STRING_LONG": _string,
    "BOOLEAN": str.lower,
}
