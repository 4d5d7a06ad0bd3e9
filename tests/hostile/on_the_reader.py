"""Attacks on whoever reads the marked notebook: scripts, frames, pictures from elsewhere, pages that cover the page."""

from tests.hostile.attack import GRADIENT, LISTENER, RIGHT, Attack, cells

HACK = "document.documentElement.dataset.hacked = 1"
CALL = f"http://127.0.0.1:{LISTENER}/seen"

HTML = {
    "script": f"<script>{HACK}</script>",
    "script-in-upper-case": f"<SCRIPT >{HACK}</SCRIPT >",
    "script-from-elsewhere": f'<script src="{CALL}"></script>',
    "handler": f'<img src="x" onerror="{HACK}"><body onload="{HACK}"><details open ontoggle="{HACK}">',
    "frame": f'<iframe src="javascript:{HACK}"></iframe><iframe srcdoc="<script>parent.{HACK}</script>"></iframe><object data="{CALL}"></object><embed src="{CALL}">',
    "drawing": f'<svg onload="{HACK}"><script>{HACK}</script><animate onbegin="{HACK}" attributeName="x" dur="1s"/><foreignObject><body onload="{HACK}"></foreignObject><use href="data:image/svg+xml,x"/></svg>',
    "confused-parsers": f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={HACK}&gt;">',
    "unclosed": f'<div title="<p onmouseover={HACK}" <img src=x onerror={HACK} //',
    "sheet": f'<style>@import url({CALL}); body {{ background: url({CALL}) }}</style><link rel="stylesheet" href="{CALL}"><p style="background: url({CALL})">p</p><img src="{CALL}">',
    "cover": '<div id="cover" style="position:fixed;inset:0;z-index:9999;background:white">Score 100</div>',
    "form": f'<form action="{CALL}"><input name="password" autofocus onfocus="{HACK}"></form><base href="{CALL}"><meta http-equiv="refresh" content="0;url={CALL}">',
    "style-escaped": f'<p style="background: \\75rl({CALL})">p</p><p style="background: \\69mage-set(\'{CALL}\' 1x)">p</p>',
    "paint-from-elsewhere": f'<svg><rect fill="url({CALL}#a)" stroke="url({CALL}#b)" width="9" height="9"/></svg>',
    "classes-of-the-page": '<div class="navbar-fixed-top modal-backdrop in full-credit comment score affix">Score 100</div>',
    "reaches-over": '<span style="padding:900px;background:white">.</span><p style="margin:-900px 0 0;font-size:900px;line-height:0">M</p>',
    "links-to-the-server": '<a href="http:/formgrader?path=x">a</a><a href="http://localhost:8888/formgrader">b</a><a href="http:evil.html">c</a>',
    "nested-without-end": "<div>" * 90_000,
    "explorer": f'<div class="gradlab-explorer"><script type="application/json">{{}}</script><script>{HACK}</script></div>',
}
SHOW = "from IPython.display import HTML, Javascript, Latex, Markdown, SVG, display\n"


def sent(kind: str, content: str) -> str:
    """A message of the kernel's, past everything that would give it a form."""
    return f"k = get_ipython().kernel\nk.session.send(k.iopub_socket, {kind!r}, {content}, parent=k.get_parent())"


def text_cell(source: str, **fields):
    """One more text cell in the notebook."""

    def change(notebook):
        [cell] = cells("")
        for name in ("outputs", "execution_count"):
            del cell[name]
        notebook["cells"].append(cell | {"cell_type": "markdown", "source": source, "id": "text"} | fields)

    return change


EVERYTHING = "\n\n".join(HTML.values())
ATTACKS = {
    f"html-{name}": Attack(answer=RIGHT, after=f"{SHOW}display(HTML({html!r}))", fair=GRADIENT)
    for name, html in HTML.items()
} | {
    "ampersands-without-end": Attack(
        answer=RIGHT, after=f"{SHOW}for _ in range(3): display(HTML('x& ' * 150_000))", fair=GRADIENT
    ),
    "javascript": Attack(
        answer=RIGHT,
        after=f"{SHOW}display(Javascript({HACK!r}))\ndisplay({{'application/javascript': {HACK!r}, 'text/html': '<b>'}}, raw=True)",
        fair=GRADIENT,
    ),
    "markdown-output": Attack(
        answer=RIGHT, after=f"{SHOW}display(Markdown({EVERYTHING!r}))\ndisplay(Latex({EVERYTHING!r}))", fair=GRADIENT
    ),
    "svg-output": Attack(
        answer=RIGHT, after=f"{SHOW}display({{'image/svg+xml': {HTML['drawing']!r}}}, raw=True)", fair=GRADIENT
    ),
    "stream-output": Attack(
        answer=RIGHT,
        after=f"import sys\nprint({EVERYTHING!r})\nprint({EVERYTHING!r}, file=sys.stderr)\nraise ValueError({EVERYTHING!r})",
        fair=GRADIENT,
    ),
    "picture-fields": Attack(
        answer=RIGHT,
        after=(
            sent("display_data", "{'data': {'image/png': 'AAAA\" onerror=\"" + HACK + "'}, 'metadata': {}}"),
            sent(
                "display_data",
                "{'data': {'image/png': 'AAAA'}, 'metadata': {'image/png': {'width': '1 onerror="
                + HACK.replace(" ", "")
                + "'}, 'filenames': {'image/png': '"
                + CALL
                + "'}}}",
            ),
            sent(
                "display_data",
                "{'data': {'text/html': '<script>"
                + HACK
                + "</script>'}, 'metadata': {'text/html': {'isolated': True}}}",
            ),
        ),
        fair=GRADIENT,
    ),
    "count-of-markup": Attack(
        answer=RIGHT,
        after=sent(
            "execute_input", "{'code': '', 'execution_count': '<img src=x onerror=" + HACK.replace(" ", "") + ">'}"
        ),
        fair=GRADIENT,
    ),
    "widget-with-code": Attack(
        answer=RIGHT,
        after=f"import anywidget\nclass Evil(anywidget.AnyWidget):\n    _esm = 'export default {{ render() {{ {HACK} }} }}'\nEvil()",
        fair=GRADIENT,
    ),
    "text-answer": Attack(
        answer=RIGHT,
        change=text_cell(EVERYTHING + f"\n\n[link](javascript:{HACK}) ![p]({CALL}) $x<y$ <b onclick={HACK}>b</b>"),
        fair=GRADIENT,
    ),
    "text-attachment": Attack(
        answer=RIGHT,
        change=text_cell(
            "![a](attachment:a.svg)", attachments={"a.svg": {"image/svg+xml": 'PHN2Zz48L3N2Zz4=" onerror="' + HACK}}
        ),
        fair=GRADIENT,
    ),
    "text-without-its-picture": Attack(
        answer=RIGHT, change=text_cell("![a](attachment:nowhere.png)" + "[" * 5000), fair=GRADIENT
    ),
    "raw-cell": Attack(
        answer=RIGHT,
        change=text_cell(EVERYTHING, cell_type="raw", metadata={"raw_mimetype": "text/html"}),
        fair=GRADIENT,
    ),
    "comment": Attack(answer=f"def gradient(f, x):\n    raise ValueError({EVERYTHING!r})\n"),
}
