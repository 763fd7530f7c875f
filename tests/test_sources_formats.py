"""Each format's reader on a small made-up sample of its kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.document import Citation, Deletion, Document, Notice
from extractors.sources import Item, formats, read
from extractors.sources.assemble import Passage, compose
from ontology.errors import RecordError

SAMPLES = Path(__file__).parent / "samples"


def documents(name: str) -> list[Document]:
    """Return the documents of a sample."""
    return [item for item in read(SAMPLES / name) if isinstance(item, Document)]


def reasons(items: list[Item]) -> list[tuple[int, str]]:
    """Return record number and reason of each RecordError."""
    return [(item.record, item.reason) for item in items if isinstance(item, RecordError)]


@pytest.fixture(scope="module")
def article() -> Document:
    """Return the first article of the PubMed sample."""
    return documents("pubmed.xml")[0]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("pubmed.xml", "pubmed-xml"),
        ("endnote.xml", "endnote-xml"),
        ("page.html", "html"),
        ("trials.json", "clinicaltrials"),
        ("europepmc.json", "europepmc"),
        ("records.jsonl", "jsonl"),
        ("medline.nbib", "medline"),
        ("web_of_science.ciw", "wos"),
        ("vendor.ris", "ris"),
        ("table.csv", "table"),
        ("summary.txt", "text"),
    ],
)
def test_format_is_told_by_content(name: str, form: str, tmp_path: Path) -> None:
    """A file's format is told by its content; its suffix may say nothing, as long as it isn't plain text."""
    assert next(iter(documents(name))).origin.format == form  # type: ignore[union-attr]
    if form != "text":
        renamed = tmp_path / "download"
        renamed.write_bytes((SAMPLES / name).read_bytes())
        first = next(item for item in read(renamed) if isinstance(item, Document))
        assert first.origin is not None
        assert first.origin.format == form


def test_formats_are_listed() -> None:
    """`formats()` names each format once, with suffixes and a description."""
    names = [form.name for form in formats()]
    assert len(names) == len(set(names)) == 13
    assert all(form.description and form.suffixes[0].startswith(".") for form in formats())


def test_structured_abstract_becomes_labelled_lines(article: Document) -> None:
    """A structured abstract is a line per section; spans cover the bodies; an empty part leaves nothing behind."""
    assert article.text.splitlines()[1].startswith("METHODS: A&B; 28 patients, x²=1/2.")
    assert article.text.splitlines()[2] == "It works."
    assert [(s.label, s.role) for s in article.sections] == [
        ("BACKGROUND/AIMS", "background"),
        ("METHODS", "methods"),
        ("CONCLUSIONS", "conclusions"),
    ]
    assert article.slice(article.sections[2].span) == "It works."


def test_label_that_the_body_repeats() -> None:
    """A label that stands in the body as well is written once."""
    text, sections = compose([Passage("Results: 5 of 10.", "RESULTS"), Passage("A.", "UNLABELLED")])
    assert text == "RESULTS: 5 of 10.\nA."
    assert [text[s.span.start : s.span.end] for s in sections] == ["5 of 10."]


def test_markup_keeps_numbers_apart(article: Document) -> None:
    """Superscript digits stay superscripts, subscripts become plain unless they'd touch a digit, tags vanish."""
    assert "2 × 10⁶ cells/kg (IC50, log₁₀5) ≥ once – no more." in article.text
    assert article.title == "CD7+ leukaemia and in vivo expansion of CAR T cells."


def test_pubmed_fields(article: Document) -> None:
    """Citation, authors, registry numbers and phase come from PubMed's own fields, invalid DOIs aside."""
    assert article.id == "pmid:90000001"
    assert article.citation == Citation("90000001", "10.1234/right.01", "J Made-up Haematol", 2021)
    assert article.authors == ("Müller AB", "MADE-UP Study Group")
    assert article.registry_ids == ("NCT99999901",)
    assert article.phase == "1/2"
    assert article.language == "eng"


def test_pubmed_notices(article: Document) -> None:
    """Marks of retraction and correction are kept with what they refer to; citations are none."""
    assert article.notices == (Notice("retracted", "90000009"), Notice("erratum", "J Made-up Haematol. 2022;1:1"))
    assert article.retracted


def test_best_of_several_abstracts() -> None:
    """Without an abstract of its own an article gets the English one of the others, before plain-language summaries."""
    french = documents("pubmed.xml")[1]
    assert french.title == "Greffe de moelle osseuse."
    assert (french.text, french.language) == ("AIM: In English.", "eng")


