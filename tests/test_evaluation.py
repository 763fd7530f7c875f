"""The evaluation: what agrees with what, and the figures counted from it."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.evaluation.agreement import grounded, levelled_grade, same_figure, same_time
from extractors.evaluation.calibration import calibration_error, reliability, thresholds
from extractors.evaluation.page import as_page
from extractors.evaluation.pairing import pair
from extractors.evaluation.references import Reference, read_predictions, read_references
from extractors.evaluation.report import as_text, figures, outcome_line
from extractors.evaluation.scores import Evaluation, evaluate
from extractors.evidence import Arm, EvidenceRecord, Outcome, TimePoint
from ontology.errors import RecordError, SourceError

EXPECTED = Path(__file__).parent / "gold" / "expected-scores.json"


def outcome(**fields: Any) -> Outcome:
    """Return a complete response of 80 %, changed by `fields`."""
    base: dict[str, Any] = {
        "measure": "complete-response",
        "statistic": "proportion",
        "value": 80.0,
        "unit": "%",
        "quote": "80%",
    }
    return Outcome(**(base | fields))


def record(*outcomes: Outcome, arms: tuple[str, ...] = ("all",), text: str = "80%") -> EvidenceRecord:
    """Return a record of these outcomes."""
    return EvidenceRecord(id="d", title="", text=text, arms=tuple(Arm(label=a) for a in arms), outcomes=outcomes)


def score(reference: EvidenceRecord, predicted: EvidenceRecord) -> Evaluation:
    """Return the evaluation of one document."""
    return evaluate({"d": Reference(reference)}, {"d": predicted})


@pytest.mark.parametrize(
    ("changed", "agrees"),
    [
        ({"value": 80.6}, True),
        ({"value": 81.0}, False),
        ({"value": 33.0, "n": 8, "N": 10}, True),
        ({"statistic": "count", "value": 8.0, "n": 8, "unit": None}, True),
        ({"statistic": "count", "value": 7.0, "n": 7, "unit": None}, False),
        ({"n": 16, "N": 20}, True),
        ({"measure": "partial-response"}, False),
        ({"statistic": "median", "unit": "month"}, False),
    ],
)
def test_proportion_agreement(changed: dict[str, Any], agrees: bool) -> None:
    """A proportion agrees when rounded, or as its n of N whatever the form; not with another measure or value."""
    assert same_figure(outcome(n=8, N=10), outcome(**changed)) is agrees


@pytest.mark.parametrize(
    ("changed", "agrees"),
    [
        ({"value": 365.25, "unit": "day"}, True),
        ({"value": 1.0, "unit": "year"}, True),
        ({"value": 11.0}, False),
        ({"value": None, "not_reached": True}, False),
    ],
)
def test_median_agreement(changed: dict[str, Any], agrees: bool) -> None:
    """A median agrees in any unit of time; one that isn't reached agrees only with another that isn't."""
    median = {"statistic": "median", "value": 12.0, "unit": "month"}
    assert same_figure(outcome(**median), outcome(**(median | changed))) is agrees


def test_ratio_agreement_is_exact() -> None:
    """A hazard ratio isn't rounded: .40 agrees with .40 and not with .41."""
    ratio = {"statistic": "hazard-ratio", "unit": None}
    assert same_figure(outcome(value=0.40, **ratio), outcome(value=0.4, **ratio))
    assert not same_figure(outcome(value=0.40, **ratio), outcome(value=0.41, **ratio))


def test_time_agreement() -> None:
    """Twelve months are a year and about 360 days; a time point never agrees with none."""
    year = TimePoint(value=1, unit="year")
    assert same_time(year, TimePoint(value=12, unit="month"))
    assert same_time(year, TimePoint(value=360, unit="day"))
    assert not same_time(year, TimePoint(value=6, unit="month"))
    assert not same_time(year, None)
    assert same_time(None, None)


