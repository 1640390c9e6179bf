"""What a chart draws follows the rules of the method: breaks, bridges, paths, totals, dates."""

from datetime import date

import pytest
from builders import a_target, a_version, assessed, row

from dashboard.charts.axes import unit_once, value_range, value_ticks, year_ends, year_label
from dashboard.charts.data import Break, Path
from dashboard.charts.from_assessment import chart_data
from loaders.domain.method.trajectory import Node

DAY = date(2026, 6, 1)
TWO = [row("unicorns", "2023", "0"), row("unicorns", "2025", "2")]


def data_of(target, *rows, **more):
    return chart_data(assessed(target, *rows), DAY, **more)


def broken(**fields):
    return (
        "{indicator: unicorns, breaks: [{period: 2025, note: {ko: 바뀜, en: changed}"
        + "".join(f", {k}: {v}" for k, v in fields.items())
        + "}]}"
    )


def test_a_break_cuts_the_line_and_stands_before_the_first_new_value():
    data = data_of(a_target("unicorns", series=broken()), *TWO, row("unicorns", "2024", "1"))
    assert [[point.value for point in run] for run in data.runs] == [[0, 1], [2]]
    (found,) = data.breaks
    assert (found.tau, found.at, found.note.ko) == (2025.0, 2025.5, "바뀜")


def test_a_bridged_break_joins_and_is_not_drawn():
    data = data_of(a_target("unicorns", series=broken(bridge="true")), *TWO)
    assert [len(run) for run in data.runs] == [2]
    assert data.breaks == ()


def test_a_break_that_no_value_has_crossed_is_not_drawn():
    assert data_of(a_target("unicorns", series=broken()), row("unicorns", "2023", "0")).breaks == ()


def test_half_yearly_values_hold_the_break_between_them():
    series = "{indicator: unicorns, breaks: [{period: 2025-H2, note: {ko: 바뀜, en: changed}}]}"
    data = data_of(
        a_target("unicorns", series=series), row("unicorns", "2025-H1", "1"), row("unicorns", "2025-H2", "2")
    )
    (found,) = data.breaks
    assert isinstance(found, Break)
    assert data.points[0].tau < found.at < data.points[1].tau


def test_paths_are_drawn_as_they_are_judged():
    nodes = (Node(2024.0, 1.0), Node(2028.0, 16.0))
    assert Path("d", nodes).corners() == list(nodes)
    assert Path("d", nodes, "step").corners() == [nodes[0], Node(2028.0, 1.0), nodes[1]]
    middle = Path("d", nodes, "geometric").corners()[4]
    assert middle == pytest.approx((2026.0, 4.0))


def test_a_kept_share_is_not_upside_down():
    version = a_version(baseline=None, target="{value: 90, comparator: at_least}")
    target = a_target("share", version, kind="maintain", unit="percent", measure="ratio")
    assert not data_of(target, row("share", "2025", "91")).ranked


def test_a_due_date_without_a_baseline_keeps_its_place():
    data = data_of(a_target("unicorns", a_version(baseline=None)), *TWO)
    assert (data.path, data.goal, data.due) == (None, 10, 2031.0)
    assert data.span() == (2024.0, 2031.0)


def test_a_flow_of_another_scope_is_not_put_beside_a_total():
    version = a_version(baseline=None, start="2024", target="{value: 100, due: 2027, comparator: at_least}")
    target = a_target("money", version, kind="cumulative", unit="krw_trillion", measure="flow")
    data = data_of(target, row("money", "2024", "20"), row("money", "2025", "5", scope="world"))
    assert ([point.value for point in data.points], data.others) == ([20], ())


def test_a_total_ends_with_its_due_date():
    """What was added after it belongs to another promise."""
    version = a_version(baseline=None, start="2024", target="{value: 20, due: 2025, comparator: at_least}")
    target = a_target("money", version, kind="cumulative", unit="krw_trillion", measure="flow")
    rows = [row("money", year, "10", published=f"{int(year) + 1}-01") for year in ("2023", "2024", "2025", "2026")]
    day = date(2028, 1, 1)
    data = chart_data(assessed(target, *rows, as_of=day), day)
    assert [point.value for point in data.points] == [10, 20]


def test_the_due_year_carries_a_tick_named_after_the_year_that_ends():
    data = data_of(a_target("unicorns", a_version(baseline="{value: 0, period: 2015}")), *TWO)
    ends = year_ends(data)
    assert (ends[-1], year_label(2031)) == (2031, "'30")
    assert len(ends) <= 9


def test_stocks_begin_at_zero_ranks_at_the_first_and_shares_stay_within_bounds():
    stock = data_of(a_target("unicorns", a_version(baseline="{value: 8, period: 2023}"), measure="stock"), *TWO)
    assert value_range(stock)[0] == 0
    version = a_version(baseline="{value: 30, period: 2023}", target="{value: 20, due: 2030, comparator: at_most}")
    rank = data_of(a_target("place", version, kind="rank", unit="rank", measure="rank"), row("place", "2025", "25"))
    assert value_ticks(*value_range(rank), rank)[0] == 1
    version = a_version(baseline="{value: 80, period: 2023}", target="{value: 99, due: 2030, comparator: at_least}")
    share = a_target("share", version, unit="percent", measure="ratio")
    data = data_of(share, row("share", "2025", "90"), bounds=(0, 100))
    ticks = value_ticks(*value_range(data), data)
    assert max(ticks) <= 100
    assert min(ticks) > 60


def test_the_nearer_view_holds_the_published_values_and_leaves_out_the_goal():
    version = a_version(baseline="{value: 0, period: 2023}", target="{value: 100, due: 2035, comparator: at_least}")
    data = data_of(a_target("unicorns", version), *TWO)
    near = data.near()
    assert near is not None
    first, last = near.span()
    assert first == min(point.tau for point in data.points)
    assert max(data.today, *(point.tau for point in data.points)) <= last < data.span()[1]
    assert value_range(near)[1] < 0.5 * value_range(data)[1]
    assert all(value_range(near)[0] <= point.value <= value_range(near)[1] for point in data.points)
    assert data_of(a_target("unicorns", version), TWO[0]).near() is None, "one value needs no nearer view"


@pytest.mark.parametrize(
    ("texts", "numbers", "unit"),
    [
        (["0 companies", "3 companies", "12 companies"], ["0", "3", "12"], "companies"),
        (["KRW 0", "KRW 20 trillion"], ["KRW 0", "KRW 20 trillion"], ""),
        (["KRW 20 trillion", "KRW 40 trillion"], ["20", "40"], "KRW trillion"),
        (["0개", "12개"], ["0개", "12개"], ""),
        (["1 company", "2 companies"], ["1 company", "2 companies"], ""),
        (["−5 people", "5 people"], ["−5", "5"], "people"),
    ],
)
def test_a_long_unit_is_written_once(texts, numbers, unit):
    assert unit_once(texts) == (numbers, unit)


def test_without_anything_known_there_is_still_a_picture_to_draw():
    undated = a_version(baseline=None, target="{value: 10, comparator: at_least}")
    data = data_of(a_target("unicorns", undated))
    assert (data.path, data.goal, data.due, data.points, data.is_empty) == (None, 10, None, (), False)
