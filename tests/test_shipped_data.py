"""The data that ships: clean, complete, traced, and never smaller than it was."""

import csv
import io
import json
import os
import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from builders import SAMPLE

from loaders.assessment import assess
from loaders.dataset import load_dataset
from loaders.observations import COLUMNS
from loaders.published_values import marks, read_values
from loaders.registry import FILE_NAME, parse_registry
from loaders.schema import DICTIONARY_FILE, SCHEMA_FILE, schema_text, with_dictionary
from loaders.traceability import plain, read_published
from loaders.yaml_source import read_yaml

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
SOURCES = Path(os.environ.get("KPI_SOURCES", ROOT.parent / "shared" / "sources"))
GOALS = {"strategy-2019": 68, "strategy-2024": 38, "rnd-policy-2025": 3, "pledge-2025": 3, "action-plan-2025": 2}
"""Goals per document as read; a document may gain entries and never lose one."""
ANNOUNCED = 17
HEADLINES = {"strategy-2019": 9, "strategy-2024": 14, "rnd-policy-2025": 2, "pledge-2025": 3, "action-plan-2025": 1}
"""Headline versions per document: coverage never shrinks."""


@pytest.fixture(scope="module")
def shipped():
    return load_dataset(DATA)


def test_no_problem_at_all(shipped):
    assert [str(issue) for issue in shipped.report] == []


def test_every_headline_goal_is_there(shipped):
    found = dict.fromkeys(HEADLINES, 0)
    for target in shipped.registry.targets:
        for version in target.versions:
            if target.headline and version.document in found:
                found[version.document] += 1
    assert {name: count for name, count in HEADLINES.items() if found[name] < count} == {}


def stated(registry):
    """Goals of each document."""
    return Counter(version.document for target in registry.targets for version in target.versions)


def lost(registry, wanted=GOALS):
    """Documents with fewer goals than were read in them, and by how many."""
    found = stated(registry)
    return {name: count - found[name] for name, count in wanted.items() if found[name] < count}


def test_no_document_loses_an_entry(shipped):
    assert lost(shipped.registry) == {}
    announced = [one.id for one in shipped.registry.documents if one.type == "announcement"]
    versions = [one for target in shipped.registry.targets for one in target.versions if one.document in announced]
    assert len(versions) >= ANNOUNCED


@pytest.mark.parametrize(
    ("target", "documents"),
    [
        ("drug_development_time", {"strategy-2019": 1}),
        ("gwangju_ai_cluster_budget", {"strategy-2019": 1, "strategy-2024": 1}),
    ],
)
def test_control_a_lost_entry_shows(shipped, target, documents):
    fewer = shipped.registry.model_copy(update={"targets": [t for t in shipped.registry.targets if t.id != target]})
    assert lost(fewer, stated(shipped.registry)) == documents


@pytest.mark.parametrize("field", ["document", "lines", "unit"])
def test_an_entry_without_document_lines_or_unit_is_refused(field):
    text = (DATA / FILE_NAME).read_text(encoding="utf-8")
    start = text.index("  - id: drug_development_time\n")
    line = re.compile(rf"^ *(- )?{field}: .*\n", re.MULTILINE).search(text, start)
    kept = "      - path: linear\n" if line[1] else ""
    registry, report = parse_registry(text[: line.start()] + kept + text[line.end() :], FILE_NAME)
    assert [issue.code for issue in report] == ["rule.lines" if field == "lines" else "schema.missing"]
    assert "drug_development_time" not in registry.target
    assert parse_registry(text, FILE_NAME)[1].ok


