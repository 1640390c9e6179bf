"""The promised path: nodes in time, the value expected between them, and its inverse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

TOLERANCE = 1e-9
"""Slack for comparing sums of decimal fractions, in the units compared."""


class Node(NamedTuple):
    """A dated value of the path."""

    tau: float
    value: float


@dataclass(frozen=True, slots=True)
class Trajectory:
    """A path through baseline, milestones and target.

    ``linear`` runs straight between nodes, ``step`` keeps the last node whose date has come,
    ``geometric`` grows at a constant rate and falls back to linear nowhere: values of one sign
    without 0 are a rule of the registry (METHOD, "Paths").
    """

    nodes: tuple[Node, ...]
    """In strictly increasing time."""
    path: str = "linear"
    integer: bool = False
    """True where only whole things count: the expected value is rounded in the target's disfavour."""

    @property
    def baseline(self) -> Node:
        """First node."""
        return self.nodes[0]

    @property
    def target(self) -> Node:
        """Last node."""
        return self.nodes[-1]

    @property
    def direction(self) -> int:
        """+1 where the target lies above the baseline, −1 where below (METHOD's d)."""
        return 1 if self.target.value > self.baseline.value else -1

    def at(self, tau: float) -> float:
        """E(τ) before rounding: baseline before the first node, target after the last."""
        if tau <= self.baseline.tau:
            return self.baseline.value
        for left, right in pairwise(self.nodes):
            if tau < right.tau:
                return self._between(left, right, tau)
        return self.target.value

    def expected(self, tau: float) -> float:
        """E(τ); for whole things rounded down where the path grows, up where it falls."""
        value = self.at(tau)
        if not self.integer:
            return value
        whole = math.floor if self.direction > 0 else math.ceil
        return float(whole(value + self.direction * TOLERANCE))

    def _between(self, left: Node, right: Node, tau: float) -> float:
        if self.path == "step":
            return left.value
        share = (tau - left.tau) / (right.tau - left.tau)
        if self.path == "geometric":
            return left.value * (right.value / left.value) ** share
        return left.value + (right.value - left.value) * share

    def reached_at(self, value: float) -> float | None:
        """First τ at which the path stands at ``value``; None outside the path's values."""
        if abs(value - self.baseline.value) <= TOLERANCE:
            return self.baseline.tau
        for left, right in pairwise(self.nodes):
            low, high = sorted((left.value, right.value))
            if low - TOLERANCE <= value <= high + TOLERANCE and left.value != right.value:
                return self._inverse(left, right, value)
        return None

    def _inverse(self, left: Node, right: Node, value: float) -> float:
        if self.path == "step":
            return left.tau if abs(value - left.value) <= TOLERANCE else right.tau
        if self.path == "geometric":
            share = math.log(value / left.value) / math.log(right.value / left.value)
        else:
            share = (value - left.value) / (right.value - left.value)
        return left.tau + share * (right.tau - left.tau)

    def months_ahead(self, value: float, tau: float) -> float | None:
        """Time gap L = 12 (E⁻¹(y) − τ) in months, positive: ahead; None where the path never stands at ``value``.

        Where the path stands at ``value`` for a while (whole things until the next whole number, a
        step, a flat stretch) it is 0 throughout that window, else the distance to it. Steps are lots:
        between two of them there is no moment at which so much was due.
        """
        window = self._window(value)
        if window is None:
            return None
        opens, closes = window
        if tau < opens:
            return 12 * (opens - tau)
        return 12 * (closes - tau) if tau > closes else 0.0

    def _window(self, value: float) -> tuple[float, float] | None:
        if self.path == "step":
            times = [node.tau for node in self.nodes if abs(node.value - value) <= TOLERANCE]
            past = [node.tau for node in self.nodes if self.direction * (node.value - value) > TOLERANCE]
            return (min(times), min(past, default=math.inf)) if times else None
        opens = self.reached_at(value)
        if opens is None:
            return None
        if not self.integer:
            return opens, max([opens, *(node.tau for node in self.nodes if abs(node.value - value) <= TOLERANCE)])
        following = self.reached_at(value + self.direction)
        return opens, math.inf if following is None else following

    def next_node(self, tau: float) -> Node | None:
        """First node after ``tau``."""
        return next((node for node in self.nodes if node.tau > tau + TOLERANCE), None)

    @property
    def turns_back(self) -> bool:
        """True where a plan moves away from its target first: one value then stands for several times."""
        return any(self.direction * (late.value - early.value) < -TOLERANCE for early, late in pairwise(self.nodes))

    def rung(self, tau: float) -> Node:
        """Last node whose date has come; the baseline before the first milestone."""
        due = [node for node in self.nodes if node.tau <= tau + TOLERANCE]
        return due[-1] if due else self.baseline