def test_grades_in_one_notation() -> None:
    """Notations of one grade agree: Roman and Arabic, ranges and bounds; any grade is none."""
    assert {levelled_grade(g) for g in (">=3", "≥3", "3-4", "III–IV", "grade 3-4")} == {"3+"}
    assert levelled_grade("II") == "2"
    assert levelled_grade("any") is levelled_grade(None) is None


@pytest.mark.parametrize(
    ("quote", "fields"),
    [
        ("80% responded", {}),
        ("eight of ten", {"n": 8, "N": 10}),
        ("a rate of .80", {}),
        ("all responded", {"value": 100.0}),
        ("no response was seen", {"value": 0.0}),
        ("1,204 days", {"value": 1204.0, "unit": "day", "statistic": "median"}),
        ("median not reached", {"value": None, "not_reached": True, "statistic": "median"}),
        ("manufacturing failed in 4%", {"measure": "manufacturing-success", "value": 96.0}),
        ("two did not respond", {"n": 8, "N": 10}),
        ("the patient responded", {"n": 1, "N": 1, "value": 100.0}),
    ],
)
def test_quote_bears_the_number(quote: str, fields: dict[str, Any]) -> None:
    """A quote bears its number in figures, in words, as a fraction, or by what is left over."""
    assert grounded(outcome(quote=quote, **fields), f"Here {quote}.")


def test_quote_must_stand_in_the_text() -> None:
    """A quote that isn't in the text, stands elsewhere than said, or lacks the number grounds nothing."""
    assert not grounded(outcome(quote="80%"), "of eighty")
    assert not grounded(outcome(quote="80%", start=1, end=4), "80% of all")
    assert not grounded(outcome(quote="most"), "most responded")


def test_each_figure_is_paired_once() -> None:
    """A figure given twice answers one reference figure; the second is spurious."""
    pairing = pair(record(outcome()), record(outcome(), outcome()))
    assert (len(pairing.pairs), len(pairing.missed), len(pairing.spurious)) == (1, 0, 1)


def test_the_better_candidate_is_paired() -> None:
    """Of two candidates the one whose time point agrees is paired, whatever their order."""
    year, month = TimePoint(value=1, unit="year"), TimePoint(value=1, unit="month")
    pairing = pair(record(outcome(time=year)), record(outcome(time=month), outcome(time=year)))
    assert pairing.pairs[0].full


def test_arms_are_read_by_what_they_report() -> None:
    """Arms of other names agree when their figures do; figures in the wrong arm don't."""
    reference = record(outcome(arm="axi-cel"), outcome(arm="SOC", value=30.0), arms=("axi-cel", "SOC"))
    renamed = record(outcome(arm="A"), outcome(arm="B", value=30.0), arms=("A", "B"))
    mixed = record(outcome(arm="A"), outcome(arm="A", value=30.0), arms=("A", "B"))
    assert score(reference, renamed).full.f1 == 1
    assert score(reference, mixed).full.hits == 1


def test_unnamed_measures_count_neither_way() -> None:
    """Outcomes of measure `other` are neither missed nor spurious."""
    result = score(record(outcome(measure="other")), record(outcome(measure="other", value=3.0)))
    assert (result.figure.wanted, result.figure.found) == (0, 0)


def test_a_document_without_prediction_is_missed() -> None:
    """An unanswered document misses all its figures, and isn't given its design or relevance."""
    result = evaluate({"d": Reference(record(outcome()))}, {})
    assert (result.answered, result.figure.recall, result.single["relevance"].value) == (0, 0, 0)


def test_reference_against_itself_is_perfect(gold: Path) -> None:
    """Reference records score 1 on every figure, attribute and field against themselves."""
    scores = figures(evaluate(read_references(gold), read_predictions(gold)))
    assert scores["figure"]["f1"] == scores["full"]["f1"] == scores["fields_mean"] == 1
    assert set(scores["attributes"].values()) == {1}
    assert scores["answered"] == scores["documents"] == 237


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_reliability_keeps_every_figure(judged: list[tuple[float, bool]]) -> None:
    """The tenths of the confidence scale hold each figure once, and each tenth's mean lies within it."""
    evaluation = Evaluation(judged=list(judged))
    bins = reliability(evaluation)
    assert sum(b.figures for b in bins) == len(judged)
    assert all(b.low - 1e-9 <= b.confidence <= b.high + 1e-9 for b in bins)


