"""The registry's models: what a target is, who leads it and which document set it.

Everything is frozen and strict; an unknown field is an error, because a misspelt field that is
dropped in silence is a number that nobody sees. The attribute docstrings are the one text behind
the JSON schema that editors read and the data dictionary; `loaders.schema` reads them from this
file, because pydantic's own reading of them would cost every start of `kpi check` 40 ms.
"""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool

from loaders.domain.catalogue import Document, Method, Ministry, Pillar, Publisher, Site, Unit
from loaders.domain.vocabulary import (
    Comparator,
    DayText,
    Id,
    Kind,
    Model,
    Month,
    Number,
    PeriodText,
    Reason,
    Reasons,
    ShortText,
    TargetId,
    TargetIds,
    Text,
    Words,
)

__all__ = [
    "Baseline",
    "Break",
    "Comparator",
    "Document",
    "Goal",
    "Kind",
    "Method",
    "Milestone",
    "Ministry",
    "Model",
    "Pillar",
    "Preference",
    "Publisher",
    "Reason",
    "Registry",
    "Scope",
    "Search",
    "Series",
    "Site",
    "SourceOfSeries",
    "Target",
    "Task",
    "Text",
    "Unit",
    "Version",
]


class Baseline(Model):
    """Where the way to the target starts."""

    value: Number
    """Value in the target's unit."""
    period: PeriodText
    """True reference period of the value, not the column it was printed in."""
    assumed: StrictBool = False
    """True where the document prints none but the start is plain, e.g. a programme that begins at zero."""


class Milestone(Model):
    """An interim value and its date."""

    value: Number
    """Value in the target's unit."""
    due: PeriodText
    """Year (its 31 December), half-year, month or day."""


class PlannedFlow(Model):
    """The part of a cumulative total planned for one period."""

    value: Number
    """Flow in the target's unit."""
    period: PeriodText
    """Period in which it is planned."""


class Quota(Model):
    """What a recurring target asks for in one year, where it is not the same every year."""

    value: Number
    """Quota in the target's unit."""
    period: PeriodText
    """First year for which it holds; until the next quota."""


class Step(Model):
    """One dated deliverable of a ladder."""

    name: Text
    """What is delivered."""
    weight: Annotated[Number, Field(gt=0, le=1)]
    """Share of the whole; the weights of a ladder add up to 1."""
    due: PeriodText | None = None
    """When it is due."""


class Goal(Model):
    """The value to be reached."""

    value: Number | None = None
    """Value in the target's unit; for `range` give `low` and `high` instead."""
    low: Number | None = None
    """Lower end of a range."""
    high: Number | None = None
    """Upper end of a range."""
    due: PeriodText | None = None
    """When it is due; left out where the document gives no date."""
    comparator: Comparator
    """Which side of the value keeps the promise."""
    tolerance: Annotated[Number, Field(ge=0)] | None = None
    """For `equal`, `about` and `exact`: how far on either side still keeps it, in the target's unit."""
    ambition: Number | None = None
    """The further end of a band ("40 to 45 %" is at_least 40 with ambition 45); reaching it is said, never asked."""
    relative: Text | None = None
    """The words of a relative goal (15배, 절반, 1/1,000) as stated."""


class Scope(Model):
    """Exactly what is counted."""

    id: Id
    """Observations of another scope are never compared with the target."""
    note: Text | None = None
    """What is inside and outside, in words."""


class Correction(Model):
    """A transcription that proved wrong and was corrected in place; the goal itself did not change."""

    on: DayText
    """Day of the correction."""
    field: ShortText
    """Field, dotted: target.value."""
    was: Any
    """What stood there before."""
    why: Words
    """What was wrong."""


class Search(Model):
    """One search for a published value, so that an absence can be told from a search not made."""

    on: DayText
    """Day of the search."""
    where: Words
    """What was really searched, e.g. stored copies of public pages up to 2026-06."""
    words: Words
    """Words that were searched for."""
    result: Words
    """What was found."""


