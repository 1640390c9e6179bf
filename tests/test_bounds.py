"""Files that nobody should hand in: refused early, with few words, in little time and memory.

The product promises 2 s and 150 MB for `kpi check` on anything under 16 MB (measured on a quiet machine). The
limits here leave ten times the typical time and room for another interpreter, so that they hold on a busy one.
"""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from builders import a_target, csv_text, registry_text, row

from loaders import observations
from loaders.dataset import load_dataset
from loaders.diagnostics import ENOUGH, MOST
from loaders.observations import COLUMNS, MAX_ROWS
from loaders.registry import parse_registry
from loaders.yaml_plain import MAX_PART

MIB = 2**20
SECONDS, MEGABYTES = 20, 180
HEAD = registry_text()
CSV = ",".join(COLUMNS) + "\n"

REGISTRIES = {
    "junk lines": lambda: HEAD + "".join(f"junk {n} x\n" for n in range(MIB)),
    "unknown sections": lambda: HEAD + "".join(f"k{n}: x\n" for n in range(MIB)),
    "100,000 unknown fields": lambda: HEAD + "".join(f"    f{n}: 1\n" for n in range(100_000)),
    "90 unknown fields in each of 1,000 targets": lambda: registry_text(
        *(a_target(f"t_{n}") + "".join(f"        g{m}: 1\n" for m in range(90)) for n in range(1_000))
    ),
    "long names": lambda: registry_text(
        *(a_target(f"t_{n}", name=f"{{ko: {'가' * 15_000}, en: x}}") for n in range(300))
    ),
    "one long key": lambda: HEAD + "    ? " + "k" * (15 * MIB) + "\n    : 1\n",
    "one long value": lambda: HEAD + "note: " + "x" * (15 * MIB) + "\n",
    "deep nesting": lambda: HEAD + "note: " + "[" * (15 * MIB) + "\n",
    "a list without an end": lambda: HEAD + "note: [" + "1," * (7 * MIB) + "]\n",
    "two million empty targets": lambda: HEAD + "  - {}\n" * (2 * MIB),
    "one key 700,000 times": lambda: HEAD + "    unit: company\n" * 700_000,
    "one id 20,000 times": lambda: HEAD.replace(
        "units:\n", "units:\n" + "  - {id: company, name: {ko: a, en: b}}\n" * 20_000
    ),
}
TABLES = {
    "8 million lines of junk": lambda: CSV + "x\n" * (8 * MIB - 100),
    "16 million blank lines": lambda: CSV + "\n" * (16 * MIB - 1_000),
    "one line of commas": lambda: CSV + "a," * (8 * MIB - 100),
    "a header of 8 million columns": lambda: "a," * (8 * MIB - 100) + "\n",
    "a cell of 15 MB": lambda: CSV + row("unicorns", "2024", "3", note="x" * (15 * MIB)) + "\n",
    "a quote that never ends": lambda: CSV + '"' + "a\n" * (8 * MIB - 100),
    "as many wrong rows as are read": lambda: CSV + (row("unicorns", "2024", "x") + "\n") * (MAX_ROWS - 2),
    "as many conflicts as rows": lambda: csv_text(*(row("unicorns", "2024", str(n)) for n in range(MAX_ROWS - 2))),
    "as many unknown indicators as rows": lambda: csv_text(*(row(f"u{n}", "2024", "3") for n in range(MAX_ROWS - 2))),
}


def a_folder(path, registry=HEAD, table=CSV):
    (path / "actuals").mkdir(parents=True)
    (path / "targets.yaml").write_text(registry, encoding="utf-8")
    (path / "actuals" / "a.csv").write_text(table, encoding="utf-8")
    return path


PEAK = """
import atexit, re, sys
from pathlib import Path
from dashboard.cli import main
peak = lambda: re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
atexit.register(lambda: print(peak(), file=sys.stderr))
main(["check", "--data", sys.argv[1]])
"""
"""`kpi check`, which tells its own peak at the end: what the system says of a child counts its parent's too."""