def test_calibration_of_honest_and_boastful_confidences() -> None:
    """Nine right in ten at 0.9 is no error at all; five right in ten at 0.9 is one of 0.4."""
    honest = Evaluation(judged=[(0.9, k > 0) for k in range(10)])
    boastful = Evaluation(judged=[(0.9, k > 4) for k in range(10)])
    assert calibration_error(honest) == pytest.approx(0)
    assert calibration_error(boastful) == pytest.approx(0.4)
    assert calibration_error(Evaluation(judged=[(None, True)])) is None


def test_thresholds_trade_recall_for_precision() -> None:
    """Keeping surer figures only drops the unsure ones from both sides."""
    evaluation = Evaluation(judged=[(0.97, True), (0.55, False)])
    evaluation.figure.add(1, 2, 2)
    rows = {t.confidence: t for t in thresholds(evaluation)}
    assert (rows[0.5].precision, rows[0.5].recall) == (0.5, 0.5)
    assert (rows[0.95].precision, rows[0.95].figures) == (1, 1)


def _flawed(gold: Path) -> list[dict[str, Any]]:
    """Return the reference records with every kind of mistake, the same ones each time."""
    records = []
    for d, line in enumerate(gold.read_text(encoding="utf-8").splitlines()):
        fields = {k: v for k, v in json.loads(line).items() if k not in ("style", "verified")}
        if d % 23 == 0:
            continue
        fields["outcomes"] = [o for k, o in enumerate(fields["outcomes"]) if _spoil(o, d + k)]
        fields["outcomes"] += [o | {"value": 12.5, "n": None} for o in fields["outcomes"][:1] if d % 5 == 0]
        _rename_arms(fields, d)
        _spoil_study(fields, d)
        records.append(fields)
    return records


def _spoil(fields: dict[str, Any], k: int) -> bool:
    """Spoil a figure in the k-th way; return whether it's kept."""
    spoilt: dict[int, dict[str, Any]] = {
        1: {"time": None}, 3: {"arm": "all"}, 4: {"ci": None}, 6: {"grade": "any"}, 7: {"statistic": "median"},
        9: {"measure": "other"}, 10: {"n": None, "N": None}, 12: {"quote": fields["quote"][:4]},
    }  # fmt: skip
    fields |= spoilt.get(k % 14, {})
    return k % 14 != 13


def _rename_arms(fields: dict[str, Any], d: int) -> None:
    names = {a["label"]: f"group {k}" for k, a in enumerate(fields["arms"]) if a["label"] != "all" and d % 2}
    for arm in fields["arms"]:
        arm["label"] = names.get(arm["label"], arm["label"])
    for each in fields["outcomes"]:
        each["arm"] = names.get(each["arm"], each["arm"])
        each["comparator"] = names.get(each["comparator"], each["comparator"])


def _spoil_study(fields: dict[str, Any], d: int) -> None:
    if d % 6 == 0:
        fields["design"] |= {"type": "other", "phase": "2"}
    if d % 7 == 0:
        fields["population"] |= {"treated": 3, "conditions": ["lymphoma"]}
    if d % 8 == 0:
        fields["follow_up"] |= {"median": 7, "unit": "month"}
        fields["sequence"], fields["interventions"] = [], fields["interventions"][1:]


