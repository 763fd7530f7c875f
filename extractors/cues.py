"""Cue words of designs, centres, disease status and ages, as named patterns over lower-case text.

A cue is tried only where one of its keys stands in the text: a plain search costs a hundredth of a pattern's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Cue(NamedTuple):
    """A named cue: `keys` are substrings one of which must occur, `pattern` the wording, None for the key itself."""

    name: str
    keys: tuple[str, ...]
    pattern: re.Pattern[str] | None = None


def _cues(rows: Iterable[tuple[str, str, str]]) -> tuple[Cue, ...]:
    return tuple(Cue(name, tuple(keys.split("|")), re.compile(p) if p else None) for name, keys, p in rows)


_COUNTS = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen"
    r"|nineteen|twenty)"
)

DESIGN = _cues((
    ("randomized", "random", r"(?<!non)(?<!non-)(?<!not )(?<!pseudo)\brandomi[sz](?:ed|ation|ly)|randomly (?:assigned"
        r"|allocated)"),
    ("were randomized", "random", r"were (?:then |equally )?(?:randomi[sz]ed|randomly)|randomi[sz]ed (?:\d|one|two|1:"
        r"|to |between|in a)|(?:patients|adults|children|participants|mice) (?:\S+ ){0,4}randomi[sz]ed"
        r"|random assignment|(?<!non)(?<!non-)\brandomi[sz]ed,? (?:\S+ ){0,4}(?:trial|study)\b(?! (?:should|will"
        r"|would|needed|is (?:not|now|needed|warranted|required|awaited|justified)))"),
    ("not randomized", "random", r"non-?randomi|pseudo-?randomi|not randomi|random-effects|genetic(?:ally)? randomi"),
    ("phase", "phase", r"\bphase[- ]*(?:[ivx1-4]+\b|one|two|three|1/2|i/ii)"),
    ("phase 3", "phase", r"\bphase[- ]*(?:iii\b|3|three|2/3|ii/iii)"),
    ("trial", "trial", r"\btrials?\b"),
    ("this trial", "trial", r"(?:this|our|the|an?|first|pivotal|present) (?:[\w/,-]+ ){0,5}trial\b"),
    ("trials", "trials", ""),
    ("single arm", "single|one-arm", r"single[- ](?:arm|group)|one-arm"),
    ("open label", "open-label|open label|open,", r"open[- ]label|\bopen,"),
    ("blind", "blind|masked|placebo", r"double[- ]blind|single[- ]blind|masked|placebo"),
    ("prospective", "prospective", r"\bprospectiv"),
    ("retrospective", "retrospect|review|records|chart|looked back", r"\bretrospect|looked back|records? (?:of|were)"
        r"|charts? |were reviewed|we reviewed|case files"),
    ("says retrospective", "retrospect", ""),
    ("registry", "regist|cibmtr|ebmt|database|ctn", r"\bregist(?:ry|ries)\b|cibmtr|\bebmt|database|reported to"),
    ("meta-analysis", "meta|pooled", r"meta-?\s?analy"),
    ("pooled", "pool", r"\bpool(?:ed|ing)"),
    ("search", "pubmed|embase|medline|cochrane|literature|systematic", r"pubmed|embase|medline|cochrane"
        r"|literature search|systematic(?:ally)? (?:review|search|literature)"),
    ("systematic review", "systematic", r"systematic(?:ally)? (?:literature )?review|reviewed systematically"
        r"|systematic reviews?"),
    ("review", "review", r"\breviews?\b"),
    ("this review", "review|article|we discuss|outline|stock|survey", r"(?:this|the present|our|narrative|mini"
        r"|brief) ?review|we (?:review(?!ed)|discuss|summari|outline|survey)\w*|(?:is|are) (?:reviewed|discussed"
        r"|summari[sz]ed)|we (?:have )?reviewed (?:the |published |current |available )+(?:literature"
        r"|evidence|data|studies)|review (?:covers|considers|traces|examines|surveys|sums|begins|sets|looks)"
        r"|(?:article|paper|chapter) (?:reviews|discusses|surveys|summari|looks|sets)|takes? stock|this article"),
    ("a review in the title", "review|state of|overview|perspective|update|advances|appraisal", r": (?:a "
        r"|an )?(?:(?!retrospective|records?|charts?|case)[\w-]+ ){0,4}(?:review|overview|perspective|appraisal"
        r"|update(?= on\b|\W*$))\b|^(?:review|overview)"),
    ("guideline", "guideline|consensus|recommend|expert|position|task force|delphi|panel", r"guidelines?|consensus"
        r"|recommendations?|expert panel|position (?:paper|statement)|task force|\bdelphi|working group"),
    ("recommends", "recommend|statement|panel|consensus", r"(?:we|panel|experts?|committee|group"
        r"|authors) (?:\w+ ){0,3}(?:recommend|agreed|propos|issued|state)|recommendations? (?:are|were|on|for|of)"
        r"|consensus"),
    ("protocol", "protocol", r": (?:\w+ ){0,4}protocol|\(protocol|study protocol|trial protocol|this protocol"
        r"|protocol (?:of|for|describes)"),
    ("will", " will |plan|aim", r"\bwill (?:be|receive|undergo|enrol|compare|test|evaluat|include|recruit|also|have"
        r"|last)|(?:planned|plans? to|aims? to) (?:enrol|recruit|accrue|include|compare|test)|is (?:recruiting"
        r"|planned)"),
    ("economic", "cost|qaly|icer|econom|budget|markov|utilit", r"cost[- ]?effect|cost-?utilit|\bqaly|quality-adjusted"
        r"|\bicer\b|economic|budget impact|markov|willingness|partitioned survival|\bcosts?\b"),
    ("cost-effective", "cost-effective|cost effective|qaly|quality-adjusted|icer", r"cost[- ]effective|\bqalys?\b"
        r"|quality-adjusted|\bicer\b"),
    ("case report", "case|year-old|month-old|the patient|report", r"case report|we report (?:a|an|the case|on a|one) "
        r"|: (?:a |the )?case\b|an? \d+[- ](?:year|month)s?[- ]old|a case of|\bcase:|report of (?:a|one) case"),
    ("the patient", "the patient|this patient|her |his ", r"\b(?:the|this|our) patient\b|\b(?:her|his) (?:disease"
        r"|leukemia|leukaemia|brother|sister|lymphoma)"),
    ("case series", "case series|cases|patients|children|series", r"case series|\b(?:two|three|four|five|six|seven"
        r"|eight|nine) (?:\w+ )?(?:patients|cases|children|adults|boys|girls)|series of (?:two|three|four|five|six"
        r"|seven|eight|nine|ten)"),
    ("says case series", "case series|cases|patients:", r"case series|(?:two|three|four|five|six|seven|eight|nine"
        r"|ten) cases"),
    ("preclinical", "mice|mouse|murine|vitro|vivo|cell line|xenograft|preclin|pre-clin|primate|rats", r"\b(?:mice"
        r"|mouse|murine|xenograft\w*|in vitro|cell lines?|pre-?clinical|primates?|rats)\b"),
    ("mice", "mice|mouse|murine|xenograft", r"(?:xenograft\w* )?\b(?:mice|mouse)\b|murine|xenograft"),
    ("cohort", "cohort", r"\bcohorts?\b"),
    ("survey", "survey|questionnaire|interview|cross-sectional", r"\bsurveys?\b|questionnaires?|interview"
        r"|cross-sectional"),
    ("cross-sectional", "cross-sectional|questionnaire was|survey of cent|surveyed", r"cross-sectional"
        r"|questionnaire was|survey of|surveyed"),
    ("assigned", "assign|allocat", r"\bassigned\b|allocated|assignment"),
    ("donor versus no donor", "donor", r"donor (?:versus|vs\.?|and) no[- ]donor|no[- ]donor|availability of (?:a"
        r"|an) (?:\w+ )*(?:donor|sibling)|biologic(?:al)? (?:assign|random)"),
    ("matched", "propensity|matched|historical", r"propensity|matched[- ]pair|matched (?:control|cohort|pair)"
        r"|historical (?:control|cohort)"),
    ("consecutive", "consecutive", ""),
    ("years", "19|20", r"(?:between|from|since|during|over the years) (?:\w+ )?(?:\d+, )?(?:19|20)\d\d|\b(?:19"
        r"|20)\d\d ?(?:[-–]|to|through) ?(?:\w+ )?(?:19|20)?\d\d\b"),
    ("dose escalation", "dose", r"dose[- ](?:escalation|finding|levels?|limiting)|maximum tolerated|recommended phase"),
    ("enrolled", "enrol|accrue|entered|recruit|registered", r"\benrol+(?:ed|ment)\b|accrued|\bentered\b|recruited"
        r"|registered"),
    ("endpoint", "primary|end point|endpoint", r"primary (?:\w+ )?(?:end ?-?point|outcome|objective|aim)"
        r"|end ?-?points?"),
    ("real world", "real-world|real world|standard-of-care|commercial|routine|practice", r"real[- ]world"
        r"|standard[- ]of[- ]care|commercial|routine|daily practice|clinical practice"),
    ("risk factors", "multivaria|cox|hazard|risk factor|predict|prognos", r"multivaria|\bcox\b|hazard ratio"
        r"|risk factors?|predict|prognos"),
    ("were treated", "treated|given|infused|transplanted|underwent|received", r"were (?:treated|given|infused"
        r"|transplanted)|underwent"),
    ("versus", "versus|vs|compar", r"\bversus\b|\bvs\b|\bcompar"),
    ("secondary analysis",
     "post hoc|post-hoc|secondary analysis|subanalysis|subgroup analysis|follow-up of|long-term", r"post[- ]hoc"
        r"|secondary analysis|sub-?analysis|subgroup analysis|long-term follow-up of"),
    ("interim", "interim|ongoing", r"\binterim\b|ongoing"),
    ("pilot", "pilot|feasib", r"\bpilot\b|feasib"),
    ("we tested", "we ", r"\bwe (?:then |therefore |prospectively |now )?(?:tested|tried|investigated|treated|gave"
        r"|conducted|ran|undertook|performed|started|designed|enrolled|initiated)"),
    ("registered", "nct|isrctn|chictr|eudract|umin|jrct|japic", r"nct ?\d{5}|isrctn|chictr|eudract|umin|jrct|japic"),
    ("large number", "patients|recipients|adults|transplants|children", r"\b\d{3,} (?:\w+ ){0,3}(?:patients"
        r"|recipients|adults|transplants|children)|\d,\d{3}"),
    ("compared groups", "group|arm|cohort", r"(?:group|arm|cohort)s?\b.{0,60}(?:group|arm|cohort)s?\b"),
))  # fmt: skip

CENTERS = _cues((
    ("multicentre", "multi", r"multi-?(?:cent|institut|national|site)"),
    ("international", "international|worldwide|nationwide|national|countries|europe", r"\binternational(?:ly)?\b"
        r"|worldwide|nationwide|countries"),
    ("several centres", "cent|institution|hospital|site|unit", rf"several (?:\w+ ){{0,2}}(?:cent|institut|hospital"
        rf"|sites)|\b{_COUNTS}(?: [\w-]+){{0,4}} (?:cent(?:er|re)s|institutions|hospitals|sites|units|countries|icus"
        rf"|groups|programs|programmes)\b|(?:transplant|participating|academic|many|all) (?:\w+ ){{0,2}}(?:centers"
        r"|centres|institutions)"),
    ("group", "group|consortium|network|society|collaborat", r"\b(?:study|working|cooperative|collaborative"
        r"|co-operative) (?:group|party)|consortium|network|society|collaborat"),
    ("registry", "regist|cibmtr|ebmt|database", r"\bregist(?:ry|ries)\b|cibmtr|\bebmt|database"),
    ("single centre", "single|one |mono", r"single[- ](?:[\w-]+ )?(?:cent|institut|hosp|program)|mono-?cent"
        r"|\bone (?:\w+ ){0,3}(?:cent(?:er|re)|institution|hospital)\b|unicent"),
    ("our centre", "our |here|this cent", r"\b(?:at|in|from|of) (?:our|this) (?:\w+ ){0,3}(?:cent(?:er|re)"
        r"|institution|hospital|unit|department|program)|\bour (?:cent(?:er|re)|institution|hospital|unit|department"
        r"|program)|\b(?:a|an|the) [\w ]{0,25}(?:cent(?:er|re)|institution|hospital)'s"),
    ("a centre", "cent|hospital|university|clinic|institute", r"\b(?:a|an|the) (?:[\w-]+ ){1,3}(?:cent(?:er|re)"
        r"|hospital|institution|clinic)\b|university of|university hospital|cancer cent(?:er|re)|\bclinic\b"),
    ("treated here", "here", r"(?:transplanted|treated|infused|grafted|given|performed|underwent \w+) here"),
    ("centers plural", "centers|centres|institutions|hospitals|sites", r"\b(?:centers|centres|institutions|hospitals"
        r"|sites)\b"),
    ("centre effect", "center|centre", r"(?:center|centre)[- ](?:effect|size|experience|volume)"),
))  # fmt: skip

STATUS = _cues((
    ("relapsed or refractory", "relaps|refract|r/r|rr", r"relaps\w*(?: or |/| and(?:/or)? |, |-"
        r"| & )\s*(?:\w+ )?refractor|refractor\w*(?: or |/| and )\s*(?:\w+ )?relaps|\br/ ?r\b|\brr(?:mm|ms)?\b"
        r"|relaps\w+/(?:refractory|progress)"),
    ("relapsed", "relaps|recur", r"\brelaps(?:ed|ing)\b|in relapse|\brecurrent|relapse after|after relapse"
        r"|first relapse"),
    ("refractory", "refract|resist", r"(?<!steroid[- ])(?<!steroids )(?<!steroid–)(?<!sr-)\brefractor"
        r"|(?<!steroid-)resistant"),
    ("steroid refractory", "steroid|glucocort|sr-", r"(?:steroid|corticosteroid|glucocorticoid)s?[- –](?:refractory"
        r"|resistant|dependent)|\bsr-"),
    ("newly diagnosed", "newly|untreated|de novo|upfront|up-front|first-line|frontline|front-line|front line|naive"
        "|at diagnosis|initial", r"newly[- ]diagnosed"
        r"|previously untreated|\buntreated (?:patients|multiple|myeloma|adv)|de novo|up-?front|front[- ]?line"
        r"|first-?line|treatment[- ]naive|at diagnosis|\bndmm\b|new(?:ly)? diagnos"),
    ("says newly diagnosed", "newly|untreated|ndmm", r"newly[- ]diagnosed|previously untreated|\bndmm\b"),
    ("remission", "remission|cr1|cr2|cr 1", r"in (?:first|second|third|complete|their|hematologic"
        r"|haematologic)?[\w ]{0,20}remission|\bcr ?[12]\b|(?:first|second|third) (?:complete )?remission"
        r"|remission (?:at|before)"),
    ("first remission", "remission|cr1", r"first (?:complete |hematologic )?remission|\bcr ?1\b|in (?:first"
        r"|complete) "),
    ("residual disease", "mrd|residual", r"\bmrd\b|(?:minimal|measurable) residual disease"),
    ("positive for residual disease", "mrd|residual", r"mrd[- ]?(?:\+|positiv)|(?:persistent|positive|detectable"
        r"|persisting) (?:minimal|measurable|mrd)|mrd (?:was |is )?(?:persist|detect)"),
    ("high risk", "high|poor|adverse|unfavo|advanced", r"(?:very[- ])?high[- ]risk|poor[- ]risk|adverse[- ]risk"
        r"|unfavou?rable|high-intermediate|ultra-?high"),
    ("high-risk disease", "high-risk|high risk|poor-risk", r"(?:very[- ])?(?:high"
        r"|poor)[- ]risk (?:[\w-]+ ){0,2}(?:acute|aml|all|myelo|mds|leuk|lymph|disease|patients|neurobl|mm\b|medullo"
        r"|hematol|haematol|malig|multiple|pediatric|diffuse|dlbcl|breast|ewing|solid)|(?:with|for|at"
        r"|of) (?:very )?high[- ]risk"),
    ("advanced", "advanced|progress", r"\badvanced\b|progressive"),
    ("previously treated", "previous|prior|pretreat|pre-treat|heavily|failed|failure|after", r"previously treated"
        r"|pre-?treated|heavily|prior (?:lines?|therap|treatment|regimen)|(?:earlier|previous) (?:lines?|treatments?"
        r"|therap|regimen)|after (?:two|three|at least|\d|failure)[\w ]{0,20}(?:lines|therap|treatments)|had failed"
        r"|lines? of (?:prior|earlier|previous)"),
    ("later line", "second-line|third-line|second line|third line|salvage", r"second[- ]line|third[- ]line"
        r"|later[- ]line|salvage"),
    ("says previously treated", "previously treated|pretreated|heavily", r"previously treated|pre-?treated"),
    ("chronic phase", "chronic-phase|chronic phase|advanced phase", ""),
    ("prior transplant failed", "after", r"(?:relaps\w+|progress\w+|recurr\w+) (?:\w+ ){0,2}(?:after|following)"),
))  # fmt: skip

AGES = _cues((
    ("children", "child", r"\bchild(?:ren|hood)?\b"),
    ("pediatric", "diatric", r"\bpa?ediatrics?\b"),
    ("infants", "infant|neonat|boys|girls|juvenile", r"\binfants?\b|neonat|\bboys?\b|\bgirls?\b"),
    ("young adults", "young", r"\byoung(?:er)? adults?\b|young people"),
    ("adolescents", "adolesc|aya|teen", r"adolescents?|\baya\b"),
    ("adults", "adult", r"(?<!young )(?<!younger )(?<!unrelated )(?<!related )\badults?\b(?! t[- ]cell| donor"
        r"| sibling| graft)"),
    ("elderly", "elderly|geriatric|older|old age", r"elderly|geriatric|older (?:patients|adults|people|recipients"
        r"|persons|than)|old age"),
    ("men and women", "women|men", r"\b(?:wo)?men\b"),
))  # fmt: skip


def hits(cues: Iterable[Cue], lowered: str) -> Iterator[tuple[str, list[int]]]:
    """Yield each cue's name with its places in lower-case text; cues that don't occur are left out."""
    for cue in cues:
        if not any(key in lowered for key in cue.keys):
            continue
        if cue.pattern is None:
            yield cue.name, [lowered.find(next(key for key in cue.keys if key in lowered))]
            continue
        found = [match.start() for match in cue.pattern.finditer(lowered)]
        if found:
            yield cue.name, found