def test_a_value_without_a_source_is_refused(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    path = next((tmp_path / "data" / "actuals").glob("imd.csv"))
    header, first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = next(csv.reader([first]))
    cells[COLUMNS.index("source")] = ""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    path.write_text("".join([header, out.getvalue(), *rest]), encoding="utf-8")
    assert [issue.code for issue in load_dataset(tmp_path / "data").report] == ["actuals.source"]


def test_every_published_value_serves_a_target(shipped):
    used = {target.series.indicator for target in shipped.registry.targets if target.series}
    used |= {one.indicator for t in shipped.registry.targets if t.series for one in t.series.alternatives}
    assert {item.indicator for item in shipped.observations} - used == set()


def test_announcements_have_an_address(shipped):
    announced = [one for one in shipped.registry.documents if one.type == "announcement"]
    assert announced
    assert all(one.url and not one.file for one in announced)


def test_threads_run_through_the_documents(shipped):
    """Goals that live on: as a later version or as a similar aim measured differently."""
    year = {one.id: one.issued_period.end.year for one in shipped.registry.documents}
    versions = {target.id for target in shipped.registry.targets if len(target.versions) > 1}
    related = {
        (target.id, one.target)
        for target in shipped.registry.targets
        for one in target.related
        if year[target.versions[0].document] != year[shipped.registry.target[one.target].versions[0].document]
    }
    assert len(versions) + len(related) >= 20
    assert {("ai_tech_gap_us", "ai_tech_level"), ("ai_korea_fund", "venture_fund_formation")} <= related


def test_the_gpu_goal_is_one_target_with_two_versions(shipped):
    versions = shipped.registry.target["advanced_gpus"].versions
    assert [(one.document, one.target.value) for one in versions][:2] == [
        ("strategy-2024", 30000),
        ("pledge-2025", 50000),
    ]
    assert versions[1].reason == ["raised"]


@pytest.mark.skipif(not SOURCES.is_dir(), reason=f"the documents' texts are not at {SOURCES} (set KPI_SOURCES)")
def test_every_printed_figure_stands_on_its_lines():
    dataset = load_dataset(DATA, sources=SOURCES)
    assert [str(issue) for issue in dataset.report] == []
    with_text = [
        version
        for target in dataset.registry.targets
        for version in target.versions
        if dataset.registry.document[version.document].file
    ]
    assert dataset.proved == len(with_text)


@pytest.mark.skipif(not SOURCES.is_dir(), reason=f"the documents' texts are not at {SOURCES} (set KPI_SOURCES)")
def test_control_a_wrong_line_is_found(tmp_path):
    text = (DATA / FILE_NAME).read_text(encoding="utf-8").replace("lines: [283, 300, 301]", "lines: [283, 301]")
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    report = load_dataset(tmp_path, sources=SOURCES).report
    assert [issue.code for issue in report] == ["source.not_on_lines"]


def test_emphasis_and_escapes_are_folded():
    assert plain("**65조원**  규모\\*") == "65조원 규모*"


def test_every_version_is_recorded_as_published(shipped):
    recorded = read_published(DATA)
    current = {(target.id, one.document) for target in shipped.registry.targets for one in target.versions}
    assert set(recorded) == current


def test_every_value_is_recorded_as_published(shipped):
    assert read_values(DATA) == marks(shipped.observations), "run kpi check --record"
    assert not shipped.incomplete


@pytest.mark.parametrize("kept", [0.25, 0.5, 0.9, 0.99])
def test_a_registry_cut_at_a_clean_line_is_incomplete(tmp_path, kept):
    """What a reader sees while an editor rewrites the file in place."""
    shutil.copytree(DATA, tmp_path / "data")
    lines = (DATA / FILE_NAME).read_text(encoding="utf-8").splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if line.startswith("  - id: ")]
    end = max(number for number in starts if number <= kept * len(lines))
    (tmp_path / "data" / FILE_NAME).write_text("".join(lines[:end]), encoding="utf-8")
    cut = load_dataset(tmp_path / "data")
    assert cut.incomplete
    assert {issue.code for issue in cut.report} >= {"rule.version_lost"} or cut.registry is None


def test_a_value_file_that_is_cut_or_gone_is_incomplete(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    path = tmp_path / "data" / "actuals" / "imd.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text("".join(text.splitlines(keepends=True)[:-3]), encoding="utf-8")
    cut = load_dataset(tmp_path / "data")
    assert ([issue.code for issue in cut.report], cut.incomplete) == (["values.lost"], True)
    path.unlink()
    gone = load_dataset(tmp_path / "data")
    assert ({issue.code for issue in gone.report}, gone.incomplete) == ({"values.lost"}, True)


def test_schema_and_dictionary_are_fresh_and_hold_the_registry(shipped):
    assert (DATA / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text(), "run make schema"
    page = (DATA / DICTIONARY_FILE).read_text(encoding="utf-8")
    assert page == with_dictionary(page), "run make schema"
    text = (DATA / FILE_NAME).read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema={SCHEMA_FILE}\n")
    schema = json.loads(schema_text())
    jsonschema.validate(read_yaml(text, FILE_NAME).data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read_yaml(text.replace("kind: level", "kind: levle", 1), FILE_NAME).data, schema)


def test_every_value_has_a_source_and_is_bilingual(shipped):
    for item in shipped.observations:
        assert item.sources, item
        assert all(name and address for name, address in item.sources), item
        assert not item.note or " | " in item.note, item


def test_known_statuses_on_the_day_of_the_first_release():
    """Same data, same day, same answer for ever: on the sample, because a value found later may be older."""
    frozen = load_dataset(SAMPLE)
    assert [str(issue) for issue in frozen.report] == []
    found = {item.id: item for item in assess(frozen.registry, frozen.observations, date(2026, 11, 23))}
    expected = {
        "imd_digital_rank": "regressing",
        "ai_talent": "off_track",
        "ai_unicorns": "on_track",
        "ai_democratic_values_rank": "not_assessable",
        "cyber_security_rank": "not_assessable",
        "private_ai_investment": "not_assessable",
    }
    assert {name: found[name].status.value for name in expected} == expected
    assert found["cyber_security_rank"].current.reason == "series_break"
    assert found["ai_talent"].current.months == pytest.approx(-7.69, abs=0.01)
