"""Articles written for a test, as seed files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_article(
    seeds: Path,
    slug: str,
    *,
    title: str,
    answer: str = "Text.",
    date: str = "2024-02-29",
    keywords: str = "",
) -> str:
    """Write the seed of an article in the subject "things"; return its url."""
    url = f"/learn/things/questions/{slug}"
    values = {"id": 1, "title": title, "url": url, "subject": "Things", "author": "Ada", "question": title}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    lines += [f"date: {date}", "seo:", "  title: Things", "  page_description: All of them"]
    lines += [f"  page_keywords: {json.dumps(keywords)}", f"answer: {json.dumps(answer, ensure_ascii=False)}"]
    path = seeds / "things" / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["---", *lines, "---", "", "&nbsp;", ""]), encoding="utf-8")
    return url
