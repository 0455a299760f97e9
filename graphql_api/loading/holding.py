"""Holding: after a rollback loads publish nothing until the seeds are others than those that were rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.loading.model_file import fingerprint_of
from graphql_api.reading.seed_bytes import Source, read_source
from graphql_api.reading.telling import told_once
from graphql_api.records import LoadReport, Problem, Severity
from graphql_api.store.rollback import seeds_digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphql_api.loading.publish import Current
    from graphql_api.loading.work import Work
    from graphql_api.reading.discover import Discovery

ROLLED_BACK = "ROLLED_BACK"


def is_rolled_back(seeds: Path, model: str, discovery: Discovery, current: Current, work: Work) -> bool:
    """Return whether these seeds, with a model's text, are those that were rolled back. Blocks."""
    digest = seeds_digest(fingerprint_of(model), _digests(seeds, discovery, current, work))
    return current.pointer is not None and digest == current.pointer.held


def held_report(current: Current, discovery: Discovery) -> LoadReport:
    """Return the report of a load that publishes nothing because of a rollback."""
    assert current.pointer is not None  # noqa: S101 - a rollback has written it
    message = (
        f"Nothing was published: version {current.pointer.version} was rolled back to, and these seeds are those that "
        "were rolled back. Change them, or load with --force."
    )
    problem = Problem(Severity.WARNING, ROLLED_BACK, ".", None, message)
    return LoadReport(
        version=current.pointer.version,
        published=False,
        added=0,
        changed=0,
        removed=0,
        unchanged=current.entry_count,
        hidden=current.hidden,
        unclaimed=0,
        seconds=0.0,
        problems=tuple(told_once([problem, *discovery.problems, *current.problems])),
    )


def _digests(seeds: Path, discovery: Discovery, current: Current, work: Work) -> Iterator[tuple[str, bytes | None]]:
    """Yield the SHA-256 of each seed, in the order of their paths; None for one that cannot be read."""
    to_read = {file.path for file in work.changed}
    for file in discovery.files:
        if file.path not in to_read:
            yield file.path, current.digests.get(file.path)
            continue
        source = read_source(str(seeds), file)
        yield file.path, source.sha256 if isinstance(source, Source) else None
