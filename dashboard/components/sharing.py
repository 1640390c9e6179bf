"""What leads back to a target: its past statuses, its address, a citation, a code to scan and one to embed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from urllib.parse import urlencode

from dashboard.components.markup import escape
from dashboard.components.scene import Scene
from dashboard.components.target_card import badge
from dashboard.open_data import PATH
from dashboard.site_address import shown_at
from dashboard.state import AS_OF, EMBED, TARGET
from dashboard.wording.format import date_text
from loaders.assessment import Assessment
from loaders.domain.method.status import Status
from loaders.history import Stretch


def past(stretches: Sequence[Stretch], scene: Scene) -> str:
    """Every status that the target has had, the latest first, each with the day from which it held."""
    words = scene.say.words
    lines = []
    for one in reversed(stretches):
        why = scene.say.said(one.item) if one.item.status is not Status.NOT_ASSESSABLE else scene.say.reason(one.item)
        day = escape(date_text(one.since, words.language))
        lines.append(
            f'<li><time datetime="{one.since.isoformat()}">{day}</time>'
            f'{badge(one.item, scene.say)} <span class="kpi-muted">{escape(why)}</span></li>'
        )
    title = escape(words("target.past"))
    note = f'<p class="kpi-small">{escape(words("target.past.note"))}</p>'
    return (
        f'<section><h2>{title}</h2>{note}<ul class="kpi-lines kpi-dated kpi-statuses">{"".join(lines)}</ul></section>'
    )


def sharing(item: Assessment, scene: Scene, here: str, registry_version: str) -> str:
    """Address for ever, citation, code to scan and to embed; ``here`` is the address of the page now shown."""
    say, words = scene.say, scene.say.words
    address = permalink(item, scene, here)
    embedded = permalink(item, scene, here, dated=False, embedded=True)
    cited = words(
        "target.cite.text",
        name=say.name(item.target),
        date=date_text(scene.day, words.language),
        method=say.registry.method.judged_by,
        registry=registry_version,
        url=address,
    )
    frame = f'<iframe src="{embedded}" title="{say.name(item.target)}" width="100%" height="720"></iframe>'
    file = f"{PATH}/observations.csv?{urlencode({TARGET: item.id, AS_OF: scene.day.isoformat()})}"
    rows = (
        (words("data.col.file"), f'<a href="{escape(file)}" download>{escape(words("target.download"))}</a>'),
        (words("target.cite"), escape(cited)),
        (words("target.permalink"), f'<a href="{escape(address)}">{escape(address)}</a>'),
        (words("target.embed"), f"<code>{escape(frame)}</code>"),
        (words("target.qr"), _code(address, words("target.qr.alt", name=say.name(item.target)))),
    )
    body = "".join(f"<div><dt>{escape(name)}</dt><dd>{shown}</dd></div>" for name, shown in rows)
    title = words("target.sharing")
    return f'<details><summary>{escape(title)}</summary><dl class="kpi-pairs kpi-share">{body}</dl></details>'


def permalink(item: Assessment, scene: Scene, here: str, *, dated: bool = True, embedded: bool = False) -> str:
    """The target at the site's public address, with the day that is shown so that it says the same for ever."""
    day = scene.day.isoformat() if dated else None
    path = scene.request.link("target", {TARGET: item.id, AS_OF: day, EMBED: "1" if embedded else None})
    return shown_at(path, here)


def _code(address: str, alt: str) -> str:
    import segno

    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=4, border=2, xmldecl=False, svgns=False, nl=False, title=alt, light="#ffffff"
    )
    return out.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)
