"""Faults of values and files that users of other trackers reported, told through `kpi check`, `kpi status` and words."""

import json
from datetime import UTC, date, datetime

import pytest
from builders import a_data_folder, a_target, a_version, csv_text, row
from click.testing import CliRunner

from dashboard import cli
from dashboard.wording.catalog import Words
from dashboard.wording.sentences import Speaker
from loaders import plausible
from loaders.assessment import assess
from loaders.dataset import load_dataset
from loaders.domain import own_years
from loaders.ledger import clock

TODAY = date(2026, 11, 27)
ANNUAL = "{{indicator: {id}, frequency: annual, release_lag_days: 90, grace_days: 30{more}}}"
HUNDRED = "{value: 100, due: 2030, comparator: at_least}"
UNITS = """\
  - {id: won, name: {ko: 원, en: KRW}, style: currency, base: KRW}
  - {id: thousand, name: {ko: 천명, en: thousand people}, scale: 1000}
"""


def goal(id, target=HUNDRED, baseline="{value: 0, period: 2020}", more="", **fields):
    own = {"unit": "percent", "series": ANNUAL.format(id=id, more=more)}
    own |= {key: fields.pop(key) for key in ("unit", "kind", "measure", "series") if key in fields}
    return a_target(id, a_version(baseline=baseline, target=target, **fields), **own)


@pytest.fixture
def told(tmp_path, monkeypatch):
    """The data folder of some targets and rows, and what the command line says of it on one fixed day."""
    # It is the 27th in Korea already.
    monkeypatch.setattr(clock, "system_clock", lambda: datetime(2026, 11, 26, 17, 47, tzinfo=UTC))

    class Told:
        def __init__(self, *targets, rows=(), issued="2021-06-30", head=""):
            self.folder = a_data_folder(tmp_path / "d", *targets, rows=rows, issued=issued)
            registry = self.folder / "targets.yaml"
            text = registry.read_text("utf-8").replace("targets:\n", f"{UNITS}targets:\n", 1)
            registry.write_text(head + text, "utf-8")

        def run(self, *args):
            result = CliRunner().invoke(cli.main, [args[0], "--data", str(self.folder), *args[1:]])
            assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
            return result

        def check(self):
            result = self.run("check")
            return result.exit_code, [line.split(" ", 2)[1] for line in result.stdout.splitlines()]

        def status(self, as_of="2026-11-27"):
            return {
                one["id"]: one for one in json.loads(self.run("status", "--as-of", as_of, "--format", "json").stdout)
            }

        def table(self, language):
            return self.run("status", "--as-of", TODAY.isoformat(), "--lang", language).stdout

        def headline(self, name, language):
            found = load_dataset(self.folder)
            item = next(one for one in assess(found.registry, found.observations, TODAY) if one.id == name)
            return Speaker(found.registry, Words(language)).headline(item)

    return Told


def test_a_bus_fare_is_not_nothing(told):
    """Amounts below ten thousand won were printed as zero, those above rounded to ten thousand."""
    found = told(
        goal("fare", "{value: 3000, due: 2028, comparator: at_most}", "{value: 4700, period: 2023}", unit="won"),
        goal("wage", "{value: 12000, due: 2028, comparator: at_least}", "{value: 9860, period: 2024}", unit="won"),
        rows=(row("fare", "2025", "4400", published="2026-03"), row("wage", "2026", "10320", published="2025-08")),
    )
    table = found.table("ko")
    assert all(amount in table for amount in ("3,000원 이하", " 4,400원 ", "1만 2,000원", "1만 320원"))
    assert " 0원" not in table
    assert "1,680원" in found.headline("wage", "ko")
    assert "KRW 1,680" in found.headline("wage", "en")


def test_people_counted_in_thousands_are_no_ten_thousands_of_thousands(told):
    found = told(
        goal(
            "employed",
            "{value: 30000, due: 2028, comparator: at_least}",
            "{value: 28416, period: 2023}",
            unit="thousand",
        ),
        rows=(row("employed", "2025", "28900", published="2026-01"),),
    )
    assert "2,890만명" in found.table("ko")
    assert "3,000만명" in found.headline("employed", "ko")
    assert "110만명" in found.headline("employed", "ko")
    assert "28,900 thousand people" in found.table("en")


