"""The frame around every page: settings of the page, language, navigation, footer; then run the page."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import state
from dashboard.components import frame
from dashboard.wording.catalog import Words

VIEWS = {name: f"views/{name}.py" for name in state.PAGES}

today = date.today()
request = state.request(today)
words = Words(request.language)
st.set_page_config(page_title=words("app.title"), layout="wide", initial_sidebar_state="collapsed")
pages = {
    name: st.Page(path, title=words(f"nav.{name}"), url_path=state.PAGES[name] or None, default=name == "overview")
    for name, path in VIEWS.items()
}
current = st.navigation(list(pages.values()), position="hidden")
here = next(name for name, page in pages.items() if page == current)
if here == "overview" and state.on_the_wall():
    current.run()
elif state.embedded():
    current.run()
    frame.embedded_footer(here, request, words)
else:
    frame.header(here, pages, request, words, today)
    frame.problems(words)
    current.run()
    frame.footer(request, words)
