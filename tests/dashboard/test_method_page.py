"""The method page: every formula and every word of the vocabularies explained, every example equal to its record."""

import ast
import html
import re
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest
from builders import a_data_folder, a_registry, a_target, a_version, observed, row
from streamlit.testing.v1 import AppTest

from dashboard import context, server
from dashboard.components import examples, glossary, prose
from dashboard.components.outcome_pictures import DUE, GOAL, PICTURES
from dashboard.components.scene import Scene
from dashboard.state import Request
from dashboard.wording.catalog import Words, catalog
from dashboard.wording.sentences import Speaker
from loaders import undefined
from loaders.assessment import assess
from loaders.changes import Cause
from loaders.domain.method import outcome
from loaders.domain.method.projection import Unprojected, Verdict
from loaders.domain.method.status import Overlay, Reason, Status
from loaders.domain.model import Comparator, Kind
from loaders.path_names import PathName, path_name
from loaders.record import record

DAY = date(2026, 11, 23)
HELP = Path(context.__file__).parent / "help"
FORMULAS = {
    "progress": lambda now: now.progress,
    "expected-progress": lambda now: now.expected_progress,
    "gap": lambda now: now.gap_to_target,
    "deviation": lambda now: now.deviation,
    "ratio": lambda now: now.delivery_ratio,
    "months": lambda now: now.months,
    "factor": lambda now: now.acceleration,
}
"""Sections that show one number of the record, and which."""
SECTIONS = (
    *(
        "what",
        "thresholds",
        "time",
        "path",
        "path-linear",
        "path-step",
        "path-geometric",
        "path-whole",
        "numbers",
        "required-pace",
    ),
    *("recent-pace", "too-early", "gate", "kinds", "relative", "overlays", "crosschecks", "staleness", "projection"),
    *(
        "values",
        "comparators",
        "outcome",
        "absence",
        "flips",
        "versions",
        "adding-up",
        "changes",
        "undefined",
        *FORMULAS,
    ),
)
VOCABULARIES = {
    "status": Status,
    "reason": Reason,
    "overlay": Overlay,
    "verdict": Verdict,
    "unprojected": Unprojected,
    "cause": Cause,
    "kind": Kind,
    "comparator": Comparator,
    "outcome": outcome.Verdict,
}


pytestmark = pytest.mark.usefixtures("sample")


@pytest.fixture
def page(monkeypatch):
    """Draws the method page and gives its markup."""
    seen: list[str] = []

    class Painter:
        def __call__(self, data, key=None):
            seen.append(data)

    monkeypatch.setattr("dashboard.components.markup._painter", Painter)

    def drawn(language="ko", as_of="2026-11-23"):
        seen.clear()
        test = AppTest.from_file(str(Path(server.SCRIPT)), default_timeout=120)
        test.query_params["lang"], test.query_params["as_of"] = language, as_of
        test.switch_page("views/method.py")
        test.run()
        assert not test.exception, test.exception
        return next(one for one in seen if "kpi-prose" in one)

    return drawn


def section(text, anchor):
    """Markup from the heading ``anchor`` up to the next heading."""
    return re.split(r"<h[23] id=", text.split(f'id="{anchor}">', 1)[1])[0]


def entry(text, anchor):
    """The explanation in a list of members."""
    (found,) = re.findall(rf'<div id="{anchor}"><dt>.*?</dt><dd>(.*?)</dd>', text)
    return plain(re.sub(r"<small.*", "", found))


