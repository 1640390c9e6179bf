"""What an assessment says, in words: used alike by cards, pages and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboard.wording.catalog import Words
from dashboard.wording.format import (
    computed_text,
    date_text,
    difference_text,
    period_text,
    share_text,
    value_text,
    whole_months,
)
from dashboard.wording.number import is_short
from loaders.assessment import Assessment
from loaders.changes import Change
from loaders.domain.method.case import due_date
from loaders.domain.method.comparison import BANDED
from loaders.domain.method.judgement import Judgement
from loaders.domain.method.outcome import Verdict
from loaders.domain.method.status import ASSESSED, Group, Overlay, Reason, Status
from loaders.domain.model import Comparator, Document, Kind, Registry, Target, Unit, Version
from loaders.domain.observation import Observation
from loaders.domain.period import parse_period
from loaders.lineage import Link
from loaders.path_names import asked_since, path_name
from loaders.responsibility import answering, of_the_day, publisher

ABSENCES = (Reason.NO_STATISTIC, Reason.NO_OBSERVATION, Reason.OUTCOME_UNKNOWN, Reason.SINGLE_POINT)
"""Reasons that say that something was not found: they name the search."""
DELIVERED = (Kind.BINARY, Kind.LADDER)
"""Kinds whose value is the share of what was promised that is done."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A registry and a language: all that is needed to put an assessment into words."""

    registry: Registry
    words: Words

    @property
    def language(self) -> str:
        """ "ko" or "en"."""
        return self.words.language

    def unit(self, target: Target) -> Unit:
        """The target's unit."""
        return self.registry.unit[target.unit]

    def name(self, target: Target) -> str:
        """The target's name."""
        return target.name(self.language)

    def value(self, target: Target, number: float | Decimal, *, decimals: int | None = None) -> str:
        """A value of the target with its unit and its digits; the share that is done for deliverables."""
        if target.kind in DELIVERED:
            return share_text(number)
        return value_text(number, self.unit(target), self.language, decimals=decimals)

    def observed(self, target: Target, seen: Observation) -> str:
        """A published value as it was published: 39.0 stays 39.0."""
        return self.value(target, seen.as_published)

    def latest(self, item: Assessment) -> str:
        """The value that is judged: as published, or the total that it belongs to."""
        seen, value = item.current.observation, item.current.value
        if seen is not None and (value is None or value == seen.value):
            return self.observed(item.target, seen)
        return "" if value is None else self.value(item.target, value)

    def computed(self, target: Target, number: float) -> str:
        """A computed value, rounded where it is long, but never to a goal of the target that it is not."""
        if target.kind in DELIVERED:
            return self.value(target, number)
        goals = [one.target.value for one in target.versions if one.target is not None and one.target.value is not None]
        if number in goals or is_short(number):
            return self.value(target, number)
        return computed_text(number, self.unit(target), self.language, goals)

    def difference(self, target: Target, number: float, *, sign: bool = True) -> str:
        """A difference of two values."""
        if target.kind in DELIVERED:
            lead = "+" if sign and number > 0 else ""
            return f"{lead}{share_text(number)[:-1]}{'%p' if self.language == 'ko' else ' pp'}"
        return difference_text(number, self.unit(target), self.language, sign=sign)

    def period(self, target: Target, period: str) -> str:
        """A reference period; an edition's year for ranks and indices."""
        edition = target.measure in ("rank", "index") or target.kind in (Kind.RANK, Kind.MAINTAIN)
        return period_text(period, self.language, edition=edition)

    def ministry(self, target: Target, day: date | None = None) -> str:
        """Short name of who answers for the goal, on ``day`` where one is given; that nobody is stated."""
        name = answering(target)
        if name is None:
            return self.words("overview.unknown_ministry")
        found = of_the_day(self.registry, name, day) if day is not None else [self.registry.ministry[name]]
        return " · ".join((one.short or one.name)(self.language) for one in found)

    def publisher(self, target: Target) -> str:
        """Who publishes the statistic; that nobody is known to."""
        found = publisher(target)
        return found(self.language) if found is not None else self.words("agenda.no_producer")

    def set_by(self, target: Target) -> str:
        """Short name of the ministry that led the goal when it was set; that its document names none."""
        if target.lead is None:
            return self.words("overview.unknown_ministry")
        one = self.registry.ministry[target.lead]
        return (one.short or one.name)(self.language)

    def document(self, version: Version) -> str:
        """Short name of a version's document."""
        return short_document(self.registry.document[version.document], self.language)

    def status(self, item: Assessment) -> str:
        """The status word; kept values, limits, a result that nobody found and a missing statistic have their own."""
        if item.group in (Group.OUTCOME_UNKNOWN, Group.NO_STATISTIC):
            return self.words(f"status.{item.group}")
        return status_word(item.target.kind, item.status, self.words)

    def goal(self, target: Target, version: Version) -> str:
        """The target value with its comparator: at least 30,000 GPUs."""
        goal = version.target
        if goal is None:
            return self.words("status.superseded" if target.superseded_by else "status.dropped")
        if target.kind in DELIVERED:
            return self.words("card.all_done")
        if goal.low is not None and goal.high is not None:
            return self.words("card.range", low=self.value(target, goal.low), high=self.value(target, goal.high))
        if goal.value is None:
            return goal.relative(self.language) if goal.relative else self.words("target.fact.undefined")
        text = self.value(target, goal.value)
        plain = target.kind in (Kind.RANK, Kind.MAINTAIN) or (
            target.kind in (Kind.LEVEL, Kind.CUMULATIVE) and goal.comparator is Comparator.AT_LEAST
        )
        if plain or goal.comparator in (Comparator.EQUAL, Comparator.EXACT):
            return text
        return self.words(f"card.{goal.comparator}", value=text)

    def due(self, version: Version) -> str:
        """The due date in words; that there is none, where there is none."""
        goal = version.target
        if goal is None or goal.due is None:
            return self.words("card.no_due")
        if len(goal.due) == 4:
            return f"{goal.due}년" if self.language == "ko" else goal.due
        return period_text(goal.due, self.language)

    def reason(self, item: Assessment) -> str:
        """Why the target cannot be judged, in a whole sentence; of an absence also where it was searched for."""
        reason = item.current.reason or Reason.NO_OBSERVATION
        seen = item.current.observation
        if reason is Reason.SINGLE_POINT and seen is not None:
            said = self.words("reason.single_point", period=self.period(item.target, seen.period.text))
        elif reason is Reason.SINGLE_POINT:
            said = self.words("reason.single_point.plain")
        elif reason is Reason.OUTCOME_UNKNOWN and (due := due_date(item.version)) is not None:
            said = self.words("reason.outcome_unknown.due", due=date_text(due, self.language))
        else:
            said = self.words(f"reason.{reason}")
        return f"{said} ({self.searched(item.target, item.as_of)})" if reason in ABSENCES else said

    def searched(self, target: Target, day: date) -> str:
        """When and where a value was last searched for by ``day``; that nobody had searched yet.

        Nobody is accused of a silence that is ours: only a search made can say that nothing was found.
        """
        made = [*target.searched, *(target.series.searched if target.series else [])]
        made = [one for one in made if parse_period(one.on).end <= day]
        if not made:
            return self.words("searched.not_yet")
        last = max(made, key=lambda one: parse_period(one.on).end)
        day = date_text(parse_period(last.on).end, self.language)
        return self.words("searched.on", date=day, where=last.where(self.language))

    def changed(self, version: Version) -> str:
        """What a version changed ("상향, 연기"); empty for the first one."""
        return ", ".join(self.words(f"reason_version.{reason}") for reason in version.reason)

    def line(self, target: Target, version: Version, place: str = "path") -> str:
        """What a version's path is called: the promised one, or a line of ours ("chart.path": on a chart)."""
        return self.words(f"{place}.{path_name(target, version)}")

    def lag(self, item: Assessment, *, dated: bool = True) -> str:
        """Months early or late, or what stands in their place.

        ``dated`` names the value's own period, which must be said once wherever months are counted.
        """
        special = self._lag_without_months(item)
        if special is not None:
            return special
        now, path = item.current, item.current.trajectory
        if self._overshot(item) and now.gap_to_target is not None:
            return self.words("lag.off_target", gap=self.difference(item.target, abs(now.gap_to_target), sign=False))
        if now.months is not None:
            return self._counted_in_months(item, now.months, dated=dated)
        if path is None or now.value is None:
            return self.words("months.below.plain")
        if path.turns_back and item.status is Status.ON_TRACK:
            return self._dated(item, "on", dated=dated)
        if _passed(item):
            return self.words("months.beyond")
        if item.status is not Status.REGRESSING and now.deviation is not None:
            size = self.difference(item.target, abs(now.deviation), sign=False)
            return self._dated(item, "more" if now.deviation >= 0 else "less", dated=dated, size=size)
        start = item.version.baseline
        if start is None:
            return self.words("months.below.plain")
        return self.words("months.below", value=self.value(item.target, start.value), period=start.period[:4])

    def _counted_in_months(self, item: Assessment, months: float, *, dated: bool) -> str:
        count = whole_months(months)
        if count:
            return self._dated(item, "ahead" if months > 0 else "behind", dated=dated, count=count)
        # A short way may be badly behind within a month: nobody is told that it is on its path then.
        short = months < 0 and item.status in (Status.NEEDS_ACCELERATION, Status.OFF_TRACK)
        return self._dated(item, "under_a_month" if short else "on", dated=dated)

    def _dated(self, item: Assessment, key: str, *, dated: bool, count: int = 0, **values: str) -> str:
        seen = item.current.observation
        said = {"line": self.line(item.target, item.version), **values}
        text = self.words.counted(f"months.{key}", count, **said) if count else self.words(f"months.{key}", **said)
        if not dated or seen is None:
            return text
        period = self.period(item.target, seen.period.text)
        if self.language == "en" and period.startswith("end of "):
            period = f"end-{period.removeprefix('end of ')}"
        return self.words("months.of", period=period, text=text)

    def _overshot(self, item: Assessment) -> bool:
        """True where a goal with two sides is passed by more than its band: that is as wrong as short of it."""
        goal = item.version.target
        return goal is not None and goal.comparator in BANDED and item.status is Status.OFF_TRACK and _passed(item)

    def since(self, item: Assessment) -> str:
        """That no later value is known, and what the path asks for by now; empty for a recent value."""
        asked = asked_since(item)
        return "" if asked is None else self.words("months.since", value=self.computed(item.target, asked))

    def told(self, item: Assessment) -> str:
        """The lag, and for an old value what would have to be reached by now."""
        since = self.since(item)
        return f"{self.lag(item)}. {since}" if since else self.lag(item)

    def said(self, item: Assessment) -> str:
        """The lag, or the bare reason where there is none: for titles that name the target first."""
        return self.reason(item) if item.status is Status.NOT_ASSESSABLE else self.lag(item)

    def _lag_without_months(self, item: Assessment) -> str | None:
        status, kind, words = item.status, item.target.kind, self.words
        if status is Status.NOT_ASSESSABLE:
            return words("lag.not_assessable", reason=self.reason(item))
        if status is Status.TOO_EARLY and item.current.reason is Reason.NOT_IN_FORCE:
            return words("reason.not_in_force")
        if status is Status.SUPERSEDED:
            found = [self.registry.target.get(name) for name in item.target.superseded_by]
            names = ", ".join(self.name(one) for one in found if one is not None)
            return words("lag.superseded", name=names) if names else words("lag.superseded.unnamed")
        if status in (Status.DROPPED, Status.TOO_EARLY):
            return words(f"lag.{status}")
        if item.current.outcome is not None:
            return self.outcome(item)
        if kind is Kind.RANK:
            return self._rank_lag(item)
        if kind is Kind.MAINTAIN:
            held = item.current.held or 0
            if status is Status.REGRESSING:
                return words("lag.maintain_lost")
            return words("lag.maintain_held", n=held) if held > 1 else words("lag.maintain_held_one")
        if kind is Kind.LIMIT:
            return words("lag.limit_in" if status is Status.WITHIN_LIMIT else "lag.limit_out")
        if status in (Status.WITHIN_LIMIT, Status.EXCEEDED):
            return self._ceiling_lag(item)
        if kind in DELIVERED or item.current.periods_due is not None or item.current.value is None:
            return self._counted_lag(item)
        if status is Status.ACHIEVED and item.current.months is None:
            return words("months.beyond")
        return None

    def outcome(self, item: Assessment) -> str:
        """What became of the promise after its due date."""
        return self.ended(item.target, item.current)

    def ended(self, target: Target, now: Judgement) -> str:
        """What became of one version of a promise; empty while its due date has not passed."""
        found, words, gap = now.outcome, self.words, now.gap_to_target
        if found is None:
            return ""
        if found.verdict is Verdict.WITHDRAWN and found.withdrawn is not None:
            return words("outcome.withdrawn", date=date_text(found.withdrawn, self.language))
        if found.verdict is Verdict.UNKNOWN:
            return words("status.outcome_unknown" if now.reason is Reason.OUTCOME_UNKNOWN else "status.not_assessable")
        if found.verdict is Verdict.AWAITING and found.result_due is not None:
            return words("outcome.awaiting", date=date_text(found.result_due, self.language))
        if found.verdict is Verdict.KEPT_LATE:
            return words("outcome.kept_late", n=found.months_late)
        if found.verdict is Verdict.DATE_UNPROVEN and found.at is not None:
            return words("outcome.date_unproven", date=date_text(found.at, self.language))
        if found.verdict is Verdict.KEPT:
            if found.early and found.at is not None:
                return words("outcome.early", date=date_text(found.at, self.language))
            return words("outcome.kept_limit" if now.status is Status.WITHIN_LIMIT else "outcome.kept")
        if now.periods_due is not None:
            return words("outcome.broken_years", met=now.periods_met, due=now.periods_due)
        if now.status is Status.EXCEEDED:
            return words("lag.limit_out")
        if not gap:  # none, or exactly at a bound that has to be passed
            return words("lag.missed")
        return self._broken(target, now, self.difference(target, abs(gap), sign=False))

    def _broken(self, target: Target, now: Judgement, gap: str) -> str:
        """By how much a value fell short or lies above its target; of which period where none is known of the day."""
        seen = now.observation
        if seen is not None and Overlay.DATE_UNPROVEN in now.overlays:
            key = "outcome.broken_unproven_above" if now.above else "outcome.broken_unproven"
            return self.words(key, period=self.period(target, seen.period.text), gap=gap)
        return self.words("outcome.broken_above" if now.above else "outcome.broken", gap=gap)

    def _ceiling_lag(self, item: Assessment) -> str:
        """A ceiling on a total: how much of it is left, or by how much it is passed."""
        left = item.current.gap_to_target or 0.0
        key = "lag.ceiling_in" if item.status is Status.WITHIN_LIMIT else "lag.ceiling_out"
        return self.words(key, gap=self.difference(item.target, abs(left), sign=False))

    def _counted_lag(self, item: Assessment) -> str:
        """Quotas, deliverables and wholes: how much of what was due is done."""
        now, words = item.current, self.words
        if now.periods_due is not None:
            key = "lag.recurring_met" if item.status is Status.ACHIEVED else "lag.recurring_short"
            return words(key, met=now.periods_met, due=now.periods_due)
        shares = [share_text(one or 0) for one in (now.progress, now.expected_progress)]
        if item.target.kind not in DELIVERED:
            key = "lag.parts" if now.progress is None else "lag.parts_weighted"
            return words(key, done=shares[0], due=shares[1])
        done = item.status is Status.ACHIEVED
        return words("lag.steps_done" if done else "lag.steps", done=shares[0], due=shares[1])

    def _rank_lag(self, item: Assessment) -> str:
        now, words = item.current, self.words
        if item.status is Status.ACHIEVED:
            return words("lag.rank_done")
        if item.status is Status.ON_TRACK or now.value is None or now.expected is None:
            return words("lag.rank_on")
        worse = item.status is Status.REGRESSING and now.trajectory is not None
        from_place = now.trajectory.baseline.value if worse and now.trajectory else now.expected
        places = round(now.value - from_place)
        key = "lag.rank_worse" if worse else "lag.rank_short"
        return words(f"{key}_one") if places == 1 else words(key, n=places)

    def cause(self, change: Change) -> str:
        """Why a status changed, with the value or the document behind it."""
        target, words = change.after.target, self.words
        if change.observation is not None:
            seen = change.observation
            value = "" if seen.value is None else self.observed(target, seen)
            period = self.period(target, seen.period.text)
            return words(f"changes.cause.{change.cause}", value=value, period=period)
        if change.version is not None:
            return words(f"changes.cause.{change.cause}", document=self.document(change.version))
        return words(f"changes.cause.{change.cause}")

    def headline(self, item: Assessment) -> str:
        """One sentence that says it all."""
        target, words, seen = item.target, self.words, item.current.observation
        goal = self._goal_sentence(item)
        if item.status in ASSESSED and item.current.value is None:
            return words("target.sentence.whole", name=self.name(target), lag=self.lag(item), goal=goal)
        if item.status is Status.NOT_ASSESSABLE or seen is None or item.current.value is None:
            return words("target.sentence.unjudged", name=self.name(target), reason=self.said(item), goal=goal)
        return words(
            "target.sentence.judged",
            period=self.period(target, seen.period.text),
            name=self.name(target),
            value=self.latest(item),
            lag=self.lag(item, dated=False),
            rest=goal,
        )

    def _goal_sentence(self, item: Assessment) -> str:
        target, words, gap = item.target, self.words, item.current.gap_to_target
        text, due = self.goal(target, item.version), self.due(item.version)
        dated = item.version.target is not None and item.version.target.due is not None
        if item.version.target is None:
            return ""
        if item.current.outcome is not None:
            return words("target.sentence.was_goal", target=text, due=due)
        if target.kind in (Kind.MAINTAIN, Kind.LIMIT) or item.status in (Status.WITHIN_LIMIT, Status.EXCEEDED):
            return words("target.sentence.keep", target=text)
        if target.kind is Kind.RECURRING and dated:
            return words("target.sentence.yearly", target=text, due=due)
        if self._overshot(item) and gap is not None:
            return words("target.sentence.off", target=text, gap=self.difference(target, abs(gap), sign=False))
        if target.kind in DELIVERED and item.status is not Status.ACHIEVED and dated:
            return words("target.sentence.steps", due=due)
        if gap is None or (gap <= 0 and item.status is not Status.ACHIEVED):  # 5.0 does not keep "more than 5"
            return words("target.sentence.goal" if dated else "target.sentence.goal_no_due", target=text, due=due)
        if gap > 0:
            left = self.difference(target, gap, sign=False)
            key = "target.sentence.gap" if dated else "target.sentence.gap_no_due"
            return words(key, target=text, due=due, gap=left)
        return words("target.sentence.done" if dated else "target.sentence.done_no_due", target=text, due=due)


def _passed(item: Assessment) -> bool:
    now, path = item.current, item.current.trajectory
    return path is not None and now.value is not None and (now.direction or 1) * (now.value - path.target.value) > 0


def status_word(kind: Kind, status: Status, words: Words) -> str:
    """The word for a status; kept values and limits say "held" and "within"."""
    own = f"status.{kind}.{status}"
    return words(own) if words.has(own) else words(f"status.{status}")


def short_document(document: Document, language: str) -> str:
    """A document's short name for narrow places, its title where it has none."""
    return (document.short or document.title)(language)


def day_text(day: date, words: Words) -> str:
    """A day in the words' language."""
    return date_text(day, words.language)


def how_related(link: Link, say: Speaker) -> str:
    """The sentence on how a related target differs; that one replaced the other, where it did."""
    return link.relation.note(say.language) if link.relation is not None else say.words("lineage.handed_on")