def check(folder):
    """Exit code, what was printed, and the child's seconds and megabytes."""
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-c", PEAK, folder], capture_output=True, timeout=3 * SECONDS, check=False)
    return done.returncode, done.stdout, time.monotonic() - begin, int(done.stderr.split()[-1]) / 1024


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the peak memory of a child is read from /proc, which Linux has"
)
@pytest.mark.parametrize("shape", [*REGISTRIES, *TABLES])
def test_a_file_of_this_shape_is_refused_in_time(tmp_path, shape):
    registry = REGISTRIES[shape]() if shape in REGISTRIES else HEAD
    folder = a_folder(tmp_path / "d", registry, TABLES[shape]() if shape in TABLES else CSV)
    code, printed, seconds, megabytes = check(folder)
    print(f"{shape}: {seconds:.2f} s, {megabytes:.0f} MB, {len(printed):,} bytes")
    assert code in (1, 2)
    assert 1 <= printed.count(b"\n") <= MOST
    assert len(printed) < 150_000
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


def report_of(registry=HEAD):
    return parse_registry(registry, "t.yaml")


def test_a_report_of_many_problems_counts_them_all():
    found, report = report_of(registry_text(*(a_target(f"t_{n}", kind="levle") for n in range(300)), a_target("good")))
    assert (len(report), report.error_count, report.rest) == (MOST, 300, 100)
    assert [target.id for target in found.targets] == ["good"]


def test_what_is_full_of_errors_is_not_read_to_its_end():
    fields = "".join(f"        g{m}: 1\n" for m in range(90))
    found, report = report_of(registry_text(*(a_target(f"t_{n}") + fields for n in range(200))))
    assert found is None
    assert ENOUGH <= report.error_count < ENOUGH + 90


def test_control_without_the_bound_it_is(monkeypatch):
    from loaders import diagnostics

    monkeypatch.setattr(diagnostics, "ENOUGH", 10**9)
    fields = "".join(f"        g{m}: 1\n" for m in range(90))
    assert report_of(registry_text(*(a_target(f"t_{n}") + fields for n in range(200))))[1].error_count == 18_000


def test_an_entry_may_be_large_and_not_enormous():
    lines = f"[{', '.join(['1'] * (MAX_PART - 200))}]"
    text = HEAD.replace("lines: [1]", f"lines: {lines}")
    assert report_of(text)[1].ok
    assert [one.code for one in report_of(text.replace("lines: [", f"lines: [{'1, ' * 400}"))[1]] == ["yaml.too_much"]


def test_rows_of_all_files_count_together(tmp_path, monkeypatch):
    monkeypatch.setattr(observations, "MAX_FILES", 5)
    folder = a_folder(tmp_path / "d", table=csv_text(*(row("unicorns", str(year), "3") for year in range(2000, 2008))))
    for name in ("b", "c"):
        (folder / "actuals" / f"{name}.csv").write_text(csv_text(row("unicorns", "2020", "3")), encoding="utf-8")
    assert load_dataset(folder).report.ok
    assert [(one.code, Path(one.place.path).name) for one in load_dataset(folder, most_rows=12).report] == [
        ("file.too_many_lines", "c.csv")
    ]
    for number in range(9):
        (folder / "actuals" / f"d{number}.csv").write_text(CSV, encoding="utf-8")
    assert [one.code for one in load_dataset(folder).report] == ["file.too_many"]


def test_bytes_of_all_files_count_together(tmp_path, monkeypatch):
    folder = a_folder(tmp_path / "d", table=csv_text(row("unicorns", "2024", "3")))
    (folder / "actuals" / "b.csv").write_text(csv_text(row("unicorns", "2025", "3")), encoding="utf-8")
    size = (folder / "actuals" / "a.csv").stat().st_size
    monkeypatch.setattr(observations, "MAX_BYTES", 2 * size)
    assert load_dataset(folder).report.ok
    monkeypatch.setattr(observations, "MAX_BYTES", 2 * size - 1)
    assert [one.code for one in load_dataset(folder).report] == ["file.too_large"]


def test_targets_that_share_a_series_are_asked_once():
    targets = [a_target(f"t_{n}", series="{indicator: unicorns}") for n in range(50)]
    found, report = report_of(registry_text(*targets))
    rows = observations.read_observations(csv_text(row("unicorns", "2024", "-3")).encode(), "a.csv", report)
    observations.check_observations(found, rows, report)
    assert [one.code for one in report] == ["actuals.bounds"]
