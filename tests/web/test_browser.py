"""The pages in a real browser: words and rows light up together, forms work, nothing leaves the page."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.slow
PAGES = ["", "studies?q=lymphoma", "study/pmid-1", "compare?outcome=overall-response", "sparql", "questions",
         "questions/response-by-product", "about", "schema", "nowhere"]  # fmt: skip


def find(browser: Any, css: str) -> Any:
    """Return the first element that a selector finds."""
    return browser.find_element("css selector", css)


def lit(browser: Any) -> set[str]:
    """Return the words and the rows that are lit up."""
    return {e.get_attribute("id") or e.text for e in browser.find_elements("css selector", ".fig.on, tr.on")}


def requests(browser: Any) -> list[str]:
    """Return the addresses requested since the last call."""
    events = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    return [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]


def point(browser: Any, css: str, click: bool = False) -> None:
    """Move the pointer onto an element, and click there."""
    from selenium.webdriver import ActionChains

    actions = ActionChains(browser).move_to_element(find(browser, css))
    (actions.click() if click else actions).perform()


def test_words_and_rows_light_up_together(browser: Any, site: str) -> None:
    """Pointing at a row lights its figure, pointing at a figure lights its row, and so does the keyboard's focus."""
    browser.get(site + "study/pmid-1")
    point(browser, "#o-1 .num")
    assert lit(browser) == {"59%", "o-1"}
    point(browser, '.fig[data-own="o-0"]')
    assert lit(browser) == {"67%", "o-0"}
    browser.execute_script("document.querySelector('.fig[data-own=\"o-1\"] a').focus()")
    assert lit(browser) == {"59%", "o-1"}
    point(browser, "h1")
    assert lit(browser) == set()


def test_a_click_on_a_row_leads_to_its_words(browser: Any, site: str) -> None:
    """Clicking a row brings its words into view and the address says which; clicking the words leads back."""
    browser.get(site + "study/pmid-1")
    find(browser, "#o-1 .num").click()
    assert browser.current_url.endswith("#w-o-1")
    find(browser, '.fig[data-own="o-1"] a').click()
    assert browser.current_url.endswith("#o-1")


def test_search_and_filter(browser: Any, site: str) -> None:
    """A typed search gives a shareable address; a filter narrows it and can be taken out again."""
    browser.get(site)
    find(browser, "#q").send_keys("lymphoma\n")
    assert browser.current_url == site + "studies?q=lymphoma"
    total = find(browser, "#h-res").text
    point(browser, ".facet a", click=True)
    assert browser.current_url.startswith(site + "studies?q=lymphoma&")
    assert find(browser, "#h-res").text != total
    find(browser, ".chips a").click()
    assert find(browser, "#h-res").text == total


def test_compare_by_form(browser: Any, site: str) -> None:
    """The comparison takes an outcome's short name from the form and draws an interval for a figure that has one."""
    browser.get(site + "compare")
    find(browser, "#f-outcome").send_keys("ORR")
    find(browser, "#f-condition").send_keys("large B-cell lymphoma\n")
    assert "outcome=ORR" in browser.current_url
    assert browser.find_elements("css selector", ".plot .ci-line")
    find(browser, "a.figure-link").click()
    assert "/study/" in browser.current_url
    assert find(browser, "tr:target")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page", PAGES)
def test_pages_fit_and_stay_at_home(browser: Any, site: str, page: str, width: int) -> None:
    """On a phone and on a desk no page is wider than the screen, complains, or asks anything of another server."""
    metrics = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    requests(browser)
    browser.get_log("browser")
    browser.get(site + page)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    complaints = [entry["message"] for entry in browser.get_log("browser") if page not in entry["message"]]
    assert complaints == []
    asked = requests(browser)
    assert asked
    assert all(url.startswith((site, "data:", "chrome:", "about:")) for url in asked), asked
