"""The query editor in a real browser: completion, running, cancelling, faults, sorting and the chart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

pytestmark = pytest.mark.slow
COUNTED = "SELECT ?disease (COUNT(?study) AS ?studies) { ?study cg:population/cg:condition/skos:prefLabel ?disease }"
BY_DISEASE = COUNTED + " GROUP BY ?disease ORDER BY ?disease"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


class Editor:
    """The page of the editor, as a person uses it."""

    def __init__(self, browser: Any, site: str) -> None:
        self.browser = browser
        self.address = site + "sparql"
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def open(self, text: str = "", **asked: str) -> None:
        """Open the page, run the query in its address if there is one, and put `text` into the editor."""
        query = "&".join(f"{key}={quote(value)}" for key, value in asked.items())
        self.browser.get(f"{self.address}?{query}" if query else self.address)
        if text:
            self.find("#query").clear()
            self.type(text)

    def type(self, *keys: str) -> None:
        """Type into the editor."""
        self.find("#query").send_keys(*keys)

    def run(self) -> None:
        """Press Ctrl+Enter."""
        from selenium.webdriver import Keys

        self.type(Keys.CONTROL + Keys.ENTER)

    def find(self, css: str) -> Any:
        """Return the first element that a selector finds."""
        return self.browser.find_element("css selector", css)

    def click(self, css: str) -> None:
        """Click on the first element that a selector finds, brought into view at once."""
        found = self.find(css)
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found)
        found.click()

    def texts(self, css: str) -> list[str]:
        """Return the texts of all elements that a selector finds."""
        collect = "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText ?? e.textContent)"
        return list(self.browser.execute_script(collect, css))

    def wait(self, met: Callable[[], object]) -> None:
        """Wait until something is so."""
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.browser, 20).until(lambda _browser: met())

    @property
    def text(self) -> str:
        """The query in the editor."""
        return str(self.find("#query").get_attribute("value"))

    @property
    def column(self) -> list[str]:
        """The first column of the answer."""
        return self.texts(".answer tbody td:first-child")


@pytest.fixture
def editor(browser: Any, site: str) -> Editor:
    """Return the editor's page."""
    return Editor(browser, site)


def test_a_query_runs_in_place(editor: Editor) -> None:
    """Ctrl+Enter shows the answer and puts the query into the address; going back gives the answer before."""
    editor.open("SELECT ?title { ?report dcterms:title ?title } LIMIT 3")
    editor.run()
    editor.wait(lambda: editor.texts("#h-answer") == ["3 rows"])
    assert len(editor.column) == 3
    asked = parse_qs(urlsplit(editor.browser.current_url).query)
    assert asked == {"query": [editor.text]}
    editor.find("#query").clear()
    editor.type("ASK { ?s ?p ?o }")
    editor.click("form.editor button")
    editor.wait(lambda: editor.column == ["true"])
    editor.browser.back()
    editor.wait(lambda: editor.texts("#h-answer") == ["3 rows"])


def test_another_part_of_the_page_is_not_another_query(editor: Editor) -> None:
    """Skipping to the content doesn't load the page anew, so that what was typed stays."""
    editor.open("ASK { ?s ?p")
    editor.browser.execute_script("window.location.hash = '#main'")
    assert editor.text == "ASK { ?s ?p"
    editor.browser.back()
    assert editor.text == "ASK { ?s ?p"


def test_answers_link_to_studies_and_files(editor: Editor) -> None:
    """A report in an answer leads to its study's page, and the answer can be had as CSV and JSON."""
    editor.open(query="SELECT ?report { ?report cg:retracted true }")
    assert editor.find(".answer tbody a").get_attribute("href").endswith("/at/report/pmid-1")
    files = editor.browser.find_elements("css selector", ".downloads a")
    assert [a.get_attribute("download") for a in files] == ["answer.csv", "answer.json"]
    assert [a.get_attribute("href").rpartition("&")[2] for a in files] == ["format=csv", "format=json"]
    editor.click(".answer tbody a")
    assert editor.browser.current_url.endswith("/study/pmid-1")


def test_a_fault_is_marked_where_it_stands(editor: Editor) -> None:
    """A query that can't be parsed gets its line and word marked, until it is changed; a button leads there."""
    from selenium.webdriver import Keys

    editor.open("# é 𝔸\nSELECT ?a {\n?a cg:reports\n}")
    editor.run()
    editor.wait(lambda: editor.texts(".outcome .banner"))
    assert editor.texts(".lines .fault") == ["4"]
    assert editor.texts(".ink .fault") == ["}"]
    editor.click(".banner button")
    before = editor.text[: editor.text.rindex("}")].encode("utf-16-le")
    assert editor.browser.execute_script("return document.activeElement.selectionStart") == len(before) // 2
    editor.type(" ", Keys.BACKSPACE)
    assert editor.texts(".fault") == []


