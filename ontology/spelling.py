"""Spellings that follow from a label by rule, so that the vocabulary needn't list them.

`haematopoietic` beside `hematopoietic`, `B cell` beside `B-cell`, `transplants` beside `transplantation`, `nonrelapse`
beside `non-relapse`, the many ways to write a CAR T-cell therapy. Labels in the Turtle are spelt the American way, with
hyphens, in the singular. Wordings that take knowledge of the field stand there; only spelling is made here.
"""

from __future__ import annotations

import re

_CAR_T = " CAR T-cell therapy"
_CAR_T_HEADS = ("{} ", "anti-{} ", "{}-directed ", "{}-targeted ", "{}-targeting ", "{}-specific ")
_CAR_T_TAILS = ("CAR", "CAR T cells", "CAR-T", "chimeric antigen receptor")

_BRITISH = {  # American: British
    r"\bhem(?=ato|orr|oph|oly|ogl)": "haem",
    r"\bHem(?=ato|orr|oph|oly|ogl)": "Haem",
    r"(?<=[a-z])emi(?=as?\b|c\b)": "aemi",
    r"\btumor": "tumour",
    r"\besophag": "oesophag",
    r"\bpediatric": "paediatric",
    r"\bgynecol": "gynaecol",
    r"\bfecal\b": "faecal",
    r"\bceliac\b": "coeliac",
    r"\bedema\b": "oedema",
    r"(?<=[a-z]{3})iz(?=ed\b|ing\b|ation\b)": "is",
    r"\bcenter\b": "centre",
}
_AMERICAN = re.compile("|".join(f"({pattern})" for pattern in _BRITISH))
_BRITISH_FORMS = tuple(_BRITISH.values())
_COUNTED = (  # endings that take an s
    *("anemia", "cancer", "carcinoma", "cell", "cytopenia", "death", "disease", "disorder", "donor", "effect", "event"),
    *(
        "failure",
        "glioma",
        "graft",
        "infection",
        "infusion",
        "inhibitor",
        "leukemia",
        "lymphoma",
        "neoplasm",
        "reaction",
    ),
    *("recurrence", "regimen", "relapse", "remission", "report", "response", "sarcoma", "steroid", "syndrome"),
    *("transplant", "transplantation", "trial", "tumor", "vaccine"),
)
_SPELLINGS = (  # (what the text must hold, pattern, replacement); each applied on top of those before it
    ("y", re.compile(r"(malignanc|toxicit|deficienc|antibod|stud)y$"), r"\1ies"),
    ("transplantation", re.compile(r"transplantation(?=s?\b)"), "transplant"),
    ("-", re.compile(r"\b(non|post|anti|re|pre)-(?=[a-z])"), r"\1"),
    ("o", re.compile(r"\b(non|post)(?=relapse|transplant|malignant|myeloablative|hematolog|melanoma)"), r"\1-"),
    ("-cell", re.compile(r"(?<=\w)-(?=cells?\b)"), " "),
    (" cell", re.compile(r"(?<=\w) (?=cells?\b)"), "-"),
    ("-", re.compile(r"(?<=[A-Za-z])-(?=[A-Za-z])"), " "),
)
_ACRONYM = re.compile(r"[A-Za-z][\w-]*[A-Z]")


def spellings(text: str) -> tuple[str, ...]:
    """Return the other spellings of a label that matches in any case, in a fixed order, `text` itself left out."""
    found = [text, f"{text}s"] if text.endswith(_COUNTED) else [text]
    for needed, pattern, replacement in _SPELLINGS:
        if needed in text and pattern.search(text):
            found += [pattern.sub(replacement, known) for known in found]
    if _AMERICAN.search(text):
        found += [_AMERICAN.sub(_british, known) for known in found]
    return tuple(dict.fromkeys(found[1:] + _car_t(text)))


def plural(acronym: str) -> str | None:
    """Return the plural of an acronym (`CRs`, `CAR-Ts`), or None where it isn't formed with an s."""
    return f"{acronym}s" if _ACRONYM.fullmatch(acronym) else None


def _british(match: re.Match[str]) -> str:
    return _BRITISH_FORMS[(match.lastindex or 1) - 1]


def _car_t(text: str) -> list[str]:
    if not text.endswith(_CAR_T):
        return []
    target = text.removesuffix(_CAR_T)
    return [head.format(target) + tail for head in _CAR_T_HEADS for tail in _CAR_T_TAILS]