class Version(Model):
    """A target as one document set it. Never edited once published, only superseded."""

    document: Id
    """The document that set it."""
    lines: Annotated[list[Annotated[int, Field(strict=True, ge=1)]], Field(min_length=1)] = []
    """Lines of the document's text that state it (for an announcement: 1); an act needs none."""
    as_printed: ShortText
    """The figure as printed, no sentences; parts from several places are joined by " | "."""
    target: Goal | None = None
    """The value to be reached; left out only where the version drops the goal."""
    baseline: Baseline | None = None
    """Start value with its true reference period, where the document gives one."""
    milestones: list[Milestone] = []
    """Interim values in time order."""
    plan: list[PlannedFlow] = []
    """Planned flows of a cumulative target, period by period."""
    start: PeriodText | None = None
    """First period of a cumulative or recurring target without a plan; first day on which a limit is in force."""
    quotas: list[Quota] = []
    """For `recurring`: quotas that change from year to year, in time order."""
    steps: list[Step] = []
    """Deliverables of a ladder."""
    path: Literal["linear", "step", "geometric"] = "linear"
    """How the promised path runs between its nodes."""
    buffer: Annotated[Number, Field(ge=0)] = 0
    """For `maintain`: margin below which keeping the value is in danger."""
    scope: Scope | None = None
    """Where this version counts something else than the target's scope."""
    reason: Reasons = []
    """From the second version on: what changed, one word or several."""
    corrected: list[Correction] = []
    """Transcriptions that were corrected in place, oldest first."""
    note: Text | None = None
    """Contradictions in the document, misprints, and which figure counts."""


class Break(Model):
    """A change of method: values from `period` on do not compare with earlier ones."""

    period: PeriodText
    """First period of the new method."""
    bridge: StrictBool = False
    """True where a published bridge makes both sides comparable."""
    note: Text
    """What changed, in words."""


class Preference(Model):
    """Which of several published values for one period counts."""

    period: PeriodText
    """The period with several values."""
    source: ShortText | None = None
    """The source whose value counts, as the observations name it; a revision by it counts too."""
    value: Number | None = None
    """Under method 1, the value that counts."""
    note: Text
    """Why."""


class Alternative(Model):
    """Another published statistic, shown beside the target's and never used for its status."""

    indicator: TargetId
    """Indicator in the observations."""
    name: Text
    """What it measures and how it differs."""
    unit: Id | None = None
    """Its unit where it differs from the target's."""


class SourceOfSeries(Model):
    """Where a connector fetches the series, and how it is read."""

    connector: Id
    """Name of the statistics service."""
    dataset: ShortText
    """Table or data flow there."""
    key: ShortText | None = None
    """Key of the series within it."""
    filters: dict[str, str | list[str]] = {}
    """Dimensions that are held fixed."""
    unit_map: dict[str, str] = {}
    """The service's unit codes to units of this file."""
    multiplier: Number = 1
    """Factor from the published value to the target's unit."""
    period_rule: ShortText | None = None
    """How the service's periods are read."""
    flag_map: dict[str, str] = {}
    """The service's flags to observation statuses."""
    licence: ShortText | None = None
    """Licence of the values."""


class Series(Model):
    """The statistic that measures the target."""

    indicator: TargetId
    """Indicator in the observations."""
    frequency: Literal[
        "monthly", "quarterly", "semiannual", "annual", "biennial", "triennial", "quadrennial", "irregular", "once"
    ] = "irregular"
    """Rhythm of its releases."""
    release_lag_days: Annotated[int, Field(strict=True, ge=0, le=2000)] = 0
    """Usual days from the end of the reference period to the release."""
    grace_days: Annotated[int, Field(strict=True, ge=0, le=365)] = 30
    """Days after which a release counts as missed."""
    unit: Id | None = None
    """Unit of the published values where it is not the target's; they are then not compared."""
    breaks: list[Break] = []
    """Changes of method."""
    preferences: list[Preference] = []
    """Which value counts where several were published for one period."""
    alternatives: list[Alternative] = []
    """Other statistics shown beside it."""
    producer: Text | None = None
    """Agency and name of the survey or index; its releases are the producer's to make, not the ministry's."""
    nature: Literal["statistic", "rule"] = "statistic"
    """rule: a benefit or legal ceiling that holds until a later value replaces it."""
    statistic: Literal["sum", "average", "end"] | None = None
    """What a value says of its period; values compare only with values of the same sense and length."""
    year_starts: Month | None = None
    """Month in which its years begin, where it is not the site's."""
    source: SourceOfSeries | None = None
    """Where a connector fetches it."""
    searched: list[Search] = []
    """Searches for its values, oldest first."""


class Relation(Model):
    """A link to a target that measures a similar aim differently."""

    target: TargetId
    """The other target."""
    note: Text
    """One sentence on what changed."""


class Child(Model):
    """One part of a breakdown."""

    target: TargetId
    """The target that makes up the part."""
    weight: Annotated[Number, Field(gt=0, le=1)] | None = None
    """Share of the whole, for the rule `weighted`; the weights add up to 1."""


