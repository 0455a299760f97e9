"""The writer: Markdown's events to HTML, plain text and headings, in one pass.

It writes ordinary HTML and leaves judging it to the sanitizer. It holds a limit that keeps the sanitizer linear: its
time grows with the square of the depth of nesting, so deeper elements are left out (what they hold is not).
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, ClassVar

from graphql_api.records import Heading
from graphql_api.rendering import raw_html
from graphql_api.rendering.formulas import Kind, Piece
from graphql_api.rendering.inline_writer import InlineWriter, Value
from graphql_api.rendering.sanitize import own_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

DEPTH_MAX = 60  # elements within elements
_WANTED_ID = re.compile(r"\s*\{#([^\s{}\"'<>&]{1,200})(?:\s+[.\w-][^\s{}<>&]{0,200}){0,20}\s*\}\s*\Z")

_SIMPLE = {
    "Paragraph": ("<p>", "</p>\n", 2),
    "Item": ("<li>", "</li>\n", 1),
    "Emphasis": ("<em>", "</em>", 0),
    "Strong": ("<strong>", "</strong>", 0),
    "Strikethrough": ("<del>", "</del>", 0),
}


def _with_whole_texts(events: Iterable[Value]) -> Iterator[Value]:
    """Yield events with texts that follow on one another as one: the parser takes them apart at every bracket."""
    parts: list[str] = []
    for event in events:
        if isinstance(event, dict) and "Text" in event:
            parts.append(event["Text"])
            continue
        if parts:
            yield {"Text": "".join(parts)}
            parts = []
        yield event
    if parts:
        yield {"Text": "".join(parts)}


class Writer(InlineWriter):
    """One answer on its way out; `formulas` are the pieces that the numbers between marks stand for."""

    def write(self, events: Iterable[Value], *, has_notes: bool, has_names: bool = False) -> None:
        """Write every event, then the footnotes; an event is a word, or a dict of one key, as pyromark yields them.

        `has_names` says that there may be names of entries in double brackets.
        """
        if has_names:
            events = _with_whole_texts(events)
        self._write_events(self._footnotes.without_definitions(events) if has_notes else events)
        self._write_footnotes()
        self.lead_links()

    def _write_events(self, events: Iterable[Value]) -> None:
        for event in events:
            if isinstance(event, str):
                self._write_word(event)
                continue
            name, value = event.popitem()
            if name == "Text":
                self.write_text(value)
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
            wanted = self._taken_id(html_start, text_start)
            text = " ".join("".join(self.text[text_start:]).split())
            sources = [self._latex.get(text_start + i, part) for i, part in enumerate(self.text[text_start:])]
            anchor = self._anchors.name(" ".join("".join(sources).split()), wanted)
            self.html[html_start] = f'<h{level} id="{escape(own_id(anchor))}">'
            self.put(f"</h{level}>\n")
            self.headings.append(Heading(level, text, anchor))
            self.gap = 2

        self._ends.append(end)

    def _taken_id(self, html_start: int, text_start: int) -> str:
        """Return the id that stands behind a heading's text (`{#id}`), which loses it; "" without one."""
        if len(self.text) <= text_start or len(self.html) <= html_start + 1:
            return ""
        match = _WANTED_ID.search(self.text[-1])
        if match is None or not self.html[-1].endswith(match[0]):
            return ""
        self.text[-1] = self.text[-1][: match.start()]
        self.html[-1] = self.html[-1].removesuffix(match[0])
        return match[1]

    def _start_quote(self, kind: Value) -> None:
        if kind is None:
            self._open("<blockquote>\n", "</blockquote>\n", 2)
        else:
            title = f"<p><strong>{kind}</strong></p>\n"
            self._open(f'<aside class="{kind.lower()}">\n{title}', "</aside>\n", 2)

    def _start_list(self, first: Value) -> None:
        if first is None:
            self._open("<ul>\n", "</ul>\n", 1)
        else:
            self._open("<ol>\n" if first == 1 else f'<ol start="{first}">\n', "</ol>\n", 1)

    def _start_code(self, value: Value) -> None:
        language = value["Fenced"].split(maxsplit=1)[:1] if isinstance(value, dict) else []
        if language == ["math"]:
            self._start_math()
            return
        name = f' class="language-{escape(self.restored(language[0]))}"' if language else ""
        self.gap = 2
        self.put(f"<pre><code{name}>")
        self._in_code = True

        def end() -> None:
            self._in_code = False
            self.put("</code></pre>\n")
            self.gap = 2

        self._ends.append(end)

    def _start_math(self) -> None:
        """Read a formula that is fenced as code of the language `math`."""
        self.gap = 2
        self._math = []

        def end() -> None:
            formula = Piece(Kind.BLOCK, f"$${''.join(self._math or ())}$$")
            self._math = None
            self.put("<p>")
            self.write_formula(formula)
            self.put("</p>\n")
            self.gap = 2

        self._ends.append(end)

    def _start_raw(self, _value: Value) -> None:
        self._raw_block = []

        def end() -> None:
            raw, self._raw_block = "".join(self._raw_block or ()), None
            self.gap = 2
            self.put_raw(raw)
            self.say(raw_html.text_of(raw))
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

    def _write_footnotes(self) -> None:
        """Write the notes that are referred to, in the order of their numbers; a note may refer to others."""
        ends: list[tuple[int, list[str]]] = []
        for number, events, places in self._footnotes.notes():
            if number == 1:
                self.put('<section class="footnotes">\n<ol>\n')
            self.gap = 2
            self.put(f'<li id="{own_id(f"fn-{number}")}">')
            self._write_events(events)
            ends.append((len(self.html) - 1, places))
            self.put("</li>\n")
        for place, places in ends:  # now that every reference to each is known
            back = "".join(f' <a href="#{each}">↩</a>' for each in places)
            last = self.html[place]
            self.html[place] = f"{back}{last}" if last == "</p>\n" else f"{last}{back}"
        if ends:
            self.put("</ol>\n</section>\n")
        self.losses.update(dict.fromkeys(self._footnotes.losses()))

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
        "Link": InlineWriter.start_link,
        "Image": InlineWriter.start_image,
    }
    _LEAVES: ClassVar[dict[str, Callable[[Writer, Value], None]]] = {
        "Code": InlineWriter.write_code,
        "Html": InlineWriter.write_raw,
        "InlineHtml": InlineWriter.write_raw,
        "TaskListMarker": InlineWriter.write_task,
        "FootnoteReference": InlineWriter.write_footnote_reference,
    }
