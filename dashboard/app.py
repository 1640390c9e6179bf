"""The frame around every page: settings of the page, language, navigation, footer; then run the page."""

from __future__ import annotations

import streamlit as st

from dashboard import context, desk, state
from dashboard.auth import viewer
from dashboard.components import follow, frame
from dashboard.wording.catalog import Words

OPEN = [name for name in state.PAGES if desk.has_desk() or name not in state.DESK_PAGES]
VIEWS = {name: f"views/{name}.py" for name in OPEN}

now = context.today()
request = state.request(now)
words = Words(request.language)
st.set_page_config(page_title=words("app.title"), layout="wide", initial_sidebar_state="collapsed")
pages = {
    name: st.Page(path, title=words(f"nav.{name}"), url_path=state.PAGES[name] or None, default=name == "overview")
    for name, path in VIEWS.items()
}
current = st.navigation(list(pages.values()), position="hidden")
follow.go_where_asked(pages)
here = next(name for name, page in pages.items() if page == current)
nobody = desk.mode() is desk.Mode.DESK and viewer.current().account is None
if nobody and here != "sign_in" and desk.trouble() is None:
    st.switch_page(pages["sign_in"], query_params={"next": request.link(here)})
if nobody and here not in state.DESK_PAGES:
    frame.closed_desk(words)
elif here == "overview" and state.on_the_wall():
    current.run()
elif state.embedded():
    current.run()
    frame.embedded_footer(here, request, words)
else:
    frame.header(here, request, words, now)
    frame.problems(words)
    frame.guarded(current.run, words)
    frame.footer(request, words)
