"""What targets refer to: thresholds, documents, ministries, pillars and units."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from loaders.domain.period import Period, parse_period
from loaders.domain.vocabulary import DayText, Id, Model, Month, Number, ShortText, Text


def _time_zone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'"{name}" is not a time zone: write a name such as Asia/Seoul') from None
    return name


class Publisher(Model):
    """Who runs the site and answers for it."""

    name: Text
    """Name of the office."""
    contact: ShortText | None = None
    """Mail or web address for questions."""
    corrections: ShortText | None = None
    """Mail or web address for corrections, where it is another one."""


class Site(Model):
    """What the site is called, who runs it, and by which clock its days begin."""

    title: Text | None = None
    """Name of the site."""
    description: Text | None = None
    """One sentence on what it shows."""
    publisher: Publisher | None = None
    """Who runs it."""
    languages: Annotated[list[Literal["ko", "en"]], Field(min_length=1)] = ["ko", "en"]
    """Languages of the pages, the first one by default."""
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Asia/Seoul"
    """The clock behind "today" on every surface."""
    first_day: DayText | None = None
    """Earliest day that the pages can be set to."""
    licence: ShortText | None = None
    """Licence of the data."""
    year_starts: Month = 1
    """Month in which the years of all series begin that state no other."""


FORMULAS = 2
"""Version of the method whose formulas judge every day, past ones too."""


class Method(Model):
    """Thresholds of the method; the formulas are code (METHOD)."""

    version: Annotated[int, Field(strict=True, ge=1)] = 1
    """Version of the thresholds, printed with every status."""
    on_track: Annotated[Number, Field(gt=0, le=1)] = 0.95
    """Delivery ratio from which a target is on track."""
    needs_acceleration: Annotated[Number, Field(gt=0, lt=1)] = 0.60
    """Delivery ratio from which a target needs acceleration; below it is off track."""
    too_early_share: Annotated[Number, Field(ge=0, lt=1)] = 0.05
    """Share of the whole way below which it is too early to judge."""
    damping: Annotated[Number, Field(gt=0, lt=1)] = 0.9
    """Damping φ of the projection's drift per year."""

    @property
    def judged_by(self) -> int:
        """The version that is printed: every day is judged by the formulas in force, whatever a file of old says."""
        return max(self.version, FORMULAS)


class Document(Model):
    """A document that sets targets."""

    id: Id
    """Short name used by versions."""
    title: Text
    """Title as printed, and its English rendering."""
    short: Text | None = None
    """Short name for narrow places, e.g. 전략 2024."""
    issued: DayText
    """Day of issue; a bare month or year counts as its last day."""
    type: Literal["strategy", "announcement", "secondary", "act"] = "strategy"
    """strategy: the document itself; announcement: a later official statement; secondary: a report about one;
    act: a law or decree, whose versions may leave out lines."""
    file: str | None = None
    """File name of its text, whose lines the versions cite."""
    url: str | None = None
    """Public address, where there is one."""
    official: str | None = None
    """Address of the official text where the document is a summary by others."""
    note: Text | None = None
    """What a reader should know about the document."""

    @property
    def issued_period(self) -> Period:
        """Day of issue as a period; versions are in force from its end."""
        return parse_period(self.issued)


class Ministry(Model):
    """A ministry or agency that leads targets."""

    id: Id
    """Short name."""
    name: Text
    """Full name."""
    short: Text | None = None
    """Abbreviation for narrow places."""
    from_: Annotated[DayText | None, Field(alias="from")] = None
    """First day of its existence; always where left out."""
    until: DayText | None = None
    """Last day of its existence."""
    successors: list[Id] = []
    """Ministries that took over its duties after that day."""


class Pillar(Model):
    """A policy area under which targets are grouped."""

    id: Id
    """Short name."""
    name: Text
    """Name shown as a heading."""


class Unit(Model):
    """A unit of measure and how it is written."""

    id: Id
    """Short name."""
    name: Text
    """Written after the number, in English with a space; a currency's English name stands before it."""
    scale: Annotated[Number, Field(gt=0, le=1e24)] = 1
    """Factor to the base unit (조 = 1e12)."""
    base: str | None = None
    """Base unit of a scaled one, e.g. KRW."""
    decimals: Annotated[int, Field(strict=True, ge=0, le=6)] | None = None
    """Decimals shown at most; the value's own where left out."""
    bounds: tuple[Number | None, Number | None] = (None, None)
    """Natural bounds of the value."""
    difference: Text | None = None
    """Unit of differences where it is another one: a percentage's are percentage points."""
    style: Literal["count", "percent", "rank", "currency", "plain"] = "count"
    """How the number is written."""