def test_what_is_left_of_a_goal_is_never_nothing(told):
    found = told(
        goal("share", "{value: 5, due: 2030, comparator: at_least}"),
        rows=(row("share", "2025", "4.96", published="2026-03"),),
    )
    assert "0.04%p" in found.headline("share", "ko")
    assert "4.96%" in found.headline("share", "ko")
    assert "0.04 pp" in found.headline("share", "en")


@pytest.mark.parametrize(("comparator", "start"), [("more_than", "0"), ("less_than", "9")])
def test_a_value_on_the_edge_of_a_strict_goal_has_not_met_it(told, comparator, start):
    target = goal("share", f"{{value: 5, due: 2030, comparator: {comparator}}}", f"{{value: {start}, period: 2020}}")
    found = told(target, rows=(row("share", "2025", "5.0", published="2026-03"),))
    assert found.status()["share"]["status"] == "on_track"
    assert "에 이르렀습니다" not in found.headline("share", "ko")
    assert "is met" not in found.headline("share", "en")


SLIPS = (
    goal("money", "{value: 10, due: 2030, comparator: at_least}", "{value: 1, period: 2020}", unit="krw_trillion"),
    goal("share", "{value: 60, due: 2030, comparator: at_least}", "{value: 30, period: 2022}"),
    goal("ahead"),
)
SLIPPED = (
    row("money", "2024", "4.1", published="2025-01"),
    row("money", "2025", "51000", published="2026-01"),
    row("share", "2024", "41.2", published="2025-03"),
    row("share", "2025", "0.452", published="2026-03"),
    row("ahead", "2025", "50", published="2026-03"),
    row("ahead", "2027", "52", published="2026-04"),
)


def test_a_file_is_asked_what_an_officer_is_asked(told):
    found = told(*SLIPS, rows=SLIPPED)
    assert found.check() == (1, ["actuals.doubt_scale", "actuals.doubt_share", "actuals.future"])
    assert found.status()["ahead"]["observation"]["period"] == "2025"


def test_a_doubt_that_was_looked_at_is_not_asked_again(told):
    """The row says so by the doubt's code; another doubt about it is asked all the same."""
    found = told(*SLIPS, rows=SLIPPED[:-1])
    file = found.folder / "actuals" / "a.csv"
    lines = file.read_text("utf-8").splitlines()
    marked = [f"{line},{'scale' if '51000' in line or '0.452' in line else ''}" for line in lines[1:]]
    file.write_text("\n".join([f"{lines[0]},checked", *marked]) + "\n", "utf-8")
    assert found.check() == (0, ["actuals.doubt_share"])


def test_doubts_alone_are_no_errors(told):
    assert told(*SLIPS, rows=SLIPPED[:-1]).check() == (0, ["actuals.doubt_scale", "actuals.doubt_share"])


def test_control_without_the_question_a_file_slips_through(told, monkeypatch):
    monkeypatch.setattr(plausible, "slips", lambda *_, **__: None)
    assert told(*SLIPS, rows=SLIPPED[:-1]).check() == (0, [])


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        (("4", "41", "45"), []),  # tenfold growth is a success story
        (("4", "41000", "42000"), ["actuals.doubt_scale"]),  # said once: the next value confirms the new level
        (("4", "41000", "4.4"), ["actuals.doubt_scale"]),
        (("4", "-4.1"), ["actuals.doubt_sign"]),
        (("4", "4.1", "4.2", "4.3", "16"), ["actuals.doubt_jump"]),
    ],
)
def test_what_a_series_is_asked(told, values, codes):
    rows = [row("money", str(2020 + n), one, published=f"{2021 + n}-01") for n, one in enumerate(values, 1)]
    target = goal("money", "{value: 10, due: 2030, comparator: at_least}", None, unit="krw_trillion")
    assert told(target, rows=rows).check() == (0, codes)


