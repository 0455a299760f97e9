"""Work: what a load has to do, by what `stat` says and, where that has changed, by what the files hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from graphql_api.reading.seed_bytes import Source, read_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphql_api.loading.manifest import Stat
    from graphql_api.reading.discover import Discovery
    from graphql_api.records import SeedFile


class Work(Struct, frozen=True):
    """Files to read, paths that are gone, and paths that cannot be looked at.

    `touched` files have another stat than when they were read, and hold the same bytes. `is_sure` says that the stat of
    none of them can be that of other bytes too.
    """

    changed: tuple[SeedFile, ...]
    gone: tuple[str, ...]
    hidden: tuple[str, ...]
    touched: tuple[SeedFile, ...] = ()
    is_sure: bool = True

    @property
    def is_nothing(self) -> bool:
        """Whether what is published is what the seeds say."""
        return not self.changed and not self.gone


def work_of(discovery: Discovery, stats: Mapping[str, Stat], *, trusts_stat: bool = True) -> Work:
    """Return what differs from the manifest. A file that could not be looked at is neither changed nor gone."""
    changed = tuple(file for file in discovery.files if not trusts_stat or stats.get(file.path) != file)
    found = {file.path for file in discovery.files}
    lost = [path for path in stats if path not in found]
    hidden = tuple(path for path in lost if discovery.hides(path))
    return Work(changed, tuple(path for path in lost if not discovery.hides(path)), hidden)


def without_equal(work: Work, seeds: Path, stats: Mapping[str, Stat], digests: Mapping[str, bytes]) -> Work:
    """Return the work without files that hold what they held: a clone, or a touch, changes times only. Blocks.

    Reading a file costs a hundredth of making an entry of it. One of another size holds something else.
    """
    changed, touched, is_sure = [], [], True
    for file in work.changed:
        source = None
        if file.path in digests and stats[file.path][1] == file.size_bytes:
            source = read_source(str(seeds), file)
        if not isinstance(source, Source) or source.sha256 != digests[file.path]:
            changed.append(file)
        else:
            touched.append(source.file)
            is_sure = is_sure and source.file == file
    return replace(work, changed=tuple(changed), touched=tuple(touched), is_sure=is_sure)
