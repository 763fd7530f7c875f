"""Registry numbers of trials and reviews, and the acronyms that studies go by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.annotation import Annotated
from extractors.document import Part
from extractors.evidence import Anchor, DesignType

Anchors = dict[str, tuple[Anchor, ...]]
_PARTS: tuple[Part, ...] = ("title", "text")
_REGISTRY = re.compile(
    r"(?<![A-Za-z0-9])(?:NCT ?\d{8}|IS(?:RC|CR)TN ?\d{6,8}|ChiCTR[-‐– ]?[A-Z]{0,4}[-‐– ]?\d{8,10}|CHiCTR-[A-Z]+-\d{8}"
    r"|(?:EudraCT\W{0,3}(?:number|no\.?)?\W{0,3})?(?:19|20)\d\d-\d{6}-\d\d(?:-\d\d)?"
    r"|UMIN(?:-?CTR)?[- ]?(?:ID)?[: ]?(?:0{2,3}\d{6,7}|\d{9})|jRCTs?\d{9,10}|JapicCTI-?\d{6}|JMA-IIA\d{5}"
    r"|ACTRN ?\d{14}|DRKS ?\d{8}|CTRI/\d{4}/\d{2,3}/\d{6}|KCT ?\d{7}|NTR ?\d{3,4}"
    r"|NL-?OMON\d+|IRCT\d{10,16}(?:N\d+)?|TCTR\d{11}|PACTR\d{15,16}|RBR-[a-z0-9]{6,7}|CRD ?\d{11}|CRD42\d{9}"
    r"|PER-\d{3}-\d\d|SLCTR/\d{4}/\d+|U1111-\d{4}-\d{4})(?![A-Za-z0-9])",
    re.I,
)
_PREFIX = re.compile(r"^EudraCT\W*(?:number|no\.?)?\W*", re.I)
_NAME = (
    r"(?P<name>(?:[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*(?:[-/][A-Z0-9][A-Za-z0-9]*)*"
    r"|[A-Z][A-Za-z]*-\d{1,3}[A-Z]?)(?: \d{1,4}(?:-[A-Z]{2,})?)?)"
)
_OF_STUDY = (
    r"(?:(?:phase|randomi[sz]ed|multicent\w+|pivotal|open-label|prospective|international|pilot|global"
    r"|clinical|dose-\w+|single-arm) (?:\w+ ){0,3})?(?:[Tt]rial|[Ss]tudy|[Ss]urvey)\b"
)
_OF_REGISTRY = r"(?:[Rr]egist(?:ry|ries|er)|[Dd]atabase|[Nn]etwork|[Cc]ollaboration|[Cc]onsortium)\b"
_IN_TITLE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:^|[:(] ?|\b(?:from|in|of|the|and|trial|study|phase \w{{1,3}}) )(?:the )?{_NAME}(?=[:,]|\)|$)",
        rf"(?<![A-Za-z0-9-]){_NAME} {_OF_STUDY}",
        rf"\b(?:the|from|of) {_NAME} {_OF_REGISTRY}",
        r"(?<![A-Za-z0-9/-])(?P<name>[A-Z]{5,}(?:-[A-Z0-9]+)?(?: (?:NHL|FL|CLL|MM"
        r"|SCD)(?:[- ]\d{3})?)?)(?![A-Za-z0-9/-])",
        r"(?<![A-Za-z0-9/-])(?P<name>[A-Z]{2,5}\.\d{1,2}|[A-Z]{3,5}[- ][A-Z]{1,3}\.?\d{1,3})(?![A-Za-z0-9-])",
    )
)
_OPENS = r"(?:^|(?<=[.:\n/(])|(?<=[.:] ))"  # where a sentence or a heading's text opens
_IN_TEXT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![A-Za-z0-9-]){_NAME}[;,]? ?\(?(?:ClinicalTrials\.gov\W+)?(?=NCT|ISRCTN|ChiCTR)",
        r"(?:\b[Tt]he|\b[Oo]ur|[Tt]his|\bof|\bin)(?: (?:phase|randomi[sz]ed|multicent\w+|open-label|prospective|1b?"
        rf"|2|3|I|II|III)){{0,3}} {_NAME} {_OF_STUDY}(?=,? (?:reported here|was|is|we|tested|compared|enrolled"
        r"|evaluat|investigat|combined|examin|assess))",
        rf"{_OPENS}{_NAME} (?:gave|took|enrolled|enroll?s|recruit(?:ed|s)|randomi[sz](?:ed|es)|assign(?:ed|s)"
        r"|test(?:ed|s)|compare[sd]|evaluate[sd]|examine[sd]|investigate[sd]|ask(?:ed|s)|stud(?:ied|ies)"
        r"|was designed)\b",
        rf"{_OPENS}{_NAME}(?:, | ?\(|: ?)(?:an? |the )?(?:phase|randomi[sz]ed|prospective|multicent|open-label"
        r"|single-arm|jRCT|EudraCT)",
        rf"{_OPENS}In {_NAME},",
        rf"\b(?:the|from|in|of|[Uu]sing|our) (?:\w+ )?{_NAME} {_OF_REGISTRY}",
    )
)
_OF_TRIAL = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![A-Za-z0-9-]){_NAME} {_OF_STUDY}",
        r"(?<![A-Za-z0-9-])(?P<name>[A-Z][A-Za-z]*[A-Z][A-Za-z]*-\d{1,2}[A-Z]?)(?![A-Za-z0-9-])",
        rf"(?:trial|study)[ ,:]+\(?(?:called |named |known as )?{_NAME}(?=[),;:])",
    )
)
_IS_STUDY = re.compile(
    rf"(?<![A-Za-z0-9-]){_NAME}(?:,| is| was) (?:an?|the) (?:[\w/,-]+ ){{0,5}}(?:trial|study|survey)\b(?! group)"
)
"""A study introduced by its name: `CheckMate 744 is a phase 2 study`."""
_CONSORTIUM = re.compile(r"\b(?:consortium|collaborati(?:ve|on)|study group)\b", re.I)
_REGISTRY_STUDY = re.compile(
    r"\ban? (?P<name>CIBMTR|IBMTR|EBMT|JSHCT|APBMT|ABMTRR|SFGM-TC) "
    r"(?:report|analysis|comparison|survey|(?:retrospective )?(?:study|analysis))\b"
)
"""A study that goes by the registry it comes from, in its title: `a CIBMTR analysis`."""
_TRIALS = (
    "randomized-controlled-trial",
    "single-arm-trial",
    "nonrandomized-trial",
    "study-protocol",
    "economic-evaluation",
)
_NUMBERED = re.compile(
    r"(?<![A-Za-z0-9])(?P<name>(?:BMT CTN|SWOG|ECOG|EORTC|HOVON|GIMEMA|UKALL|JCOG|JALSG|AALL"
    r"|KSGCT)[- ]?[A-Z]{0,4}\d{2,}[\w-]*)(?![A-Za-z0-9])"
)
_GROUPS = re.compile(
    r"(?<![A-Za-z0-9])(?P<name>PIDTC|APBMT|CISL|EWOG-MDS|MPD-RC \d+|(?:BMT CTN|SWOG|ECOG|CALGB|GIMEMA|HOVON|EORTC"
    r"|UKALL|AIEOP|JCOG|JALSG|IFM|GMMG|GRAALL|AALL|KSGCT|JSHCT|JSCT|GITMO|FIL|DSHNHL"
    r"|LYSA)[- ]?[A-Z]{0,4}\d[\w/-]*)(?![A-Za-z0-9])"
)
_NOT_ACRONYM = re.compile(
    r"^(?:NCT ?\d+|TriNetX|HS?CT|SCT|BMT|ASCT|[A-Z]*GV?HD|A[ML]L|[A-Z]{1,3}CL|MDS|CML|CLL|NHL|HL|MM|RRMM|NDMM|DLBCL"
    r"|LBCL|OS|PFS|CAR(?:-?TX?S?)?|CMV|EBV|HLA|TBI|ATG|PT-?CY|PTCY|RCT|CR\d?|MRD|US|USA|UK|EU|NIH|NCI|FDA|EMA"
    r"|ASH|ASCO|EHA|PRISMA"
    r"|METHODS?|RESULTS?|BACKGROUND|CONCLUSIONS?|PURPOSE|OBJECTIVES?|AIM|THE|THIS|AND|PATIENTS|DESIGN|STUDY|PHASE"
    r"|MULTICENTER|SINGLE|COVID-\d+|SARS-.*|CRS|ICANS|HIV|DNA|RNA|PCR|IL-?\d+|CD\d+.*|BCMA|RIC|MAC|NMA|UCB|MUD"
    r"|MSD|DLI|G-CSF|GCSF|TA-TMA|VOD|SOS|PTLD"
    r"|JAK\d?|FLT\d?|BCR-ABL\d?|R-CHOP.*|BEAM|CHOP|PET|CT|MRI|NK|HDT|HDC|TKI|SAA|SCD|SCID|WAS|MLD|MPS.*|SLE|SSC|MS"
    r"|IIT|NEJM|JAMA|JCO|EORTC|ECOG|NCCN|WHO|ICU|QALY|ICER|LFS|NRM|TRM|RFS|EFS|DFS|PTCL|MCL|FL|CNS|PCNSL|TCL|ATL"
    r"|CMML|JMML|MPN|MF|AA|T-ALL|B-ALL|PH\+?.*|KTE-.*|CTL\d+|JCAR\d+|VACOP-B|CIBMTR|EBMT|SBTMO|GIMEMA|GELTAMO"
    r"|GETH-TC|EUROPE|JAPAN|CHINA|AQP-\d|BCMA-CD19|CTLA-\d|PD-L?\d|CAR-HEMATOTOX|TIM-\d|HHV-\d|HLH-\d+|B7-H\d"
    r"|GLUT-\d|HIF-\d|BCL-?\d|MDM-?\d|SF-\d+|FACT-.*|QLQ-.*|EQ-5D.*|CTCAE.*|RECIST.*|IPI|HITM|ASTCT"
    r"|(?:ESMO|EHA|AACR|ASCO|ASH|EULAR|ERA|APASL|EASL)(?: \d{4})?|SLEDAI.*|SRI-\d|NEDA-\d|EASIX|MASCC|PCL-\d|CMML-\d"
    r"|HLA-.*|VLA-\d|CHOP-\d+|DL-\d|AML CR\d|CEBPA|PHQ-.*|GAD-\d|HADS|EDSS|BILAG.*|DAS-?28|NIHSS|MOCA|HCT-CI"
    r"|ACR(?: \d+)?|[A-Z]{2,4}-T\d\d|I{1,3}/I{1,3}|.*-CEL)$",
    re.I,
)


_WORD_OF_NAME = re.compile(r"(?<![\w-])(?P<word>[A-Z]{4,}) \Z")
"""The first word of a name like `CLIMB SCD-121`."""
_LONGEST_WORD = 20
_HERE = "\0"
_AS_PRODUCT = re.compile(  # `given CNB-07`, `BEC-220 is a CAR T-cell product`: a product's code, not a study's name
    rf"(?:\b(?:given|received?|receiving|infused|(?:infusions?|doses?|administration) of)\s|\bcells? ?\(){_HERE}"
    rf"|{_HERE}(?:[ -](?:cells?|CARs?|T[ -]cells?|infusions?|treatment|consists?)\b|\)? cells\b"
    r"|,? (?:is |was )?(?:an?|the) (?:[\w/-]+ ){0,5}"
    r"(?:CARs?(?:[ -]T)?|cells?|T-cells?|product|antibody|vector|vaccine)\b)"
)


def registry_ids(annotated: Annotated, anchors: Anchors) -> tuple[str, ...]:
    """Return the registry numbers that title, text and the source's own fields state, each once, in order."""
    found: dict[str, Anchor | None] = {}
    for part in _PARTS:
        for match in _REGISTRY.finditer(annotated.part(part)):
            number = _PREFIX.sub("", match.group()).replace("–", "-").replace("‐", "-")
            number = re.sub(r"^(NCT|ISRCTN|ACTRN|DRKS|KCT|NTR|CRD) ", r"\1", number)
            found.setdefault(number, Anchor(start=match.start(), end=match.end(), part=part, by="registry-grammar"))
    for number in annotated.document.registry_ids:
        found.setdefault(number, None)
    if found:
        anchors["design.registry_ids"] = tuple(a for a in found.values() if a)
    return tuple(found)


