"""METHOD's worked examples: target, observations, and every column of the table."""

from __future__ import annotations

from builders import a_target, a_version, row

GPU = "{value: 1961, period: 2023}"
HALF = {"milestones": "[{value: 5, due: 2027}]"}
GAP = {
    "baseline": "{value: 1.3, period: 2022}",
    "milestones": "[{value: 1.0, due: 2027}]",
    "target": "{value: 0.5, due: 2030, comparator: at_most}",
}
PLAN = (
    "[{value: 12.8, period: 2024}, {value: 14.9, period: 2025}, {value: 19, period: 2026}, {value: 18.2, period: 2027}]"
)


def _gpus(goal: int) -> str:
    return a_version(baseline=GPU, target=f"{{value: {goal}, due: 2030, comparator: at_least}}")


def _share(start: int) -> str:
    return a_version(baseline=f"{{value: 28, period: {start}}}", target="{value: 70, due: 2030, comparator: at_least}")


def _flows() -> dict[str, str]:
    version = a_version(baseline=None, plan=PLAN, target="{value: 65, due: 2027, comparator: at_least}")
    return {"version": version, "kind": "cumulative", "measure": "flow", "unit": "krw_trillion"}


RANK = {
    "baseline": "{value: 6, period: 2023}",
    "milestones": "[{value: 4, due: 2027}]",
    "target": "{value: 3, due: 2030, comparator: at_most}",
}

# number: (version, fields of the target, observations, expected columns of the table)
EXAMPLES: dict[str, tuple[str, dict[str, str], list[tuple[str, str]], dict[str, object]]] = {
    "1a": (
        _gpus(30000),
        {},
        [("2025", "13000")],
        {
            "progress": 0.3937,
            "expected": 9972.14,
            "delivery_ratio": 1.3780,
            "deviation": 3027.86,
            "months": 9.07,
            "status": "on_track",
            "eurostat_ratio": 3.3048,
        },
    ),
    "1b": (
        _gpus(30000),
        {},
        [("2025", "6000")],
        {
            "progress": 0.1440,
            "expected": 9972.14,
            "delivery_ratio": 0.5042,
            "deviation": -3972.14,
            "months": -11.90,
            "status": "off_track",
            "eurostat_ratio": 1.5723,
            "disagrees": True,
        },
    ),
    "1c": (
        _gpus(50000),
        {},
        [("2025", "13000")],
        {
            "progress": 0.2298,
            "expected": 15686.43,
            "delivery_ratio": 0.8043,
            "deviation": -2686.43,
            "months": -4.70,
            "status": "needs_acceleration",
        },
    ),
    "2a": (
        _share(2022),
        {"unit": "percent"},
        [("2024", "35")],
        {
            "progress": 0.1667,
            "expected": 38.5,
            "delivery_ratio": 0.6667,
            "deviation": -3.5,
            "months": -8.00,
            "status": "needs_acceleration",
            "eurostat_ratio": 0.9726,
            "disagrees": True,
        },
    ),
    "2b": (
        _share(2023),
        {"unit": "percent"},
        [("2024", "35")],
        {
            "progress": 0.1667,
            "expected": 34.0,
            "delivery_ratio": 1.1667,
            "deviation": 1.0,
            "months": 2.00,
            "status": "on_track",
        },
    ),
    "3a": (
        a_version(**HALF),
        {"integer": "true"},
        [("2025", "2")],
        {
            "progress": 0.2,
            "expected": 2,
            "delivery_ratio": 1.0,
            "deviation": 0,
            "months": 0,
            "status": "on_track",
            "eurostat_ratio": None,
        },
    ),
    "3b": (
        a_version(**HALF),
        {"integer": "true"},
        [("2025", "0")],
        {
            "progress": 0,
            "expected": 2,
            "delivery_ratio": 0,
            "deviation": -2,
            "months": -14.40,
            "status": "off_track",
            "eurostat_ratio": None,
        },
    ),
    "4a": (
        a_version(**GAP),
        {"unit": "year"},
        [("2024", "1.2")],
        {
            "progress": 0.125,
            "expected": 1.18,
            "delivery_ratio": 0.8333,
            "deviation": -0.02,
            "months": -4.00,
            "status": "needs_acceleration",
            "eurostat_ratio": 0.3485,
            "disagrees": True,
        },
    ),
    "4c": (
        a_version(**GAP),
        {"unit": "year"},
        [("2024", "1.4")],
        {
            "progress": -0.125,
            "expected": 1.18,
            "delivery_ratio": -0.8333,
            "deviation": -0.22,
            "months": None,
            "status": "regressing",
        },
    ),
    "5": (
        a_version(**RANK),
        {"kind": "rank", "unit": "rank"},
        [("2025", "5")],
        {
            "expected": 6,
            "status": "on_track",
            "progress": None,
            "delivery_ratio": None,
            "months": None,
            "gap_to_target": 2,
        },
    ),
    "7a": (
        _flows()["version"],
        {"kind": "cumulative", "unit": "krw_trillion"},
        [("2024", "11.0"), ("2025", "15.5")],
        {
            "progress": 0.4077,
            "expected": 27.7,
            "delivery_ratio": 0.9567,
            "deviation": -1.2,
            "status": "on_track",
            "required_pace_final": 19.25,
        },
    ),
    "8": (
        _share(2022),
        {"unit": "percent"},
        [("2022", "28"), ("2023", "31"), ("2024", "35"), ("2025", "38")],
        {
            "progress": 0.2381,
            "expected": 43.75,
            "delivery_ratio": 0.6349,
            "deviation": -5.75,
            "months": -13.14,
            "status": "needs_acceleration",
            "recent_pace": 3.4167,
            "acceleration": 1.87,
        },
    ),
    "9": (_share(2022), {"unit": "percent"}, [("2023-Q1", "29")], {"status": "too_early", "progress": 0.0238}),
}
"""Example 9 stands at τ = 2023.25 in METHOD; the nearest period is the first quarter (τ = 2023.2466)."""


def target_of(number: str) -> str:
    version, fields, _, _ = EXAMPLES[number]
    return a_target(f"example_{number}", version, **fields)


def rows_of(number: str) -> list[str]:
    _, _, points, _ = EXAMPLES[number]
    return [row(f"example_{number}", period, value) for period, value in points]


def tolerance(expected: float) -> float:
    """Half of the last printed digit."""
    text = f"{expected}"
    return 0.5 * 10.0 ** -len(text.partition(".")[2]) + 1e-9
