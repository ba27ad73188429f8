"""Whether people can read the page: contrasts as WCAG 2.2 computes them, in the light and in the dark."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

_STYLE = (files("tenantctl.sandbox.page") / "style.css").read_text(encoding="utf-8")
_LIGHT, _DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", _STYLE, re.DOTALL)
)
_TEXT, _LARGE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11


def _luminance(colour: str) -> float:
    """Return the relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_how_contrast_is_computed() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_both_schemes_have_every_colour() -> None:
    assert set(_LIGHT) == set(_DARK)
    assert set(re.findall(r"var\(--([\w-]+)\)", _STYLE)) - {"sans", "mono"} <= set(_LIGHT)
    assert not re.search(r"#[0-9a-f]{3,8}\b", re.sub(r":root \{.*?\}", "", _STYLE, flags=re.DOTALL))


@pytest.mark.parametrize("scheme", [_LIGHT, _DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", 7.0),
        ("ink", "panel", 7.0),
        ("muted", "paper", _TEXT),
        ("muted", "panel", _TEXT),
        ("accent", "paper", _TEXT),
        ("accent", "panel", _TEXT),
        ("on-accent", "accent", _TEXT),
        ("fault", "paper", _TEXT),
        ("fault", "panel", _TEXT),
        ("edge", "paper", _LARGE),
    ],
)
def test_contrast(scheme: dict[str, str], front: str, back: str, least: float) -> None:
    assert contrast(scheme[front], scheme[back]) >= least