def plain(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def number(text):
    """The first number of an English text."""
    return float(re.search(r"[+−]?[\d,]+(?:\.\d+)?", text)[0].replace("−", "-").replace(",", ""))


def worked_out(markup):
    """What the printed formula gives when it is really worked out."""
    text = html.unescape(re.sub(r"<sup>(.*?)</sup>", r"**(\1)", markup).replace(",", ""))
    for sign, operator in (("−", "-"), ("×", "*")):
        text = text.replace(sign, operator)
    assert re.fullmatch(r"[\d.()+*/ -]+", text), text
    return eval(text, {"__builtins__": {}})


def sums(text):
    """(formula, result) of every example in ``text`` that is worked out."""
    return re.findall(r"(?:<p>|<dd>)([^<]*(?:<sup>[^<]*</sup>[^<]*)*) = <strong>(.*?)</strong>", text)


def shown_target(text):
    (name,) = re.findall(r"/target\?[^\"]*id=(\w+)", text)
    return {item.id: item for item in context.assessments(DAY)}[name]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_section_is_there_once_and_in_the_contents(page, language):
    text = page(language)
    for anchor in SECTIONS:
        assert len(re.findall(rf'<h[23] id="{anchor}">', text)) == 1, anchor
    titles = re.findall(r'<h2 id="([a-z-]+)">', text)
    assert re.findall(r'<li><a href="#([a-z-]+)">', text) == titles
    assert len(re.findall(r"\bid=\"", text)) == len(set(re.findall(r"\bid=\"([^\"]+)\"", text))), "an id twice"
    assert "{" not in plain(text)
    assert "**" not in text
    assert "&lt;" not in re.sub(r"(&lt;) (max|\d)", "", text)


def test_both_languages_have_the_same_sections_formulas_and_places():
    ko, en = (re.split(r"\n\n+", (HELP / f"method.{one}.md").read_text(encoding="utf-8")) for one in ("ko", "en"))

    def shape(blocks):
        kinds = {"<a id": lambda b: b.split("\n")[0], "<!--": str, ">": lambda b: f"{b.count(chr(10)) + 1} lines"}
        return [next((of(b) for start, of in kinds.items() if b.strip().startswith(start)), "text") for b in blocks]

    assert [one.strip() for one in shape(ko)] == [one.strip() for one in shape(en)]


@pytest.mark.parametrize("anchor", FORMULAS)
def test_the_printed_result_is_the_number_of_the_assessment(page, anchor):
    text = section(page("en"), anchor)
    wanted = FORMULAS[anchor](shown_target(text).current)
    ((formula, result),) = sums(text)
    assert number(result) == pytest.approx(wanted, rel=1e-3, abs=0.51 if abs(wanted) > 1000 else 0.005)
    assert worked_out(formula) == pytest.approx(wanted, rel=1e-3, abs=0.005)


def test_a_promised_path_and_a_straight_line_have_an_example_each(page):
    """Each names the path of its own target: the line of ours is no promise."""
    text = section(page("en"), "path-linear")
    declared, straight = text.split('<div class="kpi-example">')[1:]
    for box, name in ((declared, PathName.DECLARED), (straight, PathName.STRAIGHT)):
        item = {one.id: one for one in context.assessments(DAY)}[re.search(r"[?;&]id=(\w+)", box)[1]]
        assert path_name(item.target, item.version) is name
        ((formula, result),) = sums(box)
        assert number(result) == pytest.approx(item.current.expected, rel=1e-3, abs=0.51)
        assert worked_out(formula) == pytest.approx(item.current.expected, rel=1e-3, abs=0.51)


MADE_UP = [key for key in catalog("ko") if key.startswith("method.made_up.")]
EQUATION = re.compile(r"((?:\d[\d.]*|\()[\d. ()+−×/]*[+−×/][\d. ()+−×/]*) = ([\d.]+)")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_made_up_examples_work_out_and_one_stands_for_every_kind(language):
    assert {f"method.made_up.{one}" for one in Kind} <= set(MADE_UP)
    checked = 0
    for key in MADE_UP:
        for formula, result in EQUATION.findall(Words(language)(key).rstrip(".")):
            places = len(result.rstrip(".").partition(".")[2])
            assert round(worked_out(formula), places) == float(result.rstrip(".")), key
            checked += 1
    assert checked >= 7


@pytest.mark.parametrize("language", ["ko", "en"])
def test_terms_are_words_first_and_codes_second(page, language):
    text = page(language)
    for name in ("reason", "comparator", "outcome", "verdict", "unprojected", "cause"):
        for one in VOCABULARIES[name]:
            (term,) = re.findall(rf'<div id="{name}-{one}"><dt>(.*?)</dt>', text)
            word = plain(term.split("<small", 1)[0])
            assert word and "_" not in word, (name, one)
            assert f"<code>{one}</code>" in term
            assert bool(re.search("[가-힣]", word)) is (language == "ko"), (name, one)


def test_every_outcome_has_a_picture_that_shows_what_its_words_say(page):
    text = page("en")
    assert set(PICTURES) == set(outcome.Verdict)
    for one, drawn in PICTURES.items():
        (term,) = re.findall(rf'<div id="outcome-{one}"><dt>(.*?)</dt>', text)
        assert Words("en")(f"method.outcome.{one}.picture") in html.unescape(term)
        at_due = [y <= GOAL for x, y in drawn.values if x == DUE]
        later = [y <= GOAL for x, y in drawn.values if x > DUE]
        expected = {
            "kept": ([True], []),
            "kept_late": ([False], [False, True]),
            "date_unproven": ([], [True]),
            "broken": ([False], []),
        }
        assert (at_due, later) == expected.get(one, ([], []))
        assert (drawn.unknown == DUE) is (one in ("date_unproven", "awaiting", "unknown"))


def test_past_days_are_judged_by_the_method_in_force_and_the_old_text_is_linked(page):
    text = section(page("ko"), "versions")
    assert "지난 날도 모두 지금 효력이 있는 방법으로 판정" in plain(text)
    assert '<a href="/method?as_of=2026-11-23&amp;version=1" target="_self">방법 제1판</a>' in text
    assert 'href="/method?as_of=2026-11-23&amp;lang=en&amp;version=1"' in page("en")
    assert "](" not in page("en")


def test_a_wrong_formula_would_be_noticed(page):
    """Control: the same check on a formula with another number put in."""
    text = section(page("en"), "ratio")
    ((formula, result),) = sums(text)
    broken = formula.replace("13,000", "14,000")
    assert broken != formula
    assert worked_out(broken) != pytest.approx(number(result), rel=1e-3)


def test_longer_examples_work_out_too(page):
    text = page("en")
    pace = section(text, "required-pace")
    now = shown_target(pace).current
    assert [number(result) for _, result in sums(pace)] == [
        pytest.approx(one, abs=0.05) for one in (now.required_pace_next, now.required_pace_final)
    ]
    checks = section(text, "crosschecks")
    check = shown_target(checks).current.crosscheck
    own = shown_target(checks).current.delivery_ratio
    for (formula, result), wanted in zip(sums(checks), (own, check.eurostat_ratio, check.unsd_share), strict=True):
        assert number(result) == pytest.approx(wanted, abs=5e-5)
        assert worked_out(formula) == pytest.approx(wanted, rel=2e-3)
    projected = section(text, "projection")
    item = next(one for one in context.assessments(DAY) if one.id == "ai_unicorns")
    drift, centre, half = sums(projected)
    assert worked_out(drift[0]) == pytest.approx(item.projection.drift.per_year, rel=1e-3)
    assert worked_out(centre[0]) == pytest.approx(item.projection.centre, rel=1e-3)
    assert number(half[1]) == pytest.approx(item.projection.centre - item.projection.low, abs=0.05)
    assert "%" not in plain(projected).split("If the present trend continues")[1].split("80 %")[0], (
        "no chance in percent"
    )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_member_of_every_vocabulary_is_explained(page, language):
    text = page(language)
    for name, members in VOCABULARIES.items():
        for one in members:
            said = plain(section(text, f"kind-{one}")) if name == "kind" else entry(text, f"{name}-{one}")
            assert len(said) >= 8, (name, one)
            if language == "ko":
                assert re.search("[가-힣]", said), (name, one)


def test_a_new_member_without_an_explanation_fails(monkeypatch):
    """Control: the lists follow the code."""

    class Longer(StrEnum):
        STALE = "stale"
        BAD_WEATHER = "bad_weather"

    scene = a_scene(a_registry())
    for name, build in (("Reason", glossary.reasons), ("Overlay", glossary.overlays), ("Cause", glossary.causes)):
        monkeypatch.setattr(glossary, name, Longer)
        with pytest.raises(KeyError):
            build([], scene)


def test_every_reason_for_a_missing_number_is_explained(page):
    source = ast.parse(Path(undefined.__file__).read_text(encoding="utf-8"))
    returned = [
        one for node in ast.walk(source) if isinstance(node, ast.Return) and node.value for one in ast.walk(node)
    ]
    compared = {id(one) for node in returned if isinstance(node, ast.Compare) for one in ast.walk(node)}
    texts = [node.value for node in returned if isinstance(node, ast.Constant) and id(node) not in compared]
    codes = {text for text in texts if isinstance(text, str) and "_" in text}
    assert {"no_baseline", "must_turn_round", "outside_the_path"} <= codes
    for day in (date(2020, 6, 30), date(2024, 12, 31), DAY):
        codes |= {code for item in context.assessments(day) for code in record(item)["undefined"].values()}
    text = page()
    for code in codes:
        where = [name for name in ("undefined", "reason", "unprojected") if f'<div id="{name}-{code}">' in text]
        assert where, code
        assert glossary.undefined_word(code, Words("ko"))


def a_scene(registry, language="ko"):
    return Scene(Speaker(registry, Words(language)), Request(language, DAY, None))


def a_day(*targets, rows=(), language="ko"):
    registry = a_registry(*targets)
    found = assess(registry, observed(*rows), DAY)
    return examples.examples(found, [], a_scene(registry, language))


def test_judged_targets_come_first_then_headlines_then_the_order_of_the_registry():
    names = ("first", "second", "third", "fourth")
    targets = [a_target(name, headline="true" if name in ("third", "fourth") else None) for name in names]
    rows = [row(name, "2025", "2") for name in ("first", "second", "fourth")]
    day = a_day(*targets, rows=rows)
    assert [item.id for item, _ in day.found] == ["fourth", "first", "second", "third"]
    assert examples.pick(day, ["ratio"])[0].id == "fourth"
    assert "id=fourth" in examples.example(day, ["progress"])


def test_where_nothing_serves_the_page_says_so():
    none = Words("ko")("method.example.none")
    assert none == "지금 등록된 목표 가운데 예가 없습니다."
    day = a_day(a_target("first"))
    assert none in examples.example(day, ["ratio"])
    made_up = Words("ko")("method.made_up")
    assert made_up.startswith("지어낸 숫자로 보면")
    assert made_up in examples.kind_example(day, "ladder", ["weight_done"])
    assert made_up in examples.example(day, ["expected_growth"])
    assert "1개 등록되어 있지만" in examples.kind_example(day, "level", ["ratio"])
    assert "id=first" in examples.kind_example(day, "level", ["ratio"])
    quiet = ("projection", "flips", "goalposts", "relative", "change", "crosschecks", "freshness", "time")
    for name in quiet:
        assert none in examples.SHOWN[name](day), name


STEPS = (
    "[{name: {ko: 법안, en: Bill}, weight: 0.25, due: 2024}, {name: {ko: 개소, en: Opening}, weight: 0.75, due: 2028}]"
)
SHAPES = {
    "expected_step": (
        a_target("a", a_version(path="step", milestones="[{value: 4, due: 2024}]")),
        [row("a", "2025", "2")],
        "= <strong>4개</strong>",
    ),
    "expected_growth": (
        a_target("a", a_version(path="geometric", baseline="{value: 1, period: 2023}"), unit="percent"),
        [row("a", "2025", "2")],
        "1 × (10 / 1)<sup>(2026 − 2024) / (2031 − 2024)</sup> = <strong>1.9%</strong>",
    ),
    "too_early": (
        a_target("a", a_version(target="{value: 100, due: 2030, comparator: at_least}"), unit="percent"),
        [row("a", "2024-01", "0.4")],
        "&lt; max(0.05, 0.05 × |100 − 0|) → <strong>아직 이름</strong>",
    ),
}


@pytest.mark.parametrize("key", SHAPES)
def test_paths_and_moments_that_the_shipped_registry_lacks(key):
    target, rows, said = SHAPES[key]
    assert said in examples.example(a_day(target, rows=rows), [key])


def test_kinds_that_the_shipped_registry_cannot_judge_yet():
    ladder = a_target(
        "law",
        a_version(baseline=None, steps=STEPS, target="{value: 1, due: 2028, comparator: at_least}"),
        kind="ladder",
    )
    limit = a_target(
        "cost",
        a_version(baseline=None, start="2024", target="{value: 17, due: 2030, comparator: at_most}"),
        kind="limit",
    )
    day = a_day(ladder, limit, rows=[row("law", "2025", "0.25"), row("cost", "2025", "15")], language="en")
    assert "Σ w P = <strong>0.25</strong>" in examples.kind_example(day, "ladder", ["weight_done", "weight_due"])
    assert "−(15 − 17) = <strong>+2 companies</strong>" in examples.kind_example(day, "limit", ["margin"])


def test_the_page_stands_without_targets_and_with_other_thresholds(page, tmp_path):
    early = page(as_of="2019-01-01")
    assert early.count("지금 등록된 목표 가운데 예가 없습니다.") > 20
    folder = a_data_folder(tmp_path / "d", a_target(), rows=(row("unicorns", "2025", "2"),))
    registry = folder / "targets.yaml"
    changed = (
        registry.read_text(encoding="utf-8")
        .replace("on_track: 0.95", "on_track: 0.83")
        .replace("version: 1", "version: 7")
    )
    registry.write_text(changed, encoding="utf-8")
    context.use_folder(folder)
    text = plain(page())
    assert "제7판" in text
    assert "ρ가 0.83 이상이면 정상" in text


def test_the_text_is_escaped_and_its_few_forms_are_understood():
    text = '<a id="one"></a>\n## One <script>\n\n> x<sup>2</sup>\n> {half}\n\n- **a** `b`\n- [c](#one)\n\n<!-- show: me too -->'
    (found,) = prose.sections(text, {"half": "0.5"}, lambda name, args: f"[{name} {args}]")
    assert (found.anchor, found.title) == ("one", "One <script>")
    assert found.body == (
        '<h2 id="one">One &lt;script&gt;</h2><p class="kpi-formula">x<sup>2</sup><br>0.5</p>'
        "<ul><li><strong>a</strong> <code>b</code></li><li><a href=\"#one\">c</a></li></ul>[show ['me', 'too']]"
    )
