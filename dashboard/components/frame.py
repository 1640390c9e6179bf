"""What stands around every page: style, navigation, problems, footer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from dashboard import context, desk, state
from dashboard.auth import viewer
from dashboard.components.follow import follow
from dashboard.components.ledger_notice import as_verified, closed
from dashboard.components.markup import draw, escape, link
from dashboard.trouble import AWAY
from dashboard.wording.catalog import LANGUAGES, Words
from dashboard.wording.format import date_text
from dashboard.wording.problems import issue_text, place_text
from loaders.diagnostics import Report
from loaders.domain.policy import Action

NAVIGATION = ("overview", "targets", "changes", "lineage", "calendar", "ministries")
"""Pages on the goals themselves, in the menu."""
BEHIND_THE_MENU = ("compare", "sources", "method", "data")
"""Pages on what the figures rest on, one step further: ten words in a row are no menu."""

MOST_PROBLEMS = 40
"""Problems of the data that every page lists; each reader is sent them with every page."""

DESK_LINKS = {
    "desk": Action.SUBMIT,
    "review": Action.READ_ALL,
    "audit": Action.READ_AUDIT,
    "accounts": Action.MANAGE_ACCOUNTS,
}
"""Pages of the desk and what one must be allowed to do to be shown the way there."""


def dark() -> bool:
    """True where the reader's browser shows the dark theme."""
    return st.context.theme.get("type") == "dark"


def header(page: str, request: state.Request, words: Words, today: date) -> None:
    """Name, main menu, language and day; a line where another day than today is shown."""
    entries = _entries(NAVIGATION, page, request, words) + _more(page, request, words)
    other = next(name for name in LANGUAGES if name != request.language)
    here = {key: st.query_params[key] for key in st.query_params if key not in (state.LANGUAGE, state.AS_OF)}
    switch = link(
        request.link(page, {**here, state.LANGUAGE: other}),
        f'<span lang="{other}">{escape(words("nav.language_switch"))}</span>',
        css="kpi-lang",
    )
    skip = f'<a href="#" class="kpi-skip">{escape(words("nav.skip"))}</a>'
    home = link(request.link("overview"), escape(words("app.title")), css="kpi-home")
    notice = ""
    if request.bad_day is not None:
        notice = (
            f'<div class="kpi-notice" role="status">{escape(words("nav.as_of_bad", value=request.bad_day[:40]))}</div>'
        )
    elif request.asked_day is not None:
        day = escape(words("nav.as_of_past", date=date_text(request.day, words.language)))
        back = link(request.link(page, {**here, state.AS_OF: None}), escape(words("nav.as_of_today")))
        notice = f'<div class="kpi-notice" role="status">{day} {back}</div>'
    switch = _desk_links(page, request, words) + switch
    menu = f'<nav aria-label="{escape(words("nav.main"))}">{entries}{switch}</nav>'
    with st.container(horizontal=True, vertical_alignment="center", key="head", gap="small"):
        draw(f'<div class="kpi-head">{skip}{home}{menu}</div>', key="menu")
        follow(page, request, words, today)
    if notice:
        draw(notice, key="notice")


def _entries(names: Sequence[str], page: str, request: state.Request, words: Words) -> str:
    return "".join(
        link(request.link(name), escape(words(f"nav.{name}")), css="kpi-here" if name == page else "") for name in names
    )


def _more(page: str, request: state.Request, words: Words) -> str:
    """The further pages, folded; the summary bears the name of the page where it is one of them."""
    inside = page in BEHIND_THE_MENU
    name = words(f"nav.{page}") if inside else words("nav.more")
    return (
        f'<details class="kpi-more"><summary{" class=kpi-here" if inside else ""}>{escape(name)}</summary>'
        f"<div>{_entries(BEHIND_THE_MENU, page, request, words)}</div></details>"
    )


def _desk_links(page: str, request: state.Request, words: Words) -> str:
    """Ways to the desk for whoever may work there; nothing before the first account exists."""
    if desk.ledger() is None or not context.looked().has_accounts:
        return ""
    who = viewer.current()
    found = [name for name, action in DESK_LINKS.items() if who.may(action, own_ministry=True)]
    names = [*found, "sign_in"]
    return "".join(
        link(
            request.link(name),
            escape(words(f"nav.{name}") if name != "sign_in" or who.account is None else who.name),
            css="kpi-desk kpi-here" if name == page else "kpi-desk",
        )
        for name in names
    )


def problems(words: Words) -> None:
    """The banner over a registry that is not whole: each problem with its place."""
    view, files = context.view(), context.looked().files
    now, served = view.found, view.served.registry
    errors = now.report.errors
    lost = int(files.parameters.get("count", 0)) if files is not None else 0
    if not errors and not lost:
        return
    way_out = words("broken.way_out")
    if served is None:
        title = words("broken.nothing")
    elif now.registry is None:
        title = f"{words('broken.nothing')} {words('broken.last_good')}"
    elif view.last_good and lost:
        title = f"{words.counted('broken.incomplete', lost)} {words('broken.last_good')}"
        way_out = words("broken.incomplete_way_out") if not errors else way_out
    else:
        title = words.counted("broken.title", now.report.error_count)
    draw(
        f'<div class="kpi-broken" role="alert"><strong>{escape(title)}</strong>'
        f"<p>{escape(way_out)}</p>{_issues(now.report, words)}</div>"
    )


def closed_desk(words: Words) -> None:
    """Instead of a page, where the desk is all that the server shows: why it is closed."""
    trouble = desk.trouble()
    if trouble is not None:
        draw(closed(trouble, words))


def guarded(page: Callable[[], None], words: Words) -> None:
    """Run ``page``; where the ledger fails under its hands, say so instead of showing an incident."""
    try:
        page()
    except AWAY as error:
        desk.failed(error)
        trouble = desk.trouble()
        if trouble is None:
            raise
        draw(closed(trouble, words))


def _issues(report: Report, words: Words) -> str:
    shown = [issue for issue in report if issue.level == "error"][:MOST_PROBLEMS]
    rows = [
        f"<li><code>{escape(place_text(words, issue.place))}</code> {escape(issue_text(words, issue))}</li>"
        for issue in shown
    ]
    rest = report.error_count - len(shown)
    more = f"<p>{escape(words('broken.more', count=rest))}</p>" if rest else ""
    return f"<ul>{''.join(rows)}</ul>{more}"


def footer(request: state.Request, words: Words) -> None:
    """Versions, licence and how to cite."""
    view = context.view()
    served = view.served.registry
    if served is None:
        return
    day = date_text(request.day, words.language)
    verified = as_verified(context.looked(), words)
    parts = [
        words("footer.method", version=served.method.judged_by),
        words("footer.registry_last_good" if view.last_good else "footer.registry", version=view.version),
        *([verified] if verified else []),
        words("footer.licence"),
        words("footer.cite", date=day),
    ]
    draw(f'<div class="kpi-foot" role="contentinfo">{" · ".join(escape(part) for part in parts)}</div>')


def embedded_footer(page: str, request: state.Request, words: Words) -> None:
    """One line under a page in another site's frame: whose it is, and the way to the whole."""
    kept = {key: st.query_params[key] for key in st.query_params if key not in (state.LANGUAGE, state.AS_OF)}
    whole = escape(request.link(page, kept))
    day = escape(words("footer.cite", date=date_text(request.day, words.language)))
    draw(
        f'<div class="kpi-foot" role="contentinfo">{day} · '
        f'<a href="{whole}" target="_blank" rel="noopener">{escape(words("embed.full"))}</a></div>'
    )