def study_acronyms(annotated: Annotated, design: DesignType, anchors: Anchors) -> tuple[str, ...]:
    """Return the acronyms that the study goes by (`ZUMA-7`, `BMT CTN 1703`), each once, in order.

    A trial's text speaks of it by name; a cohort's text rather names the trials that it's held against.
    """
    found: dict[str, Anchor] = {}
    in_text = (*_IN_TEXT, *_OF_TRIAL) if design in _TRIALS else _IN_TEXT
    for part, patterns in (("title", (*_IN_TITLE, _GROUPS)), ("text", (*in_text, _IS_STUDY, _NUMBERED))):
        for match in (m for pattern in patterns for m in pattern.finditer(annotated.part(part))):  # type: ignore[arg-type]
            for name, start in _split(match):
                if _acronym(annotated, name, start, "title" if part == "title" else "text"):
                    anchor = Anchor(
                        start=start,
                        end=start + len(name),
                        part="title" if part == "title" else "text",
                        by="acronym-grammar",
                    )
                    found.setdefault(name, anchor)
    found = {name: anchor for name, anchor in found.items() if not any(other.endswith(f" {name}") for other in found)}
    for match in _REGISTRY_STUDY.finditer(annotated.document.title):
        anchor = Anchor(start=match.start("name"), end=match.end("name"), part="title", by="acronym-grammar")
        found.setdefault(match["name"], anchor)
    for name, start in _consortia(annotated):
        found.setdefault(name, Anchor(start=start, end=start + len(name), part="text", by="acronym-grammar"))
    if found:
        anchors["design.acronyms"] = tuple(found.values())
    return tuple(found)


