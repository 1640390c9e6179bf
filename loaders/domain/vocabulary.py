"""The words that the registry's models are made of: kinds, comparators, checked texts and numbers."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from loaders.domain.period import parse_day, parse_period


class Kind(StrEnum):
    """How a goal is judged (METHOD)."""

    LEVEL = "level"
    RANK = "rank"
    MAINTAIN = "maintain"
    LIMIT = "limit"
    RANGE = "range"
    CUMULATIVE = "cumulative"
    RECURRING = "recurring"
    BINARY = "binary"
    LADDER = "ladder"
    BREAKDOWN = "breakdown"


class Comparator(StrEnum):
    """Which side of the value keeps the promise."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    """Strictly above: 초과."""
    LESS_THAN = "less_than"
    """Strictly below: 미만."""
    EQUAL = "equal"
    """Within half of the last printed digit, or `tolerance`."""
    ABOUT = "about"
    """Within 5 % of the value, or `tolerance`."""
    EXACT = "exact"
    """A budget or number of things that must come out: within 1 %, or `tolerance`."""
    UP_TO = "up_to"
    WITHIN = "within"


class Reason(StrEnum):
    """Why a later version exists."""

    RAISED = "raised"
    LOWERED = "lowered"
    ADVANCED = "advanced"
    POSTPONED = "postponed"
    REBASED = "rebased"
    REDEFINED = "redefined"
    SPLIT = "split"
    MERGED = "merged"
    DROPPED = "dropped"
    CONFIRMED = "confirmed"


def _period_text(value: object) -> object:
    # A year is written as a number in YAML (2027); every other form is text.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _valid_period(text: str) -> str:
    parse_period(text)
    return text


def _valid_day(text: str) -> str:
    parse_day(text)
    return text


PeriodText = Annotated[
    str,
    BeforeValidator(_period_text, json_schema_input_type=int | str),
    AfterValidator(_valid_period),
]
DayText = Annotated[
    str,
    BeforeValidator(_period_text, json_schema_input_type=int | str),
    AfterValidator(_valid_day),
]
"""A date that may be known only by its month or year."""
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*$", max_length=64)]
TargetId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$", max_length=64)]
LARGEST, SMALLEST = 1e15, 1e-16
"""Bounds of a number's magnitude in its unit: beyond them growth rates and sums leave the range of floats, and
no published figure has more digits. The smaller one is a rule (`loaders.rules`)."""


def _not_blank(text: str) -> str:
    if not text.strip():  # ideographic and other wide spaces too
        raise PydanticCustomError("blank", "blank")
    return text


Number = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]
Month = Annotated[int, Field(strict=True, ge=1, le=12)]
ShortText = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_not_blank)]


class Model(BaseModel):
    """Base of all registry models: frozen, no unknown fields, described by attribute docstrings."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, defer_build=True
    )


class Text(Model):
    """A text in Korean and English."""

    ko: ShortText
    """Korean, the first language."""
    en: ShortText
    """English."""

    def __call__(self, language: str) -> str:
        """The text in ``language`` ("ko" or "en")."""
        return self.en if language == "en" else self.ko


def _in_both(value: object) -> object:
    return {"ko": value, "en": value} if isinstance(value, str) else value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Words = Annotated[Text, BeforeValidator(_in_both, json_schema_input_type=str | Text)]
"""A text in both languages, or one text that stands for both (search words, names of databases)."""
Reasons = Annotated[list[Reason], BeforeValidator(_listed, json_schema_input_type=Reason | list[Reason])]
TargetIds = Annotated[list[TargetId], BeforeValidator(_listed, json_schema_input_type=TargetId | list[TargetId])]
