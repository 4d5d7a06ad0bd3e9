"""The output of an explorer: HTML that holds the record and plays it, and a line for terminals."""

import json
import re
import zlib
from base64 import b64decode, b64encode
from importlib.resources import files
from typing import Any

from gradlab.explore.explorer import Explorer
from gradlab.explore.figures import images
from gradlab.explore.record import name_of
from gradlab.explore.svg import Picture

_DATA = re.compile(r'(?<=<script type="application/json">)(.*?)(?=</script>)', re.DOTALL)
_FOLDER = files("gradlab.explore")

# Left where a page strips scripts (a notebook that is not trusted), under the first picture: how to go on.
_STILL = "The controls are asleep: run this cell, or trust the notebook (command palette, “Trust Notebook”)."


def html(explorer: Explorer, session: str) -> str:
    """The explorer as HTML that needs neither a kernel nor the network.

    The first picture is there to be read at once; the record, a tenth of its size, is unpacked by the page. `session`
    names the kernel's link, by which the page asks for positions outside the record; "" if there is none.
    """
    record = explorer.record
    start = record.frames[name_of(explorer.start)]
    skeleton = record.skeletons[start[1]]
    parts = dict(zip(skeleton["keys"], (record.strings[k] for k in start[2:])))
    still = Picture(tuple(skeleton["svg"]), parts, record.defs)
    data = {
        "id": explorer.id,
        "session": session,
        "controls": [
            {
                "kind": control.kind,
                "label": control.label,
                "texts": control.texts,
                "start": control.start,
                "play": control.play,
            }
            for control in explorer.controls
        ],
        "frames": {name_of(explorer.start): start},
        "targets": record.targets,
        **record.addition(start, (0, 0, 0)),
    }
    if len(record.frames) > 1:
        data["record"] = _packed(record.tables())
    text = _json(data).replace("</", "<\\/")
    return (
        f'<div class="gradlab-explorer"><style>{_read("player.css")}</style>'
        f"<figure>{images(still, record.strings[start[0]])}</figure>"
        f'<p class="gradlab-explorer-still">{_STILL}</p>'
        f'<script type="application/json">{text}</script><script>{_script()}</script></div>'
    )


def plain(explorer: Explorer) -> str:
    """The explorer as a line of text."""
    return f"[explorer] {explorer.record.strings[explorer.record.frames[name_of(explorer.start)][0]]}"


def unpacked(page: str) -> dict[str, Any]:
    """The tables of the record in an explorer's HTML; those of the first picture if there are no more."""
    return _tables(json.loads(_DATA.split(page)[1]))


def with_plain_record(page: str) -> str:
    """An explorer's HTML with its record as plain text, for a page that packs all of its explorers together."""

    def plainly(text: re.Match) -> str:
        data = json.loads(text[0])
        whole = {key: value for key, value in (data | _tables(data)).items() if key != "record"}
        return _json(whole).replace("</", "<\\/")

    return _DATA.sub(plainly, page)


def _tables(data: dict[str, Any]) -> dict[str, Any]:
    return json.loads(zlib.decompress(b64decode(data["record"]))) if "record" in data else data


def _packed(tables: dict[str, Any]) -> str:
    return b64encode(zlib.compress(_json(tables).encode(), 9)).decode()


def _json(tables: dict[str, Any]) -> str:
    return json.dumps(tables, ensure_ascii=False, separators=(",", ":"))


def _script() -> str:
    """The player's two files, whose names no other script of the page sees."""
    return f"(() => {{\n{_read('controls.js')}\n{_read('player.js')}}})();"


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
