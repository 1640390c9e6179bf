"""Numbers at the ends of what is taken: nothing overflows, and one bad target takes nothing else with it."""

import io
import math
import zipfile
from datetime import date

import pytest
from builders import a_registry, a_target, a_version, observed, registry_text, row
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.status_output import write_status
from loaders import assessment, countable
from loaders.assessment import assess
from loaders.countable import assess_countable
from loaders.dataset import Dataset
from loaders.diagnostics import Report
from loaders.domain.method.trajectory import Node, Trajectory
from loaders.domain.vocabulary import LARGEST, SMALLEST
from loaders.exports.tables import observation_rows, status_rows, to_csv, to_xlsx, version_rows
from loaders.record import record
from loaders.registry import parse_registry

DAY = date(2026, 11, 27)
ENDS = st.sampled_from([0.0, SMALLEST, -SMALLEST, LARGEST, -LARGEST, 1e-9, 1.0, 999_999_999_999_999.0])
NUMBERS = ENDS | st.floats(-LARGEST, LARGEST).filter(lambda value: not value or abs(value) >= SMALLEST)
KINDS = st.sampled_from(["level", "rank", "maintain", "limit", "cumulative", "recurring"])
PATHS = st.sampled_from(["linear", "step", "geometric"])
CELLS = st.sampled_from(["0", "0.000001", "-0.000001", "999999999999999", "-999999999999999", "1", "12.3"])


def numbers_of(told):
    for value in told.values():
        if isinstance(value, dict):
            yield from numbers_of(value)
        elif isinstance(value, float):
            yield value


def yaml_number(value):
    """As a registry may hold it: YAML wants a point and a signed exponent."""
    mantissa, _, exponent = repr(float(value)).partition("e")
    point = mantissa if "." in mantissa else f"{mantissa}.0"
    whole, _, decimals = point.partition(".")
    return f"{whole}.{decimals[:12]}" + (f"e{int(exponent):+d}" if exponent else "")


@st.composite
def promises(draw):
    """A target whose numbers stand in the order that its kind asks for, so that most of them are served."""
    kind, falling = draw(KINDS), draw(st.booleans())
    start, middle, goal = sorted(draw(st.lists(NUMBERS, min_size=3, max_size=3)), reverse=falling or kind == "rank")
    steps = f"[{{value: {yaml_number(middle)}, due: 2024-06-30}}]" if kind in ("level", "rank") else "[]"
    comparator = "at_most" if falling or kind == "rank" else "at_least"
    version = a_version(
        baseline=f"{{value: {yaml_number(start)}, period: 2019}}",
        milestones=steps,
        target=f"{{value: {yaml_number(goal)}, due: {draw(st.sampled_from([2025, 2027]))}, comparator: {comparator}}}",
        path=draw(PATHS),
        start="2019",
    )
    series = "{indicator: t, frequency: annual, release_lag_days: 90}"
    integer = str(draw(st.booleans())).lower()
    return registry_text(a_target("t", version, kind=kind, unit="year", series=series, integer=integer))


@settings(max_examples=300, deadline=None)
@given(promises(), st.lists(CELLS, min_size=1, max_size=6))
def test_no_number_overflows_anywhere(text, cells):
    registry, _ = parse_registry(text, "t.yaml")
    rows = observed(*(row("t", str(2020 + number), cell) for number, cell in enumerate(cells)))
    found = assess(registry, rows, DAY)
    for item in found:
        assert all(math.isfinite(value) for value in numbers_of(record(item)))
    to_xlsx({"status": status_rows(found, registry), "versions": version_rows(found), "values": observation_rows(rows)})


def test_control_without_the_bounds_a_path_overflows():
    path = Trajectory((Node(2020.0, 1e-300), Node(2030.0, 1e300)), "geometric", integer=True)
    with pytest.raises((OverflowError, ValueError)):
        path.expected(2025.0)
    inside = Trajectory((Node(2020.0, SMALLEST), Node(2030.0, LARGEST)), "geometric", integer=True)
    assert math.isfinite(inside.expected(2025.0))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1.0e+300", "schema.magnitude"),
        ("-1.7e+308", "schema.magnitude"),
        ("1.0e+16", "schema.magnitude"),
        ("1.0e-300", "rule.too_small"),
        ("1.0e+15", None),
        ("1.0e-16", None),
        ("0", None),
    ],
)
@pytest.mark.parametrize("field", ["baseline", "milestones", "target", "plan"])
def test_magnitudes_are_bounded(field, value, code):
    texts = {
        "baseline": f"{{value: {value}, period: 2019}}",
        "milestones": f"[{{value: {value}, due: 2027}}]",
        "target": f"{{value: {value}, due: 2030, comparator: at_least}}",
        "plan": f"[{{value: {value}, period: 2026}}]",
    }
    _, report = parse_registry(registry_text(a_target("t", a_version(**{field: texts[field]}))), "t.yaml")
    told = {issue.code for issue in report} & {"schema.magnitude", "rule.too_small"}
    assert told == ({code} if code else set())


def test_a_scale_may_be_larger_than_a_value():
    text = registry_text().replace("scale: 1.0e+12", "scale: 1.0e+20")
    assert parse_registry(text, "t.yaml")[1].ok


def test_what_no_file_may_hold_is_replaced():
    odd = a_registry(a_target()).targets[0].versions[0].model_copy(update={"as_printed": "10\uffff개\x07"})
    (item,) = assess(a_registry(a_target()), [], DAY)
    rows = [version_rows([item])[0] | {"as_printed": odd.as_printed}]
    assert "10\ufffd개\ufffd" in to_csv(rows).decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(to_xlsx({"versions": rows}))) as parts:
        assert not any("\uffff".encode() in parts.read(name) for name in parts.namelist())


TWO = a_registry(a_target("bad"), a_target("good"))
VALUES = observed(row("bad", "2025", "2"), row("good", "2025", "3"))


def failing(function):
    """``function`` as it would be if the numbers of the target "bad" could not be worked out."""

    def careless(*args):
        if any(getattr(one, "id", "") == "bad" for one in args):
            raise OverflowError("too large")
        return function(*args)

    return careless


def test_a_target_that_cannot_be_assessed_is_left_out_and_named(monkeypatch, caplog):
    monkeypatch.setattr(assessment, "_assess", failing(assessment._assess))
    found, left_out = assess_countable(TWO, VALUES, DAY)
    assert ([item.id for item in found], left_out) == (["good"], {"bad": "OverflowError: too large"})
    assert "bad is left out: OverflowError: too large" in caplog.text
    with pytest.raises(OverflowError):
        assess(TWO, VALUES, DAY)


@pytest.mark.parametrize("form", ["json", "csv", "table"])
@pytest.mark.parametrize("odd", ["raised", "infinite"])
def test_the_command_line_prints_the_others_and_says_which_is_missing(form, odd, monkeypatch, capsys):
    if odd == "raised":
        monkeypatch.setattr(countable, "record", failing(record))
    else:
        monkeypatch.setattr(
            countable, "record", lambda item: record(item) | ({"progress": math.inf} if item.id == "bad" else {})
        )
    dataset = Dataset(TWO, tuple(VALUES), Report())
    text = write_status(dataset, DAY, form, "en")
    assert ("good" in text, "bad" in text) == (True, False)
    assert capsys.readouterr().err.startswith("bad is left out: ")


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("write", [to_csv, lambda rows: to_xlsx({"a": rows})], ids=["csv", "xlsx"])
def test_no_file_holds_a_number_that_is_none(value, write):
    with pytest.raises(ValueError, match="is no number"):
        write([{"id": "t", "progress": value}])
