"""The kernel's end of the wire: one widget without a view, which draws what a page asks for."""

import asyncio
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import uuid4

import anywidget
import traitlets

from gradlab.explore.explorer import Explorer
from gradlab.explore.idle import idle_work


class Link(anywidget.AnyWidget):
    """Answers `{"ask": id, "position": […]}` with the frame there and the strings that the page has not.

    `{"offer": id}` to the page says that the record is made; `{"take": id}` comes back when no hand is on the figure.
    """

    _esm = (files("gradlab.explore") / "link.js").read_text(encoding="utf-8")
    session = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        self._explorers: dict[str, Explorer] = {}
        self._offers: dict[str, Callable[[], None]] = {}
        self._loop = asyncio.get_running_loop()  # of the thread that runs cells
        self.met = False  # whether a page has ever been heard of
        super().__init__(session=uuid4().hex)
        self.on_msg(self._hear)

    def add(self, explorer: Explorer) -> str:
        """Answer for this explorer; returns the name under which the page finds the link."""
        self._explorers[explorer.id] = explorer
        explorer.sent = explorer.record.mark()
        return self.session

    def offer(self, explorer: Explorer, put_in: Callable[[], None]) -> None:
        """Call `put_in`, which puts the whole record into the page, when the page says that it may come."""
        self._offers[explorer.id] = put_in
        self.send({"offer": explorer.id})

    def _hear(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        self.met = True
        if "hello" in message:
            self.send({"hello": self.session})
        else:
            # JupyterLab sends messages of widgets past a running cell, to a thread beside it (a subshell), and matplotlib
            # cannot draw in two threads.
            self._loop.call_soon_threadsafe(self._answer, message)

    def _answer(self, message: dict[str, Any]) -> None:
        if put_in := self._offers.pop(message.get("take", ""), None):
            put_in()
        if explorer := self._explorers.get(message.get("ask", "")):
            idle_work().wait()
            position = tuple(message["position"])
            frame = explorer.show(position)
            addition = explorer.record.addition(frame, explorer.sent)
            self.send({"id": explorer.id, "position": position, "frame": frame, **addition})


@cache
def link() -> Link:
    """The link of this kernel."""
    return Link()
