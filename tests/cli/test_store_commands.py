"""The commands about what a store holds: each does what it says, all or nothing, beside loads and servers."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tarfile
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from graphql_api.cli.exit_codes import ExitCode
from graphql_api.model.texts import package_text
from graphql_api.store.generations import generation_path, load_lock, read_pointer
from graphql_api.store.kept import generation_files
from tests.command_line import run, serving
from tests.loading.seed_folder import SeedFolder

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SeedFolder:
    """A folder of seeds and its store, which every command here takes from the environment."""
    folder = SeedFolder(tmp_path)
    monkeypatch.setenv("GRAPHQL_API_SEEDS", str(folder.root))
    monkeypatch.setenv("GRAPHQL_API_STORE", str(folder.store))
    return folder


def publish(seeds: SeedFolder, *titles: str) -> list[str]:
    """Publish a generation for each title, labelled by it, and return their versions."""
    versions = []
    for title in titles:
        seeds.write("a", title=title)
        versions.append(seeds.load(label=f"commit of {title}").version)
    return versions


def damage(seeds: SeedFolder) -> None:
    """Turn a bit of the current generation."""
    path = generation_path(seeds.store, read_pointer(seeds.store))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def codes(report: Any) -> list[str]:
    """Return the codes of a report's problems."""
    return [problem.code for problem in report.problems]


def test_generations_are_listed_with_what_is_known_of_them(
    seeds: SeedFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    """The current one, the one before it, and a spare; as lines and as JSON."""
    first, second, third = publish(seeds, "A", "B", "C")
    assert run("generations") == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(", ")[0] for line in lines] == [
        f"current: {third} (commit of C)",
        f"previous: {second} (commit of B)",
        f"spare: {first}",
    ]
    run("generations", "--json")
    told = json.loads(capsys.readouterr().out)["generations"]
    assert [each["state"] for each in told] == ["current", "previous", "spare"]
    assert [each["sequence"] for each in told] == [3, 2, 0]
    assert {each["file"] for each in told} == {path.name for path in generation_files(seeds.store)}


