"""A student at a JupyterHub: she logs in with the hub's form, and works in her own server through what her browser calls."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import requests
import websocket

SECONDS = 300
BROWSERS = {"Sec-Fetch-Mode": "websocket"}  # the hub asks browsers what they are about


def wait_for(what: str, found: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """What `found` returns once it is something; a failure with `what` where it stays nothing."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.5)
    raise AssertionError(f"{what} did not come in {seconds:g} seconds")


class Student:
    """One who has logged in and whose server runs."""

    def __init__(self, hub: str, name: str, password: str):
        self.hub, self.name, self.session = hub, name, requests.Session()
        self.session.get(f"{hub}/hub/login", timeout=60).raise_for_status()  # brings the form's secret as a cookie
        form = {"username": name, "password": password, "_xsrf": self._cookie("/hub/")}
        self.session.post(f"{hub}/hub/login?next=/hub/home", data=form, timeout=60).raise_for_status()
        self.session.get(f"{hub}/hub/spawn", timeout=60).raise_for_status()
        self.home = f"{hub}/user/{name}"
        self.lab = wait_for(f"the server of {name}", self._opened)

    def _opened(self) -> str:
        """The page of her JupyterLab once it is there; the hub's own page, "wait", lies elsewhere."""
        answer = self.session.get(f"{self.home}/lab", timeout=60)
        return answer.text if answer.ok and answer.url.startswith(f"{self.home}/lab") else ""

    def _cookie(self, path: str) -> str:
        return next(each.value for each in self.session.cookies if each.name == "_xsrf" and each.path == path)

    def asks(self, method: str, path: str, **options: Any) -> requests.Response:
        """What her server answers; raises for an error."""
        secret = {"X-XSRFToken": self._cookie(f"/user/{self.name}/")}
        answer = self.session.request(
            method, f"{self.home}/{quote(path, safe='/?=&')}", headers=secret, timeout=SECONDS, **options
        )
        answer.raise_for_status()
        return answer

    def assignments(self, course: str) -> list[dict]:
        """What her list of assignments shows."""
        return self._listed(self.asks("GET", f"assignments?course_id={course}"))

    def does(self, action: str, course: str, lesson: str) -> list[dict]:
        """She clicks on a button of her list of assignments; returns what the list shows then."""
        return self._listed(
            self.asks("POST", f"assignments/{action}", data={"course_id": course, "assignment_id": lesson})
        )

    @staticmethod
    def _listed(answer: requests.Response) -> list[dict]:
        listed = answer.json()
        assert listed["success"], listed
        return listed["value"]

    def reads(self, path: str) -> Any:
        """A file of hers, as Jupyter opens it: a notebook's cells, a page's text."""
        return self.asks("GET", f"api/contents/{path}").json()["content"]

    def saves(self, path: str, notebook: dict) -> None:
        """She saves a notebook."""
        self.asks("PUT", f"api/contents/{path}", json={"type": "notebook", "format": "json", "content": notebook})

    def runs(self, path: str) -> dict[str, str]:
        """She runs all cells of a notebook in a kernel of her server; returns what the cells that nbgrader knows put out."""
        model = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        session = self.asks("POST", "api/sessions", json=model).json()
        kernel = f"{self.home}/api/kernels/{session['kernel']['id']}/channels".replace("http:", "ws:", 1)
        sent = requests.Request("GET", f"{self.home}/")
        cookies = requests.cookies.get_cookie_header(self.session.cookies, sent.prepare())
        channel = websocket.create_connection(kernel, cookie=cookies, header=BROWSERS, timeout=SECONDS)
        shown = {}
        try:
            for cell in self.reads(path)["cells"]:
                if cell["cell_type"] == "code":
                    text = "".join(outputs_of(channel, cell["source"]))
                    shown[cell["metadata"].get("nbgrader", {}).get("grade_id", cell["id"])] = text
        finally:
            channel.close()
            self.asks("DELETE", f"api/sessions/{session['id']}")
        return shown


def outputs_of(channel: websocket.WebSocket, source: str) -> Iterator[str]:
    """What a kernel puts out while it runs a cell, as text."""
    number = uuid.uuid4().hex
    header = {"msg_id": number, "msg_type": "execute_request", "version": "5.3", "username": "", "session": number}
    content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": False}
    request = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
    channel.send(json.dumps(request | {"buffers": []}))
    while True:
        message = json.loads(channel.recv())
        if message["parent_header"].get("msg_id") != number:
            continue
        content = message["content"]
        if message["msg_type"] == "status" and content["execution_state"] == "idle":
            return
        if message["msg_type"] in ("display_data", "execute_result"):
            yield content["data"].get("text/plain", "")
        elif message["msg_type"] == "stream":
            yield content["text"]
        elif message["msg_type"] == "error":
            yield "\n".join(content["traceback"])
