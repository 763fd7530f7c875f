"""What a service says in words when it doesn't send records."""

from __future__ import annotations

import json
import re
from typing import Any

_ERROR = re.compile(r"<ERROR>\s*(.*?)\s*</ERROR>", re.S)
_TITLE = re.compile(r"<title>\s*(.*?)\s*</title>", re.S | re.I)
_KEYS = ("ERROR", "error", "errMsg", "errorMsg", "message", "detail")
_LONGEST = 200


def parse_json(body: bytes) -> Any:
    """Return the JSON value; raises ValueError where it's none. NCBI's has raw line breaks within strings at times."""
    return json.loads(body.decode("utf-8"), strict=False)


def words_of(body: bytes) -> str:
    """Return what an error reply says, in one short line; "" where it says nothing.

    XML's `<ERROR>`, a JSON object's message, an HTML page's title, else the first line.
    """
    text = body[: 2**16].decode("utf-8", "replace").strip()
    found = _ERROR.search(text) or _TITLE.search(text)
    said = found.group(1) if found else _json_words(body) or next(iter(text.splitlines()), "")
    said = "".join(character for character in " ".join(said.split()) if character.isprintable())
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def _json_words(body: bytes) -> str | None:
    try:
        value = parse_json(body)
    except (ValueError, RecursionError):
        return None
    return error_in(value)


def error_in(value: Any) -> str | None:
    """Return the error that a JSON reply states, None where it states none."""
    if not isinstance(value, dict):
        return None
    inner = value.get("esearchresult")
    holders = [value, inner] if isinstance(inner, dict) else [value]
    return next((str(holder[key]) for holder in holders for key in _KEYS if holder.get(key)), None)