def test_concepts_are_suggested_by_any_of_their_words(editor: Editor) -> None:
    """Typing a synonym offers the concept, with how many studies have it; Enter puts its code in its place."""
    from selenium.webdriver import Keys

    editor.open("SELECT * { ?outcome cg:measure measure:cytok")
    editor.wait(lambda: editor.texts(".completions code")[:1] == ["measure:cytokine-release-syndrome"])
    assert editor.find("#query").get_attribute("aria-activedescendant") == "completion-0"
    assert re.fullmatch(r"\d+ (study|studies)", editor.texts(".completions .note")[0])
    editor.type(Keys.ENTER)
    assert editor.text.endswith("cg:measure measure:cytokine-release-syndrome")
    editor.type(" . ?x ?y tisagen")
    editor.wait(lambda: editor.texts(".completions code") == ["intervention:tisagenlecleucel"])
    editor.type(Keys.TAB)
    assert editor.text.endswith("?x ?y intervention:tisagenlecleucel")


def test_properties_keywords_and_variables_are_suggested(editor: Editor) -> None:
    """The schema's names follow their prefix, keywords their beginning, and variables those of the query."""
    from selenium.webdriver import Keys

    editor.open("SELECT ?title ?year { ?r cg:hasOut")
    editor.wait(lambda: editor.texts(".completions code") == ["cg:hasOutcome"])
    editor.type(Keys.ENTER, " ?t")
    editor.wait(lambda: editor.texts(".completions code") == ["?title"])
    editor.type(Keys.DOWN, Keys.ENTER, " . opti")
    editor.wait(lambda: "OPTIONAL" in editor.texts(".completions code"))
    editor.type(Keys.ESCAPE)
    assert editor.text.endswith("{ ?r cg:hasOutcome ?title . opti")
    assert not editor.find(".completions").is_displayed()


def test_nothing_is_suggested_in_comments_and_texts(editor: Editor) -> None:
    """Within a comment, a text or an IRI there are no suggestions, not even when asked for."""
    from selenium.webdriver import Keys

    for text in ("# lymphoma", 'SELECT * { ?a ?b "lymphoma', "SELECT * { ?a ?b <http://lymphoma>"):
        editor.open(text)
        editor.type(Keys.CONTROL + Keys.SPACE)
        assert not editor.find(".completions").is_displayed()


def test_a_running_query_can_be_given_up(editor: Editor) -> None:
    """Cancel leaves the answer before in its place and says so."""
    editor.open(query="ASK {}")
    editor.find("#query").clear()
    editor.type(ENDLESS)
    editor.run()
    editor.wait(lambda: editor.find("#cancel").is_displayed())
    editor.click("#cancel")
    editor.wait(lambda: editor.find("#progress").text == "Cancelled.")
    assert not editor.find("#cancel").is_displayed()
    assert editor.column == ["true"]


def test_a_table_is_sorted_by_its_headings(editor: Editor) -> None:
    """A heading sorts by its column, up, down, and as it was; numbers by value."""
    editor.open(query=BY_DISEASE)
    before = editor.column
    numbers = [int(text) for text in editor.texts(".answer tbody td:last-child")]
    heading = ".answer th:last-child .sort"
    for order in (numbers_up := sorted(numbers), numbers_up[::-1]):
        editor.click(heading)
        assert [int(text) for text in editor.texts(".answer tbody td:last-child")] == order
    assert editor.find(".answer th:last-child").get_attribute("aria-sort") == "descending"
    editor.click(heading)
    assert editor.column == before


def test_a_chart_shows_what_the_table_holds(editor: Editor) -> None:
    """An answer with a label and a number has a chart: one bar a row, as long as its number, in the table's order."""
    editor.open(query=BY_DISEASE)
    editor.click(".chart summary")
    editor.wait(lambda: editor.texts(".bars .figure"))
    editor.click(".answer th:last-child .sort")
    figures = [int(text) for text in editor.texts(".bars .figure")]
    assert figures == [int(text) for text in editor.texts(".answer tbody td:last-child")][:40]
    widths = [float(r.get_attribute("width")) for r in editor.browser.find_elements("css selector", ".bars rect")]
    assert [w / widths[-1] for w in widths] == pytest.approx([n / figures[-1] for n in figures])


def test_the_keyboard_can_leave(editor: Editor) -> None:
    """A new line is indented by its braces and Tab indents more; after Escape it moves on."""
    from selenium.webdriver import Keys

    editor.open("ASK {")
    editor.type(Keys.ENTER, "}", Keys.TAB)
    assert editor.text == "ASK {\n}  "
    editor.type(Keys.ESCAPE, Keys.TAB)
    assert editor.browser.execute_script("return document.activeElement.textContent") == "Run"


def test_questions_can_be_sorted_and_drawn(editor: Editor, site: str) -> None:
    """The answer to a named question has the same table and chart."""
    editor.browser.get(site + "questions/measures-reported")
    assert editor.texts(".answer .sort")
    editor.click(".chart summary")
    editor.wait(lambda: editor.texts(".bars .figure"))


def test_the_form_works_without_scripts(editor: Editor) -> None:
    """With scripts off the plain text area and its button give the same answer."""
    editor.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        editor.open(query="ASK {}")
        assert editor.column == ["true"]
        editor.click("form.editor button")
        assert editor.column == ["true"]
    finally:
        editor.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_editor_keeps_within_the_policy(editor: Editor) -> None:
    """Completing, running, marking, sorting and drawing break no rule of the page's security policy."""
    editor.browser.get_log("browser")
    test_a_fault_is_marked_where_it_stands(editor)
    test_properties_keywords_and_variables_are_suggested(editor)
    test_a_chart_shows_what_the_table_holds(editor)
    assert [e["message"] for e in editor.browser.get_log("browser") if "ecurity" in e["message"]] == []