class Breakdown(Model):
    """How a target follows from its parts."""

    rule: Literal["headline", "all", "worst", "weighted"]
    """headline: its own series decides; all: judged only when every part is; worst: the latest part that can be
    judged; weighted: P and P* are the weighted sums of the parts'."""
    children: Annotated[list[Child], Field(min_length=1)]
    """The parts."""


class Declared(Model):
    """A status that the ministry itself has declared; shown beside the computed one, never used for it."""

    status: Literal["achieved", "on_track", "needs_acceleration", "off_track", "regressing", "missed"]
    """The declared status."""
    on: DayText
    """When it was declared."""
    source: ShortText
    """Where."""
    url: str | None = None
    """Public address."""


class Answers(Model):
    """The ministry that answers for a goal whose document names no lead."""

    ministry: Id
    """The ministry."""
    note: Words
    """Why it is the one."""


class Task(Model):
    """A numbered task of a government plan under which a target stands."""

    document: Id
    """The plan."""
    number: Annotated[int, Field(strict=True, ge=1, le=999)]
    """Its number there."""
    certainty: Literal["text", "title"] = "text"
    """text: the task's own text speaks of the goal; title: only its title could be compared."""
    url: str | None = None
    """Address of the task, where it has one of its own."""


class Removed(Model):
    """An entry that was no goal and left the registry."""

    id: TargetId
    """Id of the entry."""
    on: DayText
    """Day on which it left."""
    why: Words
    """Why it was no goal."""


class Target(Model):
    """A commitment: an indicator, a value, a due date and the document that made it."""

    id: TargetId
    """Snake-case words, stable for ever."""
    name: Text
    """Short name."""
    pillar: Id
    """Policy area."""
    lead: Id | None = None
    """Leading ministry, where stated."""
    answers: Answers | None = None
    """Who answers for it where the document names no lead."""
    with_: Annotated[list[Id], Field(alias="with")] = []
    """Ministries that take part."""
    kind: Kind
    """How it is judged."""
    measure: Literal["stock", "flow", "ratio", "index", "rank"] | None = None
    """Nature of the statistic; flows add up, stocks do not."""
    unit: Id
    """Unit of all its values."""
    integer: StrictBool = False
    """True for things counted whole: the expected value is rounded in the target's disfavour."""
    headline: StrictBool = False
    """True for goals of a vision page, target table or headline promise."""
    scope: Scope
    """Exactly what is counted."""
    versions: Annotated[list[Version], Field(min_length=1)]
    """Oldest first."""
    series: Series | None = None
    """The statistic that measures it, where one exists."""
    tasks: list[Task] = []
    """Its numbers in the government's plans."""
    related: list[Relation] = []
    """Similar aims measured differently."""
    breakdown: Breakdown | None = None
    """For `breakdown`: its parts and how they add up."""
    declared: list[Declared] = []
    """Statuses that the ministry declared, oldest first."""
    superseded_by: TargetIds = []
    """The target that replaced it, or several, where a later document says so."""
    searched: list[Search] = []
    """Searches for a statistic or a value, oldest first."""
    note: Text | None = None
    """Caveats that hold for all versions: what the number does not say."""

    @property
    def indicator(self) -> str:
        """Indicator whose values count: the series', or the target's own id before a statistic is named."""
        return self.series.indicator if self.series else self.id


class Registry(Model):
    """Everything in `targets.yaml`."""

    site: Site = Site()
    """What the site is called, who runs it, and its clock."""
    method: Method = Method()
    """Thresholds."""
    documents: list[Document]
    """Documents that set targets."""
    ministries: list[Ministry] = []
    """Ministries that lead them."""
    pillars: list[Pillar]
    """Policy areas."""
    units: list[Unit]
    """Units of measure."""
    targets: list[Target]
    """The targets."""
    removed: list[Removed] = []
    """Entries that were no goals and left."""

    @cached_property
    def document(self) -> dict[str, Document]:
        """Documents by id."""
        return {item.id: item for item in self.documents}

    @cached_property
    def ministry(self) -> dict[str, Ministry]:
        """Ministries by id."""
        return {item.id: item for item in self.ministries}

    @cached_property
    def pillar(self) -> dict[str, Pillar]:
        """Pillars by id."""
        return {item.id: item for item in self.pillars}

    @cached_property
    def unit(self) -> dict[str, Unit]:
        """Units by id."""
        return {item.id: item for item in self.units}

    @cached_property
    def target(self) -> dict[str, Target]:
        """Targets by id."""
        return {item.id: item for item in self.targets}