def test_pubmed_letters_books_and_deletions() -> None:
    """An article without abstract is a document with an empty text; chapters and deletions are read too."""
    items = list(read(SAMPLES / "pubmed.xml"))
    letter, chapter = items[2], items[3]
    assert isinstance(letter, Document)
    assert isinstance(chapter, Document)
    assert (letter.text, letter.sections) == ("", ())
    assert (chapter.title, chapter.citation.year) == ("Chapter on grafts", 2019)
    assert items[4:] == [Deletion("90000005"), Deletion("90000006")]
    assert items[4].id == "pmid:90000005"  # type: ignore[union-attr]


def test_medline() -> None:
    """MEDLINE text: wrapped lines are joined, and its tags mean what PubMed's XML means."""
    trial, notice = documents("medline.nbib")
    assert trial.title == "Reduced-intensity conditioning: a trial that was made up."
    assert "relapsed within 2 years, and 5-year survival was 61%" in trial.text
    assert trial.citation == Citation("90000011", "10.1234/nbib.1", "J Made-up Haematol", 2020)
    assert (trial.authors, trial.registry_ids) == (("Doe J", "MADE-UP Study Group"), ("NCT99999902",))
    assert (trial.phase, trial.notices) == ("3", (Notice("erratum", "90000019"),))
    assert (notice.text, notice.notices) == ("", (Notice("retraction", "90000011"),))


def test_ris_of_vendors() -> None:
    """RIS with a byte-order mark, CRLF, text between records, odd tags and a record without end is read whole."""
    cord, paper, tumours = documents("vendor.ris")
    assert cord.citation == Citation("90000021", "10.1234/ris.1", "J Made-up Haematol", 2018)
    assert cord.text == "Background: Units of 3 × 10⁷ cells. Continued on a line of its own."
    assert cord.authors == ("Roe, Richard", "Doe, Jane")
    assert paper.title == "No end before the next"
    assert paper.id.startswith("sha256:")
    assert (tumours.id, tumours.text) == ("pmid:90000023", "Tumours were tested: ER - negative in 12%")


def test_ris_cut_short(tmp_path: Path) -> None:
    """A RIS file that ends inside a record doesn't pass off half an abstract as a whole one."""
    path = tmp_path / "cut.ris"
    path.write_text("TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Two\nAB  - Survival was 6")
    items = list(read(path))
    assert isinstance(items[0], Document)
    assert reasons(items) == [(2, "the file ends before its ER line")]


def test_web_of_science() -> None:
    """Web of Science's tagged export is read, tags that nobody knows and all."""
    (tandem,) = documents("web_of_science.ciw")
    assert tandem.title == "Tandem transplants in a made-up registry"
    assert (tandem.id, tandem.citation.year, tandem.authors) == ("doi:10.1234/wos.1", 2017, ("Doe, J", "Roe, R"))


def test_endnote_xml() -> None:
    """EndNote XML: styled titles, an NLM accession number as PMID, lines of the abstract kept."""
    (grafts,) = documents("endnote.xml")
    assert grafts.citation == Citation("90000031", "10.1234/end.1", "J Made-up Haematol", 2016)
    assert grafts.text == "First line.\nSecond line."


def test_table() -> None:
    """A table's columns are found by their names; a row that doesn't fit the header is reported, the others read."""
    items = list(read(SAMPLES / "table.csv"))
    grafts = items[0]
    assert isinstance(grafts, Document)
    assert grafts.text == "Two lines:\nof 20 patients, 5 (25%) relapsed."
    assert grafts.citation == Citation("90000041", "10.1234/csv.1", "J Made-up Haematol", 2015)
    assert grafts.authors == ("Doe J", "Roe RA")
    assert reasons(items) == [(2, "8 cells where the header has 7")]
    assert isinstance(items[-1], Document)
    assert items[-1].text == ""


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_table_separators(separator: str, tmp_path: Path) -> None:
    """The separator is told by the header, whatever the suffix; Excel's `sep=` line is passed over."""
    path = tmp_path / "table.csv"
    rows = ["title", "abstract", "year"], ["A", "b", "2001"]
    path.write_text(f"sep={separator}\n" + "\n".join(separator.join(row) for row in rows))
    (found,) = read(path)
    assert isinstance(found, Document)
    assert (found.title, found.text, found.citation.year) == ("A", "b", 2001)


