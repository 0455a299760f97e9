"""Hugo, which builds a page of every article from the same files: its answer and where its references lead, as HTML."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.processes import run_watched

if TYPE_CHECKING:
    from collections.abc import Sequence

_SITE = {
    "config.toml": 'baseURL = "http://127.0.0.1/"\ntitle = "Articles"\n'
    'disableKinds = ["taxonomy", "term", "RSS", "sitemap", "404"]\n',
    "layouts/_default/single.html": """\
<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>
<p>{{ .Date.Format "2006-01-02" }}, {{ .Params.subject }}</p>
{{ .Params.answer | markdownify }}
<ul>{{ range $number := seq 5 }}{{ with index $.Params (printf "related_article%d" $number) -}}
<li><a href="{{ .url }}">{{ .title }}</a></li>{{ end }}{{ end }}</ul>
""",
    "layouts/_default/list.html": """\
<!doctype html><title>{{ .Title }}</title>
<ul>{{ range first 20 .RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
""",
}


def program() -> str | None:
    """Return where Hugo is, None where it is not."""
    return shutil.which("hugo")


def build(hugo: str, seeds: Path, cores: Sequence[int]) -> float:
    """Return how many seconds it takes to build all pages. Raises RuntimeError if there is none for each article."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in _SITE.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        places = ["--source", name, "--contentDir", str(seeds.resolve()), "--destination", str(folder / "public")]
        seconds, _ = run_watched([hugo, *places], cores)
        pages, articles = (sum(1 for _ in each) for each in (folder.rglob("index.html"), seeds.rglob("*.md")))
        if pages < articles:
            raise RuntimeError(f"Hugo made {pages} pages of {articles} articles.")
        return seconds