def _consortia(annotated: Annotated) -> Iterator[tuple[str, int]]:
    """Yield the abbreviations of consortia and study groups whose study this is, with their place in the text."""
    for name, meaning in annotated.abbreviations.items():
        defined = re.search(rf"\({re.escape(name)}\)", annotated.document.text)
        if defined and _CONSORTIUM.search(meaning) and not _NOT_ACRONYM.match(name):
            yield name, defined.start() + 1


def _split(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """Yield the names that a slash joins, `BMT CTN 1506/MORPHO`, each with its place."""
    start = match.start("name")
    before = _WORD_OF_NAME.search(match.string, max(0, start - _LONGEST_WORD), start)
    if before and match["name"][-1].isdigit() and not _NOT_ACRONYM.match(before["word"]):
        yield before["word"] + " " + match["name"], before.start("word")
    parts = match["name"].split("/") if all(len(x) > 3 for x in match["name"].split("/")) else [match["name"]]
    for name in parts:
        yield name, start
        start += len(name) + 1


def _acronym(annotated: Annotated, name: str, start: int, part: Part) -> bool:
    """Whether the letters name a study: no defined abbreviation, no concept, no registry number."""
    if part == "title" and sum(c.isupper() for c in annotated.document.title) > 0.4 * len(annotated.document.title):
        return False
    if _NOT_ACRONYM.match(name) or _REGISTRY.match(name) or len(name) < 4:
        return False
    if sum(char.isupper() for char in name) < 3 and not name[-1].isdigit():
        return False
    behind = annotated.part(part)[start + len(name) :]
    if any(_AS_PRODUCT.search(annotated.part(p).replace(name, _HERE)) for p in _PARTS):
        return False
    if name in annotated.abbreviations and not re.match(rf"\)? {_OF_STUDY}", behind):
        return False
    return not any(m.part == part and m.start <= start and start + len(name) <= m.end for m in annotated.mentions)
