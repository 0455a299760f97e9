"""The commands about what a store holds: `generations`, `verify`, `rollback`, `export` and `import`."""
# ruff: noqa: PLC0415 - what takes time to import is imported by the command that needs it

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import asdict

from graphql_api.cli.content_options import json_option, store_option
from graphql_api.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from graphql_api.store.generations import Pointer
    from graphql_api.store.inventory import Stored

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@store_option
@json_option
def generations(store: Path, *, as_json: bool) -> None:
    """List the generations that the store holds: the current one, the one before it, and spares.

    For example:

      graphql-api generations

      graphql-api generations --json
    """
    from graphql_api.cli import report
    from graphql_api.store.inventory import inventory

    found = inventory(store)
    if as_json:
        report.show_json({"generations": [asdict(each) for each in found]})
        return
    for each in found:
        report.show(_line(each))


@click.command()
@store_option
@json_option
def verify(store: Path, *, as_json: bool) -> ExitCode:
    """Compare the current generation, and the one before it, with the checksums of what was published.

    The exit code is 1 if one is damaged. Servers and loads compare it too, whenever they open it.

    For example:

      graphql-api verify                         # after a crash, or a copy
    """
    from graphql_api.cli import report
    from graphql_api.store.inventory import verify as verify_store

    verdicts = verify_store(store)
    if as_json:
        report.show_json({"generations": [asdict(each) for each in verdicts]})
    else:
        for each in verdicts:
            report.show(f"{each.state} {each.file}: {each.damage or 'intact'}")
    return ExitCode.PROBLEMS if any(each.damage for each in verdicts) else ExitCode.OK


@click.command()
@store_option
def rollback(store: Path) -> None:
    """Make the generation before the current one current again. A server there notices by itself.

    It holds: loads publish nothing until the seeds, or the label they are loaded with, are others than those that were
    rolled back, or until a load with --force. A second rollback goes back to where the first one was.

    For example:

      graphql-api rollback                       # then mend the seeds, and load
    """
    from graphql_api.cli import report
    from graphql_api.store.rollback import roll_back

    before, now = roll_back(store)
    report.show(f"rolled back: {_name(before)}")
    report.show(f"current: {_name(now)}")


@click.command("export")
@click.argument("file", type=_FILE, help="The file to write.")
@store_option
def export_file(file: Path, store: Path) -> None:
    """Write the current generation to a file, compressed and with its checksum, for `graphql-api import`.

    It is safe while loads publish; the file is there whole or not at all.

    For example:

      graphql-api export content.tar.zst         # then copy it to another machine
    """
    from graphql_api.cli import report
    from graphql_api.store.transfer import export_generation

    pointer = export_generation(store, file)
    report.show(f"exported: {_name(pointer)}")
    report.show(f"bytes: {file.stat().st_size:,} ({pointer.size_bytes:,} in the store)")


@click.command("import")
@click.argument("file", type=_FILE, help="What `graphql-api export` has written.")
@store_option
def import_file(file: Path, store: Path) -> None:
    """Publish the generation that a file holds, all or nothing. A server there notices by itself.

    A damaged file, and one that another version of this program has written, is refused.

    For example:

      graphql-api import content.tar.zst
    """
    from graphql_api.cli import report
    from graphql_api.store.transfer import import_generation

    report.show(f"imported: {_name(import_generation(store, file))}")


def _name(pointer: Pointer) -> str:
    return f"{pointer.version}{f' ({pointer.label})' if pointer.label else ''}"


def _line(stored: Stored) -> str:
    label = f" ({stored.label})" if stored.label else ""
    place = f", publish {stored.sequence}" if stored.sequence else ""
    return f"{stored.state}: {stored.version}{label}{place}, built {stored.built_at}, {stored.size_bytes:,} bytes"