def test_commands_on_an_empty_store_say_what_to_do(seeds: SeedFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 5, and the way out."""
    for command in (["generations"], ["verify"], ["rollback"], ["export", seeds.root.parent / "file"]):
        assert run(*command) == ExitCode.UNREADABLE
        assert "graphql-api load" in capsys.readouterr().err
    assert not (seeds.root.parent / "file").exists()


def test_verify_tells_what_is_damaged(seeds: SeedFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """Intact is code 0; damage, a missing file and a broken pointer are code 1, and told."""
    publish(seeds, "A", "B")
    assert run("verify") == ExitCode.OK
    assert [line.rpartition(" ")[2] for line in capsys.readouterr().out.splitlines()] == ["intact", "intact"]
    damage(seeds)
    assert run("verify") == ExitCode.PROBLEMS
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("current ")
    assert "its checksum differs" in first
    assert second.endswith(": intact")
    generation_path(seeds.store, read_pointer(seeds.store)).unlink()
    assert run("verify", "--json") == ExitCode.PROBLEMS
    current, previous = json.loads(capsys.readouterr().out)["generations"]
    assert "is gone" in current["damage"]
    assert previous["damage"] == ""
    (seeds.store / "current.json").write_text("{")
    assert run("verify") == ExitCode.PROBLEMS
    assert "current current.json: " in capsys.readouterr().out


def test_rollback_holds_until_the_seeds_are_others(seeds: SeedFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """Loads of what was rolled back publish nothing, whatever its stat; the next change is published."""
    old, new = publish(seeds, "Old", "New")
    before = read_pointer(seeds.store)
    assert run("rollback") == ExitCode.OK
    assert capsys.readouterr().out == f"rolled back: {new} (commit of New)\ncurrent: {old} (commit of Old)\n"
    assert read_pointer(seeds.store).sequence == before.sequence + 1
    for _ in range(2):
        os.utime(seeds.root / "a.md", ns=(1, 1))
        report = seeds.load()
        assert (report.version, report.published, codes(report)) == (old, False, ["ROLLED_BACK"])
        assert seeds.titles() == {"a": "Old"}
    seeds.write("a", title="Mended")
    report = seeds.load()
    assert (report.published, report.problems) == (True, ())
    assert seeds.titles() == {"a": "Mended"}


@pytest.mark.parametrize("how", ["force", "label", "file", "model"])
def test_rollback_is_ended_by_force_and_by_whatever_makes_it_other_content(seeds: SeedFolder, how: str) -> None:
    """`--force`, another commit, another file beside it, another model."""
    _, new = publish(seeds, "Old", "New")
    run("rollback")
    assert codes(seeds.load(label="commit of New")) == ["ROLLED_BACK"]
    options: dict[str, Any] = {}
    match how:
        case "force":
            options = {"force": True}
        case "label":
            options = {"label": "another commit"}
        case "file":
            seeds.write("b")
        case "model":
            model = seeds.root.parent / "model.graphql"
            model.write_text(package_text("questions.graphql") + "# another one\n")
            options = {"model": model, "allow_shrink": True}
    report = seeds.load(**options)
    assert report.published
    assert "ROLLED_BACK" not in codes(report)
    assert how not in {"force", "label"} or report.version == new
    assert not seeds.load(**{key: value for key, value in options.items() if key != "force"}).published


def test_second_rollback_goes_back_to_where_the_first_one_was(seeds: SeedFolder) -> None:
    """So a rollback by mistake is undone; loads then find nothing to do."""
    publish(seeds, "Old", "New")
    run("rollback")
    assert seeds.titles() == {"a": "Old"}
    run("rollback")
    assert seeds.titles() == {"a": "New"}
    report = seeds.load()
    assert (report.published, report.problems) == (False, ())


def test_rollback_to_damage_or_to_nothing_is_refused(seeds: SeedFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is changed; a load that is under way is waited for by whoever calls."""
    publish(seeds, "Old")
    assert run("rollback") == ExitCode.UNREADABLE
    assert "There is no generation before the current one" in capsys.readouterr().err
    damage(seeds)
    publish(seeds, "New")
    seeds.write("a", title="Newer")
    seeds.load()
    with load_lock(seeds.store):
        assert run("rollback") == ExitCode.BUSY
    path = generation_files(seeds.store)[1]
    path.write_bytes(path.read_bytes()[:-1])
    assert run("rollback") == ExitCode.UNREADABLE
    assert "cannot be used" in capsys.readouterr().err
    assert seeds.titles() == {"a": "Newer"}


def test_rollback_from_damage_holds_nothing(seeds: SeedFolder) -> None:
    """What a disk has spoiled is no fault of the seeds: a load builds it anew."""
    _, new = publish(seeds, "Old", "New")
    damage(seeds)
    run("rollback")
    assert seeds.titles() == {"a": "Old"}
    assert seeds.load().version == new


def test_export_and_import_bring_a_generation_to_another_store(
    seeds: SeedFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other store has the same bytes; a load of the same seeds there finds nothing to do."""
    publish(seeds, "A", "B")
    file, other = tmp_path / "content.tar.zst", tmp_path / "other"
    assert run("export", file) == ExitCode.OK
    told = capsys.readouterr().out
    assert "exported: " in told
    pointer = read_pointer(seeds.store)
    assert file.stat().st_size < pointer.size_bytes / 2
    assert run("import", file, "--store", other) == ExitCode.OK
    assert read_pointer(other) == pointer
    assert generation_path(other, pointer).read_bytes() == generation_path(seeds.store, pointer).read_bytes()
    assert run("verify", "--store", other) == ExitCode.OK
    clone = tmp_path / "clone"
    shutil.copytree(seeds.root, clone)
    capsys.readouterr()
    assert run("load", "--seeds", clone, "--store", other) == ExitCode.OK
    assert f"version: {pointer.version} (was current already)" in capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} == {"seeds", "store", "other", "clone", file.name}


def test_import_keeps_what_was_current_as_the_previous_one(seeds: SeedFolder, tmp_path: Path) -> None:
    """So an import can be rolled back; its publish comes after all that were there."""
    publish(seeds, "A", "B")
    run("export", tmp_path / "file")
    publish(seeds, "C", "D")
    assert run("import", tmp_path / "file") == ExitCode.OK
    assert seeds.titles() == {"a": "B"}
    assert read_pointer(seeds.store).sequence == 5
    assert len(generation_files(seeds.store)) == 3
    assert run("rollback") == ExitCode.OK
    assert seeds.titles() == {"a": "D"}


@pytest.mark.parametrize("how", ["cut", "flip", "empty", "text", "no pointer", "longer", "nonsense", "tables"])
def test_what_is_not_a_whole_export_is_refused(
    seeds: SeedFolder, tmp_path: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 5, one line, and nothing is changed."""
    (version,) = publish(seeds, "A")
    file, other = tmp_path / "file", tmp_path / "other"
    run("export", file)
    data = file.read_bytes()
    pointer, generation = members(data)
    match how:
        case "cut":
            data = data[: len(data) // 2]
        case "flip":
            data = data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
        case "empty":
            data = b""
        case "text":
            data = b"no archive at all"
        case "no pointer":
            data = archive([("generation.sqlite", generation)])
        case "longer":
            data = archive([("pointer.json", pointer), ("generation.sqlite", generation + b"more")])
        case "nonsense":
            data = archive([("pointer.json", b'{"version": 1}'), ("generation.sqlite", generation)])
        case "tables":
            said = json.dumps({**json.loads(pointer), "tables": "others"}).encode()
            data = archive([("pointer.json", said), ("generation.sqlite", generation)])
    file.write_bytes(data)
    for store in (other, seeds.store):
        capsys.readouterr()
        assert run("import", file, "--store", store) == ExitCode.UNREADABLE
        told = capsys.readouterr().err
        assert ("damaged" in told) != (how == "tables")
        assert told.count("\n") == 1
    assert not (other / "current.json").exists()
    assert list((other / "generations").iterdir()) == []
    assert read_pointer(seeds.store).version == version
    assert not seeds.load().published


def members(data: bytes) -> tuple[bytes, bytes]:
    """Return the pointer and the generation in an export."""
    with tarfile.open(fileobj=io.BytesIO(zstd.decompress(data))) as opened:
        pointer, generation = (opened.extractfile(member) for member in opened.getmembers())
        assert pointer
        assert generation
        return pointer.read(), generation.read()


def archive(files: list[tuple[str, bytes]]) -> bytes:
    """Return an archive as exports are."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as opened:
        for name, data in files:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            opened.addfile(member, io.BytesIO(data))
    return zstd.compress(target.getvalue())


def test_damaged_generation_is_not_exported(seeds: SeedFolder, tmp_path: Path) -> None:
    """What was there before under that name stays as it was."""
    publish(seeds, "A")
    file = tmp_path / "file"
    run("export", file)
    before = file.read_bytes()
    damage(seeds)
    assert run("export", file) == ExitCode.UNREADABLE
    assert file.read_bytes() == before
    assert run("export", tmp_path / "nowhere" / "file") == ExitCode.UNREADABLE


def test_import_while_a_load_is_under_way_says_so(seeds: SeedFolder, tmp_path: Path) -> None:
    """It would be in its way."""
    publish(seeds, "A")
    run("export", tmp_path / "file")
    with load_lock(seeds.store):
        assert run("import", tmp_path / "file") == ExitCode.BUSY
        assert run("export", tmp_path / "another") == ExitCode.OK
    assert run("import", tmp_path / "gone") == ExitCode.UNREADABLE


def test_label_is_shown_by_the_api_and_the_probe_at_once(seeds: SeedFolder) -> None:
    """Also where nothing else is new, and the answer was cached before."""
    query = {"query": "{ content { label version } }"}
    seeds.write("a")
    version = seeds.load().version
    with serving("--no-load") as server:
        for label in (None, "first", "second"):
            seeds.load(label=label or "")
            for _ in range(2):
                answer = httpx2.post(f"{server.url}/graphql", json=query).json()
                assert answer == {"data": {"content": {"label": label, "version": version}}}
            assert httpx2.get(f"{server.url}/readyz").json().get("label") == label
