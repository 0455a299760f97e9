"""The inline writer: texts, formulas, links, images and raw HTML on their way to HTML and plain text.

It holds the limit on raw HTML: the sanitizer's time grows with the square of the depth of nesting, and nobody knows how
deep raw HTML is, so it is shown as text when there is too much of it, or too much that nothing closes.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql_api.records import Heading, Loss
from graphql_api.rendering import raw_html
from graphql_api.rendering.anchors import Anchors, target_of
from graphql_api.rendering.entry_links import shown_names
from graphql_api.rendering.footnotes import Footnotes
from graphql_api.rendering.links import bare_links, forbidden_scheme
from graphql_api.rendering.markdown import MARK, MARK_START, without_marks
from graphql_api.rendering.mathml import converted
from graphql_api.rendering.output import Output, escaped
from graphql_api.rendering.sanitize import own_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.rendering.formulas import Piece

Value: TypeAlias = Any  # what stands under an event's one key; its shape depends on the key

RAW_MAX = 20_000  # tags and entities of raw HTML in one answer
RAW_OPEN_MAX = 1_000  # of these, opened and not closed
_RAW_TAG = re.compile(r"<(/?)([A-Za-z])")
_VOID = re.compile(r"<(?:br|hr|img|wbr|col|source)(?=[\s/>])|/>", re.IGNORECASE)


class InlineWriter(Output):
    """One answer on its way out; `formulas` are the pieces that the numbers between marks stand for."""

    def __init__(self, formulas: Sequence[Piece]) -> None:
        """Start empty."""
        super().__init__()
        self.headings: list[Heading] = []
        self._formulas = formulas
        self._sources = [formula.text for formula in formulas]
        self.losses: dict[Loss, None] = {}
        self._anchors = Anchors()
        self._footnotes = Footnotes()
        self._links: list[tuple[int, str, str]] = []  # within the page: place in `html`, part behind the "#", the rest
        self._raw_parts: list[int] = []  # places of raw HTML in `html`
        self._link_depth = 0
        self._raw_open = 0
        self._emptied = 0
        self._math: list[str] | None = None
        self._ends: list[Callable[[], None] | tuple[str, int]] = []
        self._raw = 0
        self._is_cut = False  # raw HTML is shown as text from here on
        self._raw_block: list[str] | None = None
        self._alignments: tuple[str, ...] = ()
        self._cell = 0
        self._in_head = False
        self._in_code = False
        self._latex: dict[int, str] = {}  # of the formulas, by their place in `text`

    def start_link(self, value: Value) -> None:
        """Open a link; one within the page waits until every id is known."""
        email = "mailto:" if value["link_type"] == "Email" else ""
        title = f' title="{escape(self.restored(value["title"]))}"' if value["title"] else ""
        address = email + self.restored(value["dest_url"])
        self._lose_scheme(address)
        self.put(f'<a href="{escape(address)}"{title}>')
        if address.startswith("#") and self.alt is None:
            self._links.append((len(self.html) - 1, address[1:], title))
        self._link_depth += 1

        def end() -> None:
            self._link_depth -= 1
            self.put("</a>")

        self._ends.append(end)

    def _lose_scheme(self, address: str) -> None:
        if scheme := forbidden_scheme(address):
            sentence = f'The address of "{address[:80]}" is left out: "{scheme}:" may not be linked.'
            self.losses[Loss("ADDRESS_LEFT_OUT", sentence, address)] = None

    def lead_links(self) -> None:
        """Send each link within the page to the id that it means, now that all of them are known."""
        if not self._links and not self._raw_parts:
            return
        targets = self._anchors.targets()

        def find(fragment: str) -> str:
            target = target_of(fragment, targets)
            if target is None and fragment and fragment.lower() != "top" and not fragment.startswith(("fn-", "fnref-")):
                sentence = f'The link "#{fragment[:80]}" leads nowhere: nothing on the page has this id.'
                self.losses[Loss("LINK_DANGLING", sentence, f"#{fragment}")] = None
            return target or fragment

        for place, fragment, title in self._links:
            self.html[place] = f'<a href="#{escape(find(fragment))}"{title}>'
        for place in self._raw_parts:
            self.html[place] = raw_html.with_targets(self.html[place], find)

    def start_image(self, value: Value) -> None:
        """Open an image; what it holds is its alternative text."""
        if self.alt is not None:
            self._ends.append(("", 0))
            return
        self.alt = []

        def end() -> None:
            alt = "".join(self.alt or ())
            self.alt = None
            title = f' title="{escape(self.restored(value["title"]))}"' if value["title"] else ""
            address = self.restored(value["dest_url"])
            self._lose_scheme(address)
            self.put(f'<img src="{escape(address)}" alt="{escape(alt)}"{title}>')

        self._ends.append(end)

    def write_text(self, text: str) -> None:
        """Write a text: of a formula, of code, or plain, with formulas and bare addresses in it."""
        if self._math is not None:
            self._math.append(text)
            return
        if self._in_code:
            text = self.restored(text)
            self.put(escaped(text))
            self.say(text.rstrip("\n"))
            return
        if MARK_START not in text:
            self._write_plain(text)
            return
        for i, part in enumerate(MARK.split(text)):
            if i % 2:
                self.write_formula(self._formulas[int(part)])
            elif part:
                self._write_plain(part)

    def _write_plain(self, text: str) -> None:
        """Write text in which bare addresses are links, unless it is a link itself or an image's."""
        self.say(shown_names(text) if "[[" in text and not self._link_depth else text)
        if self._link_depth or self.alt is not None:
            self.put(escaped(text))
            return
        for part, address in bare_links(text):
            self.put(f'<a href="{escape(address)}">{escaped(part)}</a>' if address else escaped(part))

    def write_formula(self, formula: Piece) -> None:
        """Write a formula."""
        latex, html, _, text, loss = converted(formula)
        self.put(html)
        self.say(text)
        self._latex[len(self.text) - 1] = latex
        if loss is not None:
            self.losses[loss] = None

    def write_code(self, code: str) -> None:
        """Write a code span."""
        code = self.restored(code)
        self.put(f"<code>{escaped(code)}</code>")
        self.say(code)

    def write_raw(self, html: str) -> None:
        """Write raw HTML, or gather it within a block of it."""
        html = self.restored(html)
        if self._is_too_much(html):
            self.put(escaped(html))
            self.say(html)
            if not self._is_cut:
                self.losses[Loss("HTML_AS_TEXT", f"Raw HTML is shown as text from {html[:40].strip()} on.", "")] = None
            self._is_cut = True
        elif self._raw_block is not None:
            self._raw_block.append(html)
        else:
            self.put_raw(html)
            self._emptied += raw_html.empties(html)
            if raw_html.is_block(html):
                self.say("\n")

    def say(self, text: str) -> None:
        """Add to the plain text, unless it is within an element that goes with all that it holds."""
        if self._emptied <= 0:
            super().say(text)

    def _is_too_much(self, html: str) -> bool:
        """Say whether there is more raw HTML than the sanitizer takes in linear time."""
        if self._raw > RAW_MAX or self._raw_open > RAW_OPEN_MAX:
            return True
        self._raw += html.count("<") + html.count("&")
        for end, _ in _RAW_TAG.findall(html):
            self._raw_open = max(self._raw_open + (-1 if end else 1), 0)
        self._raw_open = max(self._raw_open - len(_VOID.findall(html)), 0)
        return self._raw > RAW_MAX or self._raw_open > RAW_OPEN_MAX

    def put_raw(self, html: str) -> None:
        """Put raw HTML, with our ids for its author's and for its headings, and note what of it is lost."""
        self.losses.update(dict.fromkeys(raw_html.losses_of(html)))
        html = raw_html.with_headings(raw_html.with_ids(html, self._anchors), self._add_raw_heading)
        self._raw_parts.append(len(self.html))
        self.put(html)

    def _add_raw_heading(self, level: int, text: str, anchor: str) -> str:
        """Add a raw heading to `headings`, and return its anchor: a new one, unless it has one."""
        anchor = anchor or (self._anchors.name(text) if text else "")
        if text:
            self.headings.append(Heading(level, text, anchor))
        return anchor

    def write_task(self, done: Value) -> None:
        """Write the box of a task."""
        sign = "☑ " if done else "☐ "
        self.put(sign)
        self.say(sign)

    def write_footnote_reference(self, name: Value) -> None:
        """Write a note's number."""
        number, place = self._footnotes.refer(name)
        self.put(f'<sup><a href="#fn-{number}" id="{own_id(place)}">{number}</a></sup>')

    def restored(self, text: str) -> str:
        """Return the text with the source of its formulas: in code and addresses they are none."""
        return without_marks(text, self._sources)
