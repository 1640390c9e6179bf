"""Changing the page in place: links, filters and the day of our own markup, for mouse and keyboard alike.

One component listens for the whole page. What it hears it hands to the server as an address; the
server changes to it before the page that is being left is drawn once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from dashboard import state
from dashboard.wording.catalog import Words

STREAMLITS_OWN = ("embed", "embed_options")
"""Parameters that Streamlit reads from the browser's address and lets no script set."""
FIRST_DAY = date(2019, 12, 17)
"""Day of the first document; nothing was promised before it."""

_DAY = '<label class="kpi-day"><span></span> <input type="date"></label>'
_FOLLOW = """
export default function({ parentElement, setTriggerValue, data }) {
  document.documentElement.lang = data.language;
  const go = (address) => {
    setTriggerValue("go", address);
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  };
  const fold = (event) => {
    const menu = document.querySelector(".kpi-more[open]");
    if (menu && (event.key === "Escape" || (event.type === "click" && !menu.contains(event.target)))) {
      menu.open = false;
      if (event.key) menu.querySelector("summary").focus();
    }
  };
  const stand = (where, options) => {
    const place = document.querySelector(where);
    if (!place) return;
    place.tabIndex = -1;
    place.focus(options);
  };
  // A click has replaced the link that had the focus: the keyboard goes on at the head of the new page.
  const lost = parentElement.page && parentElement.page !== data.page && document.activeElement === document.body;
  if (lost) stand(".st-key-head", { preventScroll: true });
  parentElement.page = data.page;
  const skip = (event) => {
    event.preventDefault();
    stand('[data-testid="stMain"] h1');
  };
  const follow = (event) => {
    const wants = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || event.button || wants) return;
    if (event.target.closest && event.target.closest(".kpi-skip")) return skip(event);
    const anchor = event.target.closest && event.target.closest('a[target="_self"]');
    if (!anchor || anchor.origin !== location.origin) return;
    event.preventDefault();
    go(anchor.pathname + anchor.search);
  };
  // Filters are plain forms; a choice changes the page in place.
  const filter = (event) => {
    const form = event.target.closest && event.target.closest("form.kpi-filters");
    if (!form) return;
    event.preventDefault();
    const asked = [...new FormData(form)].filter(([, value]) => value !== "");
    const address = form.getAttribute("action") + "?" + new URLSearchParams(asked);
    if (address !== location.pathname + location.search) go(address);
  };
  const input = parentElement.querySelector("input");
  parentElement.querySelector("span").textContent = data.day_label;
  Object.assign(input, { min: data.first, max: data.today, value: data.day, title: data.day_help });
  // A day that is being typed is not asked for before Enter or before the field is left: each digit is a change.
  let typed = false;
  const key = (event) => {
    typed = event.key !== "Enter";
    if (!typed) choose();
  };
  const picked = () => typed || choose();
  const left = () => typed && choose();
  const pointed = () => (typed = false);
  const choose = () => {
    typed = false;
    if (input.value === data.day) return;
    if (!input.value || input.value < data.first || input.value > data.today) return;
    const address = new URL(location);
    if (input.value === data.today) address.searchParams.delete("as_of");
    else address.searchParams.set("as_of", input.value);
    go(address.pathname + address.search);
  };
  const life = new AbortController();
  const hear = (where, reactions, capture = false) => {
    for (const [name, react] of Object.entries(reactions))
      where.addEventListener(name, react, { capture, signal: life.signal });
  };
  hear(input, { change: picked, keydown: key, blur: left, pointerdown: pointed });
  hear(document, { click: follow }, true);
  hear(document, { click: fold, keydown: fold, change: filter, submit: filter });
  return () => life.abort();
}
"""


@st.cache_resource
def _follower():  # noqa: ANN202 (Streamlit's renderer type is private)
    return st.components.v2.component("kpi_follow", html=_DAY, js=_FOLLOW, isolate_styles=False)


def follow(page: str, request: state.Request, words: Words, today: date) -> None:
    """Choose a day, and let links of our own markup change the page in place.

    The links are plain links all the same: opened in a new tab, or without this script, they load
    the page afresh. The day is the browser's own date field, which costs no widget code.
    """
    data = {
        "page": page,
        "language": request.language,
        "day_label": words("nav.as_of"),
        "day_help": words("nav.as_of_help"),
        "day": request.day.isoformat(),
        "today": max(today, request.day).isoformat(),
        "first": FIRST_DAY.isoformat(),
    }
    _follower()(key="follow", data=data, on_go_change=_keep_asked, width="content")


def _keep_asked() -> None:
    """Runs before the page's script: keeps the address that a click asked for, for `go_where_asked`."""
    st.session_state["asked"] = st.session_state["follow"].go


def go_where_asked(pages: Mapping[str, st.Page]) -> None:
    """Change to the page that a click asked for, before the page that is being left is drawn once more."""
    asked = st.session_state.pop("asked", None)
    try:
        address = urlsplit(asked) if isinstance(asked, str) else None
    except ValueError:
        address = None
    if not asked or address is None:
        return
    params = {key: value for key, value in parse_qsl(address.query) if key.lower() not in STREAMLITS_OWN}
    name = next((key for key, path in state.PAGES.items() if path == address.path.strip("/")), "overview")
    st.switch_page(pages.get(name, pages["overview"]), query_params=params)
