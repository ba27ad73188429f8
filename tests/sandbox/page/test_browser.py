"""The page in a real browser: by keyboard alone, for people who don't see it, on a phone, and in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import httpx
import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from tenantctl.sandbox.page.links import REQUESTS_PATH, TOKEN_PATH, object_path, section_path
from tests.sandbox.page.browser import open_browser
from tests.sandbox.serve_program import TOKEN, served

_HOSTILE = "<script>document.title='owned'</script>\u202e" + "x" * 10_000
_MANY_TABS = 60
_SECONDS = 20


@pytest.fixture(scope="module")
def sandbox() -> Iterator[httpx.Client]:
    """A served sandbox with two applications that have a grant for one API, and a hostile role."""
    with served("") as (_, (url,)), httpx.Client(base_url=url) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        scopes = [{"value": "read:a"}, {"value": "write:a"}]
        _make(client, "/resource-servers", identifier="https://aaa-api", name="AAA", scopes=scopes)
        for name in ("M2M", "Other"):
            made = _make(client, "/clients", name=name, grant_types=["client_credentials"])
            grant = {"client_id": made["client_id"], "audience": "https://aaa-api", "scope": ["read:a"]}
            _make(client, "/client-grants", **grant)
        client.post("/__sandbox__/seed", json={"sections": {"roles": [{"id": "rol_1", "name": _HOSTILE}]}})
        yield client


def _make(client: httpx.Client, path: str, **body: Any) -> Any:
    answer = client.post(f"/api/v2{path}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def visit(browser: Chrome, sandbox: httpx.Client) -> Iterator[Callable[[str], None]]:
    """``visit(path)``: open a page; whatever the test opens, the browser must have nothing to complain of."""
    yield lambda path: browser.get(f"{str(sandbox.base_url).rstrip('/')}{path}")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]  # selenium has no types for it


def press(browser: Chrome, *keys: str) -> None:
    ActionChains(browser).send_keys(*keys).perform()


def press_and_follow(browser: Chrome, *keys: str) -> None:
    """Press keys that lead to another page, and wait for it."""
    before = browser.find_element(By.TAG_NAME, "html")
    press(browser, *keys)
    WebDriverWait(browser, _SECONDS).until(staleness_of(before))
    WebDriverWait(browser, _SECONDS).until(
        lambda _: browser.execute_script("return document.readyState") == "complete"
    )


def tab_to(browser: Chrome, wanted: Callable[[WebElement], bool]) -> WebElement:
    """Press Tab until the focus is where it is wanted; every stop on the way must show that it has it."""
    for _ in range(_MANY_TABS):
        press(browser, Keys.TAB)
        focused = browser.switch_to.active_element
        assert focused.value_of_css_property("outline-style") == "solid"
        assert focused.is_displayed()
        if wanted(focused):
            return focused
    raise AssertionError("Tab leads nowhere near")


def with_id(name: str) -> Callable[[WebElement], bool]:
    return lambda element: element.get_attribute("id") == name


def with_text(text: str) -> Callable[[WebElement], bool]:
    return lambda element: element.text == text


def result(browser: Chrome) -> str:
    return browser.find_element(By.ID, "result").text


def test_the_debugger_by_keyboard_alone(browser: Chrome, visit: Callable[[str], None]) -> None:
    visit("/")
    skip = tab_to(browser, lambda _: True)
    assert skip.text == "Skip to the content"
    tab_to(browser, with_text("Token debugger"))
    press_and_follow(browser, Keys.ENTER)

    tab_to(browser, with_id("client"))
    press(browser, "M2M")
    chosen = browser.switch_to.active_element.get_attribute("value")
    tab_to(browser, with_id("audience"))
    press(browser, "https://aaa-api")
    tab_to(browser, with_id("scope"))
    press(browser, "read:a")
    tab_to(browser, with_text("Issue token"))
    press_and_follow(browser, Keys.ENTER)

    found = result(browser)
    assert found.startswith("No fault found")
    assert "is in the tenant's JWKS" in found
    assert "read:a" in found
    assert f"{chosen}@clients" in found
    assert browser.find_element(By.CSS_SELECTOR, "#client option:checked").text == "M2M"
    assert "eyJ" not in browser.page_source

    tab_to(browser, with_text("Issue and show token"))
    press_and_follow(browser, Keys.SPACE)
    assert "eyJ" in result(browser)


def test_a_fault_and_what_mends_it_by_keyboard_alone(browser: Chrome, visit: Callable[[str], None]) -> None:
    visit(TOKEN_PATH)
    tab_to(browser, with_id("scope"))
    press_and_follow(browser, "write:a", Keys.ENTER)

    assert result(browser).startswith("Fault: client Other is not granted write:a for https://aaa-api")
    tab_to(browser, with_text("clientGrants/Other:https://aaa-api"))
    press_and_follow(browser, Keys.ENTER)
    assert browser.find_element(By.TAG_NAME, "h1").text == "Other · https://aaa-api"


def test_a_pasted_token_by_keyboard_alone(browser: Chrome, visit: Callable[[str], None]) -> None:
    visit(TOKEN_PATH)
    tab_to(browser, with_id("token"))
    press(browser, "Bearer eyJhbGciOiJSUzI1NiJ9.e30.AAAA", Keys.TAB)
    tab_to(browser, with_text("Inspect token"))
    press_and_follow(browser, Keys.ENTER)

    assert "key-not-in-jwks" in result(browser)
    assert "AAAA" not in browser.page_source


_PAGES = [
    "/",
    TOKEN_PATH,
    REQUESTS_PATH,
    section_path("clients"),
    section_path("roles"),
    object_path("roles", "rol_1"),
    section_path("tenant"),
]
_UNLABELLED = """
return [...document.querySelectorAll('input, select, textarea')]
  .filter(field => !field.labels.length || !field.labels[0].textContent.trim()).map(field => field.name)"""
_HEADINGS = "return [...document.querySelectorAll('h1, h2, h3, h4')].map(heading => +heading.tagName[1])"
_REPEATED_IDS = """
const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
return ids.filter((id, at) => ids.indexOf(id) < at)"""
_DANGLING = """
return [...document.querySelectorAll('[aria-labelledby], [aria-describedby], label[for]')]
  .flatMap(element => ['aria-labelledby', 'aria-describedby', 'for'].map(name => element.getAttribute(name)))
  .filter(id => id && !document.getElementById(id))"""
_NAMELESS = """
return [...document.querySelectorAll('a, button, table, nav, section')]
  .filter(element => !(element.getAttribute('aria-label') || element.getAttribute('aria-labelledby')
                       || element.textContent.trim())).map(element => element.outerHTML)"""


@pytest.mark.parametrize("path", _PAGES)
def test_what_assistive_technology_needs(browser: Chrome, visit: Callable[[str], None], path: str) -> None:
    visit(path)

    headings = browser.execute_script(_HEADINGS)
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    for fault in (_UNLABELLED, _REPEATED_IDS, _DANGLING, _NAMELESS):
        assert browser.execute_script(fault) == []
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    assert len(browser.find_elements(By.CSS_SELECTOR, "main, header nav")) == 2
    assert browser.title.endswith("tenantctl sandbox")
    assert browser.find_elements(By.TAG_NAME, "script") == []


@pytest.mark.parametrize("path", _PAGES)
def test_nothing_is_cut_off_on_a_phone(browser: Chrome, visit: Callable[[str], None], path: str) -> None:
    phone = {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    visit(path)

    assert browser.execute_script("return document.documentElement.scrollWidth") == 320


def test_the_dark(browser: Chrome, visit: Callable[[str], None]) -> None:
    visit("/")
    light = browser.execute_script(_COLOURS)
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)

    assert browser.execute_script(_COLOURS) != light


_COLOURS = (
    "const style = getComputedStyle(document.documentElement); return [style.color, style.backgroundColor]"
)