def test_a_target_without_a_statistic_is_checked_too(told):
    """Eighty-nine shipped targets name no series; their values were held against nothing."""
    rows = (row("share", "2024", "41.2", published="2025-03"), row("share", "2025", "141", published="2026-03"))
    assert told(goal("share", series=None), rows=rows).check()[1] == ["actuals.bounds"]


def test_a_value_for_a_year_that_nobody_has_seen_is_a_thousand_times_the_goal(told):
    rows = (row("money", "2025", "51000", published="2026-03"),)
    target = goal("money", "{value: 10, due: 2030, comparator: at_least}", None, unit="krw_trillion", series=None)
    assert told(target, rows=rows).check() == (0, ["actuals.doubt_goal"])


def test_a_statistic_is_not_out_before_its_year_is(told):
    rows = (row("share", "2025", "41", published="2026-03"), row("share", "2026", "42", published="2026-04"))
    assert told(goal("share", "{value: 60, due: 2030, comparator: at_least}"), rows=rows).check() == (
        0,
        ["actuals.doubt_early"],
    )


def test_nothing_is_known_before_it_is_published(told):
    rows = (
        row("share", "2024", "40", published="2025-03"),
        row("share", "2025", "99", published="2026-12-15", known="2026-11-01"),
    )
    found = told(goal("share"), rows=rows)
    assert found.check() == (1, ["actuals.known_first"])
    assert found.status()["share"]["observation"]["value"] == 40
    assert found.status("2026-12-31")["share"]["observation"]["value"] == 40


def test_a_month_that_contains_both_days_is_no_contradiction(told):
    rows = (row("share", "2024", "40", published="2025-03", known="2025-03-10"),)
    assert told(goal("share"), rows=rows).check() == (0, [])


def test_what_is_hidden_today_is_said_with_its_day(told):
    """A yearbook of 2026 and a plan of 2026 were invisible until December, and nothing said so."""
    found = told(
        goal("plan"),
        a_target("value", a_version("plan-2025"), series="{indicator: value}"),
        rows=(row("plan", "2025", "50", published="2026"),),
        issued="2026",
    )
    result = found.run("check")
    assert result.exit_code == 0
    assert [line.split(" ", 2)[1] for line in result.stdout.splitlines()] == ["actuals.hidden", "rule.not_in_force"]
    assert result.stdout.count("2026 counts from its last day; hidden until 2026-12-31 (today is 2026-11-27)") == 2
    assert set(found.status()) == {"value"}
    assert found.status("2026-12-31")["plan"]["observation"]["value"] == 50


def test_a_value_of_next_month_is_said_to_be_hidden(told):
    found = told(goal("share"), rows=(row("share", "2025", "50", published="2026-12-15"),))
    assert found.check() == (0, ["actuals.hidden"])
    assert found.status()["share"]["reason"] == "no_observation"


SCHOOL = goal(
    "graduates",
    "{value: 50, due: 2026-FY, comparator: at_least}",
    None,
    more=", year_starts: 3",
    kind="cumulative",
    measure="flow",
    unit="company",
    start="2022-FY",
)


def test_a_school_year_ends_in_february(told):
    """Totals over school years could not be written: as full dates a year counted as one day."""
    rows = (
        row("graduates", "2022-FY", "9", published="2023-06"),
        row("graduates", "2023-FY", "10", published="2024-06"),
    )
    found = told(SCHOOL, rows=rows)
    assert found.check() == (0, [])
    then = found.status("2024-11-27")["graduates"]
    assert (then["observation"]["period"], then["due"]) == ("2023-FY", "2027-02-28")
    assert then["progress"] == pytest.approx(19 / 50)
    assert then["observation"]["tau"] == pytest.approx(2024 + 60 / 366)
    assert "2026학년도" in found.headline("graduates", "ko")
    assert "school year 2026/27" in found.headline("graduates", "en")


