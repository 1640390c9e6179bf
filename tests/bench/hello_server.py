"""A hello-world Streamlit page on the same server and settings as the dashboard: the yardstick.

With ``plotly`` as second argument the page also holds the smallest Plotly chart, with ``button`` a
button that counts its clicks.
"""

import gc
import sys
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from dashboard.server import config


@asynccontextmanager
async def frozen(_):
    gc.collect()
    gc.freeze()
    yield


if __name__ == "__main__":
    script = Path(tempfile.mkdtemp()) / "hello.py"
    text = 'import streamlit as st\nst.write("Hello world")\n'
    if "plotly" in sys.argv[2:]:
        text += "import plotly.graph_objects as go\n"
        text += "st.plotly_chart(go.Figure(go.Scatter(x=[1, 2, 3], y=[1, 3, 2])), theme=None)\n"
    if "button" in sys.argv[2:]:
        text = 'import streamlit as st\nn = st.session_state.get("n", 0)\n'
        text += 'st.button("Again", on_click=lambda: st.session_state.update(n=n + 1))\nst.write(f"Hello world {n}")\n'
    script.write_text(text)
    st.App(script, lifespan=frozen).run(config=config("127.0.0.1", int(sys.argv[1])))