@pytest.fixture(scope="module")
def flawed(gold: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of flawed predictions for the reference records."""
    file = tmp_path_factory.mktemp("flawed") / "flawed.jsonl"
    file.write_text("".join(json.dumps(r) + "\n" for r in _flawed(gold)), encoding="utf-8")
    return file


def test_figures_of_the_reference_scorer(gold: Path, flawed: Path) -> None:
    """Flawed predictions get, to the last digit, the figures that the reference scorer gave them."""
    scores = figures(evaluate(read_references(gold), read_predictions(flawed)))
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert {key: scores[key] for key in expected} == expected


def test_agrees_with_the_reference_scorer_itself(gold: Path, flawed: Path) -> None:
    """Where CARTOGRAPH_SCORER names the reference scorer, it gives the same figures here and now."""
    path = os.environ.get("CARTOGRAPH_SCORER")
    if not path:
        pytest.skip("CARTOGRAPH_SCORER names no reference scorer")
    spec = importlib.util.spec_from_file_location("reference_scorer", path)
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    expected = scorer.score(scorer.load(str(gold)), scorer.load(str(flawed)))
    scores = figures(evaluate(read_references(gold), read_predictions(flawed)))
    assert {key: scores[key] for key in expected if key in scores} == {k: expected[k] for k in expected if k in scores}


def test_scores_by_style_add_up(gold: Path, flawed: Path) -> None:
    """The styles' documents and figures are those of the whole."""
    result = evaluate(read_references(gold), read_predictions(flawed))
    assert sum(s.documents for s in result.by_style.values()) == result.documents
    assert sum(s.full.hits for s in result.by_style.values()) == result.full.hits


def test_text_report_names_the_leading_figures(gold: Path, flawed: Path) -> None:
    """The text for a terminal leads with counts, figure and full F1, and lists measures and styles."""
    result = evaluate(read_references(gold), read_predictions(flawed))
    text = as_text(figures(result))
    assert text.startswith("documents 237 (answered 226)   outcomes: reference ")
    assert f"F1 {result.full.f1:.3f}" in text
    assert "summary figure" in text


def test_markdown_report_sets_stand_side_by_side(gold: Path, flawed: Path) -> None:
    """Several sets share the overall and the field tables; the first is told in detail."""
    dev = figures(evaluate(read_references(gold), read_predictions(flawed)))
    page = as_page({"dev": dev | {"extractor": "1.2"}, "real": dev})
    assert "- dev: extractor 1.2" in page
    assert "| field | dev | real |" in page
    assert "## By measure (dev)" in page
    assert "No figure carries a confidence." in page


def test_outcome_line_says_what_and_where() -> None:
    """A missed figure's line names document, figure and words."""
    line = outcome_line("miss", "d", outcome(time=TimePoint(value=1, unit="year"), arm="all"))
    assert line == "miss d: complete-response proportion 80 % time=1 year grade=None arm=all | 80%"


@pytest.mark.parametrize(
    ("line", "reason"),
    [("{", "not JSON"), ("[]", "not a JSON object"), ('{"id": "d", "title": ""}', "text"), ('{"id": 3}', "id")],
)
def test_broken_predictions_are_named(tmp_path: Path, line: str, reason: str) -> None:
    """A broken line is told by file, line number and reason."""
    file = tmp_path / "predicted.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(RecordError, match=rf"predicted\.jsonl, record 2: .*{reason}"):
        read_predictions(file)


def test_missing_and_empty_files_are_named(tmp_path: Path) -> None:
    """A file that isn't there, or holds no reference, is one clear error."""
    with pytest.raises(SourceError, match="no such file"):
        read_predictions(tmp_path / "nowhere.jsonl")
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(SourceError, match="no records"):
        read_references(tmp_path / "empty.jsonl")


def test_a_folder_of_records_reads_like_a_file(tmp_path: Path) -> None:
    """One JSON file a record, in a folder, is read too; line separators inside strings don't break records."""
    text = record(outcome(), text="80%\u2028").to_json()
    (tmp_path / "one.json").write_text(json.dumps(json.loads(text), indent=1), encoding="utf-8")
    (tmp_path / "two.jsonl").write_text(text.replace('"id":"d"', '"id":"e"'), encoding="utf-8")
    assert set(read_predictions(tmp_path)) == {"d", "e"}
