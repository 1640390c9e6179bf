"""What each kind of goal has to say for itself; `table` lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from loaders.domain.method.case import Case, Result, ending_numbers
from loaders.domain.method.outcome import Outcome, Point
from loaders.domain.method.scan import Flip
from loaders.domain.method.trajectory import Trajectory
from loaders.domain.model import Comparator, Target, Version

COMMON = frozenset({"document", "lines", "as_printed", "target", "scope", "reason", "corrected", "note"})
"""Fields of a version that every kind reads."""
COMMON_GOAL = frozenset({"value", "due", "comparator", "relative"})
"""Fields of a goal that every kind reads."""


@dataclass(frozen=True, slots=True)
class KindRule:
    """One kind: what it reads, its path, its judgement before the due date and its outcome after it."""

    comparators: tuple[Comparator, ...]
    """Comparators that it reads; none where the kind needs none and any is ignored."""
    judge: Callable[[Case], Result]
    """Numbers and status before the due date."""
    outcome: Callable[[Case], Outcome | None]
    """How it ended, asked once the due date has passed; None where it has no date."""
    fields: frozenset[str] = frozenset()
    """Fields of a version that it reads besides those of every kind."""
    goal_fields: frozenset[str] = frozenset()
    """The same of the goal."""
    path: Callable[[Target, Version], Trajectory | None] = lambda target, version: None
    """The path that it promises, for drawing and for the numbers; None where it promises none."""
    flips: Callable[[Case, float], tuple[Flip, ...]] = lambda case, tau: ()
    """Statuses of the next release at ``tau`` and the values from which they hold, before the due date."""
    ending: Callable[[Case, Point], dict] = field(default=ending_numbers)
    """Numbers that are still said after the due date."""
    not_in_force: Callable[[Case], bool] = lambda case: False
    """True before the first day on which it can be judged at all."""
    needs_baseline: bool = False
    """True where no judgement before the due date is possible without a baseline."""
    needs_due: bool = False
    """True where none is possible without a due date."""
    follows_baseline: bool = True
    """True where a value must lie after a stated baseline, because the baseline itself proves nothing."""
