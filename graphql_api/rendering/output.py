"""Output: HTML and plain text, written side by side."""

from __future__ import annotations


class Output:
    """What has been written of one answer; `text` has its blocks set apart by `gap` line feeds."""

    def __init__(self) -> None:
        """Start empty."""
        self.html: list[str] = []
        self.text: list[str] = []
        self.gap = 0
        self.alt: list[str] | None = None

    def put(self, html: str) -> None:
        """Add to the HTML, unless an image's alternative text is being gathered: that holds no tags."""
        if self.alt is None:
            self.html.append(html)

    def say(self, text: str) -> None:
        """Add to the plain text, after the gap that the last block asked for."""
        if not text:
            return
        if self.gap:
            if self.text:
                self.text.append("\n" * self.gap)
            self.gap = 0
        self.text.append(text)
        if self.alt is not None:
            self.alt.append(text)

    def widen_gap(self, line_feeds: int) -> None:
        """Ask for at least so many line feeds before the next text."""
        if line_feeds > self.gap:  # noqa: PLR1730 - half the time of max(), some hundred times an answer
            self.gap = line_feeds


def escaped(text: str) -> str:
    """Return `text` for use between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
