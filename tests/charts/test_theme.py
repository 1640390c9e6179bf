"""Colours reach their contrast and every surface draws from the same tokens."""

import pytest

from dashboard.charts import theme
from loaders.domain.method.status import Status


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_text_and_marks_reach_four_and_a_half_to_one(dark):
    colours = theme.tokens(dark)
    for colour in (colours.ink, colours.muted, colours.focus, *colours.status.values()):
        assert contrast(colour, colours.surface) >= 4.5, colour


def test_contrast_is_measured_as_published():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#0B5CAD", "#FFFFFF") == pytest.approx(6.7, abs=0.05)
    assert contrast("#3DD6A5", "#0F141A") == pytest.approx(10.0, abs=0.05)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_colour_a_shape_and_a_property(status):
    for dark in (False, True):
        assert f"--kpi-{status}:{theme.tokens(dark).status[status]};" in theme.css(dark)
    assert theme.SHAPES[status].startswith("M")


def test_plotly_draws_from_the_same_tokens():
    layout = theme.plotly_template(True).layout
    assert (layout.paper_bgcolor, layout.font.color) == (theme.DARK.surface, theme.DARK.ink)
    assert layout.font.family == theme.FONT
