"""How names become IRIs: one slug for each name, the same on every machine."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from types import MappingProxyType
from typing import Final

from ontology import terms

KIND_PREFIXES: Final = MappingProxyType(
    {
        "outcome": "measure",
        "outcome-group": "measure-group",
        "condition": "condition",
        "intervention": "intervention",
        "antigen": "antigen",
        "design": "design",
        "statistic": "statistic",
        "status": "status",
        "age": "age",
        "role": "role",
        "category": "category",
        "unit": "unit",
        "phase": "phase",
        "masking": "masking",
        "centers": "centers",
        "source": "source",
        "topic": "topic",
    }
)
"""The prefix whose namespace (`terms.PREFIXES`) holds the concepts of each kind."""

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "π": "pi", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ω": "omega",
}  # fmt: skip
_LONGEST = 80


def slug(name: str) -> str:
    """Return the last part of the IRI of the thing called `name`: lower-case ASCII letters, digits and hyphens.

    Case, accents, spaces and punctuation don't matter, so spellings that differ only there share an IRI; a `+` after a
    word counts as `positive`. Where letters have no ASCII form, or the slug would be over-long, a digest of the name
    keeps different names apart.
    """
    text = unicodedata.normalize("NFKD", name.strip().casefold())
    text = "".join(_GREEK.get(char, char) for char in text if not unicodedata.combining(char))
    text = re.sub(r"(?<=\w)\+(?!\w)", "-positive", text).replace("%", "percent")
    words = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
    if len(words) > _LONGEST or any(char.isalnum() and not char.isascii() for char in text) or not words:
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        return f"{words[:_LONGEST].strip('-')}-{digest}".strip("-")
    return words


def concept_iri(kind: str, name: str) -> str:
    """Return the IRI of the concept called `name`, whether the vocabulary holds it or only a text does.

    Raises KeyError for a kind that isn't in KIND_PREFIXES.
    """
    return terms.PREFIXES[KIND_PREFIXES[kind]] + slug(name)
