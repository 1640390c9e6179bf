"""A hello-world Streamlit page on the same server and settings as the dashboard: the yardstick."""

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
    script.write_text('import streamlit as st\nst.write("Hello world")\n')
    st.App(script, lifespan=frozen).run(config=config("127.0.0.1", int(sys.argv[1])))
