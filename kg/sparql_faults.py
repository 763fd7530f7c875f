"""What is wrong with a query, told in one line with its place."""

from __future__ import annotations

import re

from lark import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from ontology.errors import QuerySyntaxError

_UPDATES = re.compile(r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", re.IGNORECASE)
_MOST_EXPECTED = 6
_LONGEST_SHOWN = 40
_NAMES = {
    "LBRACE": "{", "RBRACE": "}", "LPAR": "(", "RPAR": ")", "LSQB": "[", "RSQB": "]", "DOT": ".", "SEMICOLON": ";",
    "COMMA": ",", "EQUAL": "=", "STAR": "*", "VAR": "a variable", "IRIREF": "an IRI", "PNAME_LN": "a prefixed name",
    "PNAME_NS": "a prefix", "INTEGER": "a whole number", "STRING": "a string", "STRING_LONG": "a string", "A": "a",
}  # fmt: skip
_ANY = 1_000_000
_NUMBERS_OF_ARGUMENTS = {
    (0, 0): "RAND NOW UUID STRUUID",
    (0, 1): "BNODE",
    (0, _ANY): "CONCAT COALESCE",
    (1, 1): "STR LANG DATATYPE BOUND IRI URI ABS CEIL FLOOR ROUND STRLEN UCASE LCASE ENCODE_FOR_URI YEAR MONTH DAY "
    "HOURS MINUTES SECONDS TIMEZONE TZ MD5 SHA1 SHA256 SHA384 SHA512 ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC",
    (2, 2): "LANGMATCHES CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER STRLANG STRDT SAMETERM",
    (2, 3): "REGEX SUBSTR",
    (3, 3): "IF",
    (3, 4): "REPLACE",
}
_ARGUMENTS = {name: bounds for bounds, names in _NUMBERS_OF_ARGUMENTS.items() for name in names.split()}


class UpdateError(QuerySyntaxError):
    """An update where a query was expected."""


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Return line and column (from 1) of a position in a text whose lines end in LF, CR or CR LF."""
    before = text[:position].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def fault(text: str, position: int, reason: str) -> QuerySyntaxError:
    """Return the error that says what is wrong at a position of `text`."""
    return QuerySyntaxError(reason, *line_and_column(text, position))


def told(text: str, error: UnexpectedInput) -> QuerySyntaxError:
    """Return the parser's complaint as one clear line; an UpdateError where an update begins."""
    accepted: set[str] = set(error.accepts or error.expected) if isinstance(error, UnexpectedToken) else set()
    if _is_at_end(error):
        return fault(text, len(text.rstrip()), f"the query ends too early{_expected(accepted)}")
    position = error.pos_in_stream or 0
    update = _UPDATES.match(text, position)
    if update and (isinstance(error, UnexpectedCharacters) or "SELECT" in accepted):
        return UpdateError(f"{update[0].upper()} is an update", *line_and_column(text, position))
    if isinstance(error, UnexpectedToken) and error.token.type == "IRIREF":
        return fault(text, position, f"{shown(error.token)} isn't expected here (for ‘less than’, put a space after <)")
    return fault(text, position, f"{shown(_word(text, position))} isn't expected here{_expected(accepted)}")


def arguments_fault(function: str, given: int) -> str | None:
    """Return what is wrong with the number of arguments of a built-in function, or None."""
    least, most = _ARGUMENTS.get(function.upper(), (0, _ANY))
    if least <= given <= most:
        return None
    takes = f"{least}" if least == most else f"{least} to {most}"
    return f"{function.upper()} takes {takes} argument{'' if takes == '1' else 's'}, not {given}"


def shown(text: str) -> str:
    """Return a piece of the query in quotation marks, cut where it is long."""
    return f"‘{text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + '…'}’"


def _is_at_end(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END")


def _word(text: str, position: int) -> str:
    match = re.compile(r"[\w:?$]+|.", re.DOTALL).match(text, position)
    return match[0] if match else ""


def _expected(terminals: set[str]) -> str:
    names = sorted({_NAMES.get(name, name.replace("_", " ")) for name in terminals - {"$END"}})
    return f"; expected {' or '.join(names)}" if 0 < len(names) <= _MOST_EXPECTED else ""
