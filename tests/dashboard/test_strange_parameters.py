"""Anybody can write any parameter into an address: none of them becomes an argument of ours by its name."""

import ast
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from builders import a_data_folder, a_target, row
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import context, desk, server, state
from dashboard.auth import viewer
from dashboard.cli import DEFAULT_DATA
from dashboard.components import follow
from loaders.domain.policy import Role
from loaders.ledger.accounts import add_account

CODE = Path(dashboard.__file__).parent
KNOWN = {"lang", "as_of", "id", "document", "since", "view", "range", "period", "submission", "next"}


def argument_names() -> set[str]:
    """Names of the arguments of every function that makes a link, and of the fields behind `self`."""
    found = set()
    for file in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(word in node.name for word in ("link", "address", "href")):
                given = node.args
                found |= {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
                found |= {one.arg for one in (given.vararg, given.kwarg) if one}
    return found | set(state.Request.__slots__)


@pytest.fixture
def world(tmp_path, monkeypatch):
    folder = a_data_folder(tmp_path / "data", a_target(), rows=(row("unicorns", "2025", "3"),))
    context.use_folder(folder)
    desk.open_desk(folder)
    for name, role in (("kim", Role.OFFICER), ("lee", Role.REVIEWER), ("adm", Role.ADMINISTRATOR)):
        add_account(desk.ledger(), name, role, "msit" if role is Role.OFFICER else None)
    monkeypatch.setattr(viewer, "current", lambda: viewer.PUBLIC)
    yield
    desk.close_desk()
    context.use_folder(DEFAULT_DATA)


def opened(page, query, **known):
    test = AppTest.from_file(str(server.SCRIPT), default_timeout=30)
    for key, value in {**dict.fromkeys(query, "1"), **known}.items():
        test.query_params[key] = value
    if page != "overview":
        test.switch_page(f"views/{page}.py")
    return test.run()


WORKERS = {"desk": Role.OFFICER, "entry": Role.OFFICER, "review": Role.REVIEWER, "audit": Role.REVIEWER}
WORKERS |= {"accounts": Role.ADMINISTRATOR}


@pytest.mark.parametrize("page", state.PAGES)
def test_no_name_of_an_argument_is_an_incident(page, world, drawn, monkeypatch):
    names = argument_names()
    assert {"self", "page", "params", "address", "inner"} <= names
    if page in WORKERS:
        who = viewer.Viewer("kim", "Kim", WORKERS[page], "msit")
        monkeypatch.setattr(viewer, "current", lambda: who)
    for query, known in ((names, {}), (names - KNOWN, {"id": "unicorns"}), (names - KNOWN, {"as_of": "2026-01-31"})):
        found = opened(page, query, **known)
        assert not found.exception, (page, found.exception)
    if page not in state.DESK_PAGES:
        assert drawn, "the page drew something"


@pytest.mark.parametrize("name", ["page", "self"])
def test_control_parameters_passed_by_name_are_incidents(name, world, drawn, monkeypatch):
    careful = state.Request.link

    def by_name(self, page, **params):
        return careful(self, page, params)

    monkeypatch.setattr(state.Request, "link", lambda me, page, params=state.NOTHING: by_name(me, page, **params))
    assert opened("overview", {name}).exception


def test_unknown_parameters_stay_in_the_link_to_the_other_language(world, drawn):
    opened("targets", {"page", "self"}, q="a b")
    (address,) = re.findall(r'href="/targets\?([^"]*)"[^>]*class="kpi-lang"', "".join(drawn))
    assert dict(parse_qsl(unescape(address))) == {"lang": "en", "page": "1", "self": "1", "q": "a b"}


@pytest.mark.parametrize(
    ("asked", "page", "params"),
    [
        ("/target?id=unicorns&page=1&self=2", "target", {"id": "unicorns", "page": "1", "self": "2"}),
        ("/target?id=x&embed=true&EMBED=1&embed_options=dark_theme", "target", {"id": "x"}),
        ("https://evil.example/targets?q=1", "targets", {"q": "1"}),
        ("//evil.example/nothing", "overview", {}),
        ("//[", None, None),
        (["/target"], None, None),
        (None, None, None),
    ],
)
def test_a_click_leads_to_a_page_here_whatever_the_browser_sends(asked, page, params, monkeypatch):
    gone = []
    monkeypatch.setattr(follow.st, "session_state", {"asked": asked})
    monkeypatch.setattr(follow.st, "switch_page", lambda where, query_params: gone.append((where, query_params)))
    follow.go_where_asked({name: name for name in state.PAGES})
    assert gone == ([] if page is None else [(page, params)])
