"""Numbers that are no results: doses and assay values, powers of ten, allocation ratios, phases and names of trials."""

from __future__ import annotations

import re

from extractors.numbers import NUMBER
from extractors.quantities.fragments import EXPONENT, NUM, UNIT
from extractors.quantities.passes import Pass, plain

_DOSE_UNIT = (
    r"(?:mg|µg|μg|mcg|ng|g|kg|cGy|Gy|IU|U|mL|ml|L|dL|mmol|µmol|nM|µM|pg|copies|cells?|CD34\+? cells"
    r"|CAR[- ]?T cells|T cells|viable|vg|AUC|mCi)\b"
)
_POWER_OF_TEN = rf"[x×*]\s*10\s*(?:\^|E)?\s*[-⁻]?\s*{EXPONENT}"
_DOSE = re.compile(
    rf"(?<!\^)(?<!\^-){NUMBER}(?:\s*(?:-|to|and|or|/)\s*{NUM})?\s*(?:"
    # 2 x 10^6 cells/kg
    rf"{_POWER_OF_TEN}(?:\s*(?:-|to|and|or)\s*{NUM}\s*{_POWER_OF_TEN})?(?:\s*{_DOSE_UNIT}(?:/\w+)?)?"
    rf"|{_DOSE_UNIT}(?:/\w+(?:/d(?:ay)?)?)?"  # 5 mg/kg/day
    r"|(?:/|per )\s*[µμ]?(?:L|l|kg|m2|mL|mm3|uL)\b)"  # 500/µL
)
_POWER = re.compile(  # a threshold of 10^-4, 10⁻⁴ or 10-4
    rf"(?<![\w.,])10\s?(?:\^\s?-?\d+|⁻?[⁰¹²³⁴-⁹]+|-[1-9])(?![\d%]|\.\d|\s*(?:%|-?\s*{UNIT}))"
)
_ALLOCATION = re.compile(r"(?<![\w.:])\d{1,2}:\d{1,2}(?::\d{1,2})*(?![\w:]|\.\d)")  # 1:1, HLA-A*02:01
_LABEL = re.compile(  # phase 1/2, dose level 2, in arm 1 (4%), BMT CTN 1703
    r"\b(?:[Pp]hases?|[Dd]ose[- ][Ll]evels?|[Vv]ersion|(?<![\d%)\]] )v\.|[Tt]ables?|[Ff]ig(?:ure|\.)?|[Tt]ype"
    r"|[Hh]erpes\s?virus|HHV|(?:(?<=\bin )|(?<=\bof )|(?<=\bfor )|(?<=\bto ))(?:[Aa]rm|[Gg]roup|[Cc]ohort)(?=\s\d\b)"
    r"|CTN|SWOG|ECOG|COG|CALGB|EORTC|HOVON|AIEOP|CIBMTR|IFM|GMMG|GIMEMA|MRC)\s\d+(?:\.\d+)*[a-c]?"
    r"(?:\s*(?:/|-|,|and|or|to)\s*\d[a-c]?)*(?![\w%]|\.\d|\s*%)"
)

DOSES = (Pass(_DOSE, plain("dose"), at_numbers=True), Pass(_POWER, plain("dose"), at_numbers=True))
_HETEROGENEITY = re.compile(  # of the studies pooled; arm I 28% isn't
    r"\bI\s?(?:²|\^?2(?!\d))\s*(?:[=:]|of|was)?\s*\d+(?:\.\d+)?\s*%"
)
LABELS = (
    Pass(_HETEROGENEITY, plain("label"), needs=("I²", "I2", "I^2", "I 2")),
    Pass(_ALLOCATION, plain("label"), at_numbers=True, needs=(":",)),
    Pass(_LABEL, plain("label")),
)
