"""The writer: Markdown's events to HTML, plain text and headings, in one pass.

It writes ordinary HTML and leaves judging it to the sanitizer. It holds the two limits that keep the sanitizer linear:
its time grows with the square of the depth of nesting, so deeper elements are left out (what they hold is not), and
raw HTML, whose depth nobody knows, is shown as text when there is too much of it.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from graphql_api.records import Heading
from graphql_api.rendering.anchors import Anchors
from graphql_api.rendering.markdown import MARK, MARK_START, without_marks
from graphql_api.rendering.mathml import formula_html, formula_text
from graphql_api.rendering.output import Output, escaped
from graphql_api.rendering.sanitize import strip_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphql_api.rendering.formulas import Piece

Value: TypeAlias = Any  # what stands under an event's one key; its shape depends on the key

DEPTH_MAX = 60  # elements within elements
RAW_MAX = 1_000  # tags and entities of raw HTML in one answer; what is over is shown as text
_RAW_HEADING_ID = re.compile(r"(?i)(<(?:h[1-6]|div)\b[^<]*?[\s\"'/])id(?=\s*=)")

_SIMPLE = {
    "Paragraph": ("<p>", "</p>\n", 2),
    "Item": ("<li>", "</li>\n", 1),
    "Emphasis": ("<em>", "</em>", 0),
    "Strong": ("<strong>", "</strong>", 0),
    "Strikethrough": ("<del>", "</del>", 0),
}


class Writer(Output):
    """One answer on its way out; `formulas` are the pieces that the numbers between marks stand for."""

    def __init__(self, formulas: Sequence[Piece]) -> None:
        """Start empty."""
        super().__init__()
        self.headings: list[Heading] = []
        self._formulas = formulas
        self._sources = [formula.text for formula in formulas]
        self._anchors = Anchors()
        self._footnotes: dict[str, int] = {}
        self._ends: list[Callable[[], None] | tuple[str, int]] = []
        self._raw = 0
        self._raw_block: list[str] | None = None
        self._alignments: tuple[str, ...] = ()
        self._cell = 0
        self._in_head = False
        self._in_code = False
        self._latex: dict[int, str] = {}  # of the formulas, by their place in `text`

    def write(self, events: Iterable[Value]) -> None:
        """Write every event; an event is a word, or a dict of one key, as pyromark yields them."""
        for event in events:
            if isinstance(event, str):
                self._write_word(event)
                continue
            name, value = event.popitem()
            if name == "Text":
                self._write_text(value)
            elif name == "End":
                end = self._ends.pop()
                end() if callable(end) else self._close(*end)
            elif name == "Start":
                self._start(value)
            else:
                self._LEAVES[name](self, value)

    def _write_word(self, word: str) -> None:
        if word == "Rule":
            self.put("<hr>\n")
            self.gap = 2
            return
        self.put("\n" if word == "SoftBreak" else "<br>\n")
        self.say("\n")

    # Elements

    def _start(self, tag: Value) -> None:
        if len(self._ends) >= DEPTH_MAX:
            self._ends.append(("", 1))
        elif not isinstance(tag, str):
            name, value = tag.popitem()
            self._STARTS[name](self, value)
        elif tag in _SIMPLE:
            opening, closing, gap = _SIMPLE[tag]
            if gap:
                self.widen_gap(gap)
            self.put(opening)
            self._ends.append((closing, gap))
        else:
            self._STARTS[tag](self, tag)

    def _close(self, closing: str, gap: int) -> None:
        self.put(closing)
        if gap:
            self.widen_gap(gap)

    def _open(self, opening: str, closing: str, gap: int) -> None:
        self.widen_gap(gap)
        self.put(opening)
        self._ends.append((closing, gap))

    def _start_heading(self, value: Value) -> None:
        level = int(value["level"][1])
        self.gap = 2
        self.put("")  # the opening tag waits for the heading's text
        html_start, text_start = len(self.html) - 1, len(self.text)

        def end() -> None:
            text = " ".join("".join(self.text[text_start:]).split())
            sources = [self._latex.get(text_start + i, part) for i, part in enumerate(self.text[text_start:])]
            anchor = self._anchors.name(" ".join("".join(sources).split()))
            self.html[html_start] = f'<h{level} id="{escape(anchor)}">'
            self.put(f"</h{level}>\n")
            self.headings.append(Heading(level, text, anchor))
            self.gap = 2

        self._ends.append(end)

    def _start_quote(self, _value: Value) -> None:
        self._open("<blockquote>\n", "</blockquote>\n", 2)

    def _start_list(self, first: Value) -> None:
        if first is None:
            self._open("<ul>\n", "</ul>\n", 1)
        else:
            self._open("<ol>\n" if first == 1 else f'<ol start="{first}">\n', "</ol>\n", 1)

    def _start_code(self, value: Value) -> None:
        language = value["Fenced"].split(maxsplit=1)[:1] if isinstance(value, dict) else []
        name = f' class="language-{escape(self._restored(language[0]))}"' if language else ""
        self.gap = 2
        self.put(f"<pre><code{name}>")
        self._in_code = True

        def end() -> None:
            self._in_code = False
            self.put("</code></pre>\n")
            self.gap = 2

        self._ends.append(end)

    def _start_raw(self, _value: Value) -> None:
        self._raw_block = []

        def end() -> None:
            raw = "".join(self._raw_block or ())
            self._raw_block = None
            self.gap = 2
            self.say(unescape(strip_tags(raw)).strip())
            self.gap = 2

        self._ends.append(end)

    def _start_table(self, alignments: Value) -> None:
        self._alignments = alignments
        self._open("<table>", "</tbody></table>\n", 2)

    def _start_row(self, tag: Value) -> None:
        self._cell, self._in_head = 0, tag == "TableHead"
        if self._in_head:
            self._open("<thead><tr>", "</tr></thead><tbody>\n", 1)
        else:
            self._open("<tr>", "</tr>\n", 1)

    def _start_cell(self, _value: Value) -> None:
        tag = "th" if self._in_head else "td"
        side = self._alignments[self._cell] if self._cell < len(self._alignments) else "None"
        self.put(f"<{tag}>" if side == "None" else f'<{tag} align="{side.lower()}">')
        if self._cell:
            self.say(" | ")
        self._cell += 1
        self._ends.append((f"</{tag}>", 0))

    def _start_link(self, value: Value) -> None:
        email = "mailto:" if value["link_type"] == "Email" else ""
        title = f' title="{escape(self._restored(value["title"]))}"' if value["title"] else ""
        self._open(f'<a href="{email}{escape(self._restored(value["dest_url"]))}"{title}>', "</a>", 0)

    def _start_image(self, value: Value) -> None:
        if self.alt is not None:
            self._ends.append(("", 0))
            return
        self.alt = []

        def end() -> None:
            alt = "".join(self.alt or ())
            self.alt = None
            title = f' title="{escape(self._restored(value["title"]))}"' if value["title"] else ""
            self.put(f'<img src="{escape(self._restored(value["dest_url"]))}" alt="{escape(alt)}"{title}>')

        self._ends.append(end)

    def _start_footnote(self, name: Value) -> None:
        number = self._footnote_number(name)
        self._open(f'<div id="fn-{number}"><sup>{number}</sup> ', "</div>\n", 2)

    # Leaves

    def _write_text(self, text: str) -> None:
        if self._in_code:
            text = self._restored(text)
            self.put(escaped(text))
            self.say(text.rstrip("\n"))
            return
        if MARK_START not in text:
            self.put(escaped(text))
            self.say(text)
            return
        for i, part in enumerate(MARK.split(text)):
            if i % 2:
                self._write_formula(self._formulas[int(part)])
            elif part:
                self.put(escaped(part))
                self.say(part)

    def _write_formula(self, formula: Piece) -> None:
        self.put(formula_html(formula))
        self.say(formula_text(formula))
        self._latex[len(self.text) - 1] = formula.latex

    def _write_code(self, code: str) -> None:
        code = self._restored(code)
        self.put(f"<code>{escaped(code)}</code>")
        self.say(code)

    def _write_raw(self, html: str) -> None:
        html = self._restored(html)
        self._raw += html.count("<") + html.count("&")
        if self._raw > RAW_MAX:
            self.put(escaped(html))
            self.say(html)
            return
        self.put(_RAW_HEADING_ID.sub(r"\1data-id", html))
        if self._raw_block is not None:
            self._raw_block.append(html)

    def _write_task(self, done: Value) -> None:
        sign = "☑ " if done else "☐ "
        self.put(sign)
        self.say(sign)

    def _write_footnote_reference(self, name: Value) -> None:
        number = self._footnote_number(name)
        self.put(f'<sup><a href="#fn-{number}">{number}</a></sup>')

    def _restored(self, text: str) -> str:
        """Return the text with the source of its formulas: in code and addresses they are none."""
        return without_marks(text, self._sources)

    def _footnote_number(self, name: str) -> int:
        return self._footnotes.setdefault(name, len(self._footnotes) + 1)

    _STARTS: ClassVar[dict[str, Callable[[Writer, Value], None]]] = {
        "Heading": _start_heading,
        "BlockQuote": _start_quote,
        "List": _start_list,
        "CodeBlock": _start_code,
        "HtmlBlock": _start_raw,
        "Table": _start_table,
        "TableHead": _start_row,
        "TableRow": _start_row,
        "TableCell": _start_cell,
        "Link": _start_link,
        "Image": _start_image,
        "FootnoteDefinition": _start_footnote,
    }
    _LEAVES: ClassVar[dict[str, Callable[[Writer, Value], None]]] = {
        "Code": _write_code,
        "Html": _write_raw,
        "InlineHtml": _write_raw,
        "TaskListMarker": _write_task,
        "FootnoteReference": _write_footnote_reference,
    }