def test_xlsx(tmp_path: Path) -> None:
    """A workbook's first sheet with a title column is read; numbers and dates are as they look."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Notes about the search"])
    sheet = book.create_sheet()
    sheet.append(["PubMed ID", "Title", "Abstract"])
    sheet.append([90000071.0, "Grafts", "10 of 20 (50%)"])
    sheet.append([None, None, None])
    path = tmp_path / "book.xlsx"
    book.save(path)
    (found,) = read(path)
    assert isinstance(found, Document)
    assert (found.id, found.text) == ("pmid:90000071", "10 of 20 (50%)")


def test_europepmc() -> None:
    """Europe PMC: headings of the abstract become labels; a result without PMID and DOI has Europe PMC's id."""
    haplo, preprint = documents("europepmc.json")
    assert haplo.title == "Haplo grafts in 10² children."
    assert haplo.text == "Background: Haplo < cord.\nResults: GVHD in 12 of 100a."
    assert haplo.slice(haplo.sections[1].span) == "GVHD in 12 of 100a."
    assert (haplo.phase, haplo.notices) == ("4", (Notice("retracted", "90000059"),))
    assert preprint.id == "epmc:PPR/PPR1"


def test_trial_registry() -> None:
    """A registry record's fields are written out as labelled sections; one without its number is reported."""
    items = list(read(SAMPLES / "trials.json"))
    trial = items[0]
    assert isinstance(trial, Document)
    assert (trial.id, trial.phase) == ("nct:NCT99999903", "1/2")
    assert trial.registry_ids == ("NCT99999903", "2020-000000-10")
    assert not trial.retracted
    sections = {section.label: trial.slice(section.span) for section in trial.sections}
    assert sections["Detailed description"] == "First.\n\nThen, if age >= 18."
    assert sections["Arms"] == "• CAR T (experimental): CD7 CAR T"
    assert sections["Primary outcomes"] == "• Complete response [28 days]"
    assert "Allocation: randomized." in sections["Study design"]
    assert "Enrollment: 20 participants (estimated)." in sections["Study design"]
    assert reasons(items) == [(2, "a study without its NCT number")]


def test_web_page() -> None:
    """A web page gives its main text with headings, bullets and line breaks; navigation and banners are left out."""
    (page,) = documents("page.html")
    assert page.title == "Axi-cel wins"
    assert "Dose 2 × 10⁶ cells/kg, CD19+.\nSecond line" in page.text
    assert "• Complete response: 58% (n = 104)\n• nested 3%" in page.text
    assert [section.label for section in page.sections] == ["Key findings", "Bottom line"]
    for clutter in ("Home", "cookies", "Read more", "©", "<", "no"):
        assert clutter not in page.text


def test_plain_text_is_kept_to_the_letter() -> None:
    """Plain text is kept whole; the title is the first line that's no slogan, without a journal glued to it."""
    (summary,) = documents("summary.txt")
    assert summary.text == (SAMPLES / "summary.txt").read_text(encoding="utf-8")
    assert summary.title == "Sequential CAR T Cells and Grafts in a Made-up Trial"
    assert summary.citation.journal == "The Journal of Made-up Haematology"


def test_json_lines() -> None:
    """JSON Lines: ids are kept as given, annotations ignored, and each bad line is reported with its reason."""
    items = list(read(SAMPLES / "records.jsonl"))
    found = [item for item in items if isinstance(item, Document)]
    assert [document.id for document in found] == ["r-1", "7", "doi:10.1234/j.2"]
    assert found[0].citation == Citation("90000061", "10.1234/j.1", "J", 2020)
    assert found[0].text == "BACKGROUND: x\nRESULTS: 5 of 10 (50%)."
    assert reasons(items) == [
        (3, "not valid JSON (expecting value at character 1)"),
        (4, "a JSON array, not an object"),
        (6, "neither `title` nor `text` in it"),
        (7, "`title` isn't a string"),
    ]


def test_two_records_with_one_pmid(tmp_path: Path) -> None:
    """Two records with one PMID are both read: which one stands is for the store to settle."""
    path = tmp_path / "twice.nbib"
    path.write_text("PMID- 5\nTI  - Old\n\nPMID- 5\nTI  - New\n")
    assert [item.title for item in read(path) if isinstance(item, Document)] == ["Old", "New"]