def test_the_site_declares_its_years_once(told):
    rows = (row("graduates", "2022-FY", "9", published="2023-06"),)
    found = told(SCHOOL.replace(", year_starts: 3", ""), rows=rows, head="site: {year_starts: 3}\n")
    assert found.status("2023-11-27")["graduates"]["observation"]["tau"] == pytest.approx(2023 + 59 / 365)


def test_control_a_school_year_read_as_a_calendar_year_ends_too_early(told, monkeypatch):
    monkeypatch.setattr(own_years, "told", lambda text, _: text)
    rows = (row("graduates", "2022-FY", "9", published="2023-06"),)
    assert told(SCHOOL, rows=rows).status("2023-11-27")["graduates"]["observation"]["tau"] == 2023.0


def test_what_came_in_on_one_day_joins_no_total(told):
    rows = (row("graduates", "2023-02-28", "9", published="2023-06"),)
    assert told(SCHOOL, rows=rows).check() == (0, ["actuals.doubt_day"])


def test_a_total_may_be_published_as_one_value(told):
    total = goal(
        "doctor",
        "{value: 364, due: 2020, comparator: at_least}",
        None,
        kind="cumulative",
        measure="flow",
        unit="company",
        start="2018",
    )
    found = told(total, rows=(row("doctor", "2018..2020", "360", published="2021-03"),), issued="2017-12-31")
    assert found.check() == (0, [])
    then = found.status()["doctor"]
    assert (then["status"], then["observation"]["period"]) == ("missed", "2018..2020")
    assert then["gap_to_target"] == 4
    assert "2018~2020년" in found.headline("doctor", "ko")


def test_a_mean_of_three_years_compares_with_means_of_three_years(told):
    """A single year that ends on the same day is another statistic."""
    mean = goal("deaths", "{value: 20, due: 2028..2030, comparator: at_most}", "{value: 42, period: 2018..2020}")
    rows = (
        row("deaths", "2021..2023", "36", published="2024-06"),
        row("deaths", "2022..2024", "34", published="2025-06"),
        row("deaths", "2024", "50", published="2025-06"),
    )
    found = told(mean, rows=rows)
    assert found.check() == (0, [])
    then = found.status("2025-12-01")["deaths"]
    assert (then["observation"]["period"], then["observation"]["value"], then["due"]) == (
        "2022..2024",
        34,
        "2030-12-31",
    )


def test_a_mean_is_asked_for_by_its_due_date_too(told):
    mean = goal("deaths", "{value: 20, due: 2028..2030, comparator: at_most}", None, more=", statistic: average")
    rows = (row("deaths", "2022..2024", "34", published="2025-06"), row("deaths", "2024", "50", published="2025-06"))
    found = told(mean, rows=rows).status("2025-12-01")["deaths"]
    assert found["observation"]["period"] == "2022..2024"


def test_published_digits_are_kept(told):
    """Seven decimals were "not a plain decimal number"; rounding by hand moved ε and left the source."""
    rows = (
        row("recycling", "2024", "0.0000007", published="2025-01"),
        row("recycling", "2025", "40.35801527835693", published="2026-01"),
    )
    found = told(goal("recycling"), rows=rows)
    assert "actuals.number" not in found.check()[1]
    assert found.check()[0] == 0
    assert found.status()["recycling"]["observation"]["value"] == 40.35801527835693
    assert "40.35801527835693%" in found.table("ko")


def test_a_row_with_too_many_digits_says_so(told):
    found = told(goal("share"), rows=(row("share", "2025", "40.358015278356931234", published="2026-01"),))
    assert found.check() == (1, ["actuals.too_fine"])
    assert "17 digits in all" in found.run("check").stdout


def test_values_that_nobody_reads_are_named(told):
    found = told(goal("factories"), rows=(row("factory", "2025", "50", published="2026-01"),))
    (found.folder / "actuals" / "late.CSV").write_text(csv_text(), "utf-8")
    assert found.check() == (1, ["actuals.unknown_indicator", "file.unread"])
