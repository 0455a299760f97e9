"""Loading: what a load publishes, what it refuses, and what it tells."""

from __future__ import annotations

import asyncio
import os
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from graphql_api.errors import ContentError, LoadRefusedError, NoGenerationError, StoreError
from graphql_api.loading import unchanged_manifest
from graphql_api.loading.load import check, load
from graphql_api.reading.discover import MAX_FILE_BYTES
from graphql_api.store.driver import sqlite3
from graphql_api.store.generations import checksum_of, read_pointer, write_pointer
from tests.loading.opened_files import opened_files, settle
from tests.loading.seed_folder import SeedFolder, related, url_of, written

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.records import LoadReport

COUNTED = "SELECT slug, title, question_count FROM subject ORDER BY slug"
needs_permissions = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


@pytest.fixture
def seeds(tmp_path: Path) -> SeedFolder:
    """An empty folder of seeds."""
    return SeedFolder(tmp_path)


def counts(report: LoadReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged


def told(report: LoadReport) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in report.problems]


@pytest.fixture
def other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the program is another version, with the same tables."""
    monkeypatch.setattr("graphql_api.loading.publish.code_fingerprint", lambda: "other code")
    monkeypatch.setattr("graphql_api.loading.unchanged.code_fingerprint", lambda: "other code")
    monkeypatch.setattr("graphql_api.loading.decisions.code_fingerprint", lambda: "other code")
    monkeypatch.setattr("graphql_api.loading.content_row.code_fingerprint", lambda: "other code")


def test_report_counts_what_was_added_changed_removed_and_left(seeds: SeedFolder) -> None:
    """A report counts articles by their urls."""
    for name in "abcdefgh":
        seeds.write(name)
    assert counts(seeds.load()) == (8, 0, 0, 0)
    seeds.write("a", title="Another title")
    seeds.write("i")
    seeds.remove("h")
    assert counts(seeds.load()) == (1, 1, 1, 6)
    assert seeds.titles()["a"] == "Another title"
    assert "h" not in seeds.titles()


def test_new_url_is_an_article_gone_and_one_come(seeds: SeedFolder) -> None:
    """An article's identity is its url."""
    for name in "abcdef":
        seeds.write(name)
    seeds.load()
    seeds.write("a", url=url_of("new"))
    assert counts(seeds.load()) == (1, 0, 1, 5)


def test_renamed_file_changes_its_article_which_shows_where_it_lies(seeds: SeedFolder) -> None:
    """The built-in model shows the path, so a renamed file is a change, and neither a removal nor an addition."""
    seeds.write("a")
    version = seeds.load().version
    (seeds.root / "a.md").rename(seeds.root / "b.md")
    report = seeds.load()
    assert report.version != version
    assert counts(report) == (0, 1, 0, 0)
    assert seeds.query("SELECT entry_path, source_path FROM question") == [("b.md", "b.md")]


def test_load_with_nothing_changed_publishes_nothing(seeds: SeedFolder) -> None:
    """A load of what is published already leaves the pointer alone."""
    seeds.write("a")
    first = seeds.load()
    pointer = written(seeds.store / "current.json")
    second = seeds.load()
    assert (first.published, second.published) == (True, False)
    assert first.version == second.version
    assert written(seeds.store / "current.json") == pointer


def test_unchanged_file_is_not_opened(seeds: SeedFolder) -> None:
    """A file with the stat of the manifest counts as unchanged."""
    seeds.write("a")
    seeds.write("b")
    settle(seeds.root)
    seeds.load()
    seeds.write("b", title="Changed")
    with opened_files() as opened:
        assert counts(seeds.load()) == (0, 1, 0, 1)
    assert opened == {"b.md"}


def test_file_saved_with_equal_size_and_forged_time_is_seen(seeds: SeedFolder) -> None:
    """The time of its inode tells, which nobody can set; so does the inode of a file that took another's place."""
    path = seeds.write("a", title="aaaa")
    settle(seeds.root)
    seeds.load()
    status = path.stat()
    path.write_text(path.read_text().replace("aaaa", "bbbb"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(seeds.load()) == (0, 1, 0, 0)
    assert seeds.titles() == {"a": "bbbb"}


def test_file_written_again_within_one_step_of_the_clock_is_seen(seeds: SeedFolder) -> None:
    """What was read within the step of the clock in which it was written is compared once more."""
    path = seeds.write("a", title="aaaa")
    for before, after in pairwise(("aaaa", "bbbb", "cccc") * 4):
        path.write_text(path.read_text().replace(before, after))
        seeds.load()
        assert seeds.titles() == {"a": after}


def test_rescan_trusts_no_stat(seeds: SeedFolder) -> None:
    """It compares the bytes of every file, and reads as seeds those that differ."""
    seeds.write("a")
    seeds.write("b")
    settle(seeds.root)
    first = seeds.load()
    (generation,) = (seeds.store / "generations").iterdir()
    with sqlite3.connect(generation) as db:
        db.execute("UPDATE seed SET sha256 = zeroblob(32) WHERE path = 'b.md'")
    db.close()
    pointer = read_pointer(seeds.store)
    write_pointer(seeds.store, replace(pointer, checksum=checksum_of(generation)))
    with opened_files() as opened:
        assert not seeds.load().published
        assert opened == set()
        rescanned = seeds.load(rescan=True)
        assert opened == {"a.md", "b.md"}
    assert (rescanned.version, counts(rescanned)) == (first.version, (0, 0, 0, 2))
    assert read_pointer(seeds.store).file != pointer.file


def test_force_opens_every_file(seeds: SeedFolder) -> None:
    """A forced load reads files that look unchanged too."""
    seeds.write("a")
    settle(seeds.root)
    seeds.load()
    with opened_files() as opened:
        assert counts(seeds.load(force=True)) == (0, 0, 0, 1)
    assert opened == {"a.md"}


def test_touched_and_cloned_files_publish_and_rewrite_nothing(seeds: SeedFolder) -> None:
    """Files with other times and inodes and the old bytes are compared once, and not opened by the next load."""
    seeds.write("a")
    path = seeds.write("b")
    first = seeds.load()
    before = {file: (written(file), file.read_bytes()) for file in stored(seeds)}
    os.utime(path, ns=(1, 1))
    clone = seeds.root.parent / "clone"
    shutil.copytree(seeds.root, clone)
    shutil.rmtree(seeds.root)
    clone.rename(seeds.root)
    settle(seeds.root)
    with opened_files() as opened:
        again = seeds.load()
        assert opened == {"a.md", "b.md"}
        assert (again.version, again.published, counts(again)) == (first.version, False, (0, 0, 0, 2))
        opened.clear()
        assert replace(seeds.load(), seconds=again.seconds) == again
        assert opened == set()
    assert {file: (written(file), file.read_bytes()) for file in stored(seeds)} == before


def test_touched_files_beside_changed_ones_are_recorded(seeds: SeedFolder) -> None:
    """A load that has something else to write records their stat, so that the next one does not open them."""
    for name in "abc":
        seeds.write(name)
    seeds.load()
    os.utime(seeds.root / "a.md", ns=(1, 1))
    seeds.write("b", title="Changed")
    settle(seeds.root)
    assert counts(seeds.load()) == (0, 1, 0, 2)
    with opened_files() as opened:
        seeds.load()
        seeds.write("c", title="Changed too")
        seeds.load()
    assert opened == {"c.md"}


def stored(seeds: SeedFolder) -> list[Path]:
    """Return the pointer and the generations."""
    return [seeds.store / "current.json", *(seeds.store / "generations").iterdir()]


def test_load_after_one_that_published_does_not_ask_the_generation(
    seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless a file is to be read again: then what the files are like says nothing."""
    asked: list[object] = []
    monkeypatch.setattr(unchanged_manifest, "seen_in_manifest", lambda *given: asked.append(given))
    seeds.write("a")
    settle(seeds.root)
    seeds.load()
    assert not seeds.load().published
    assert not asked
    seeds.write("b", url=url_of("a"))
    settle(seeds.root)
    seeds.load()
    (seeds.root / "a.md").unlink()
    assert seeds.load().published
    assert asked
    assert not seeds.load().published


@pytest.mark.parametrize("damage", ["{", "[]", '{"checksum": "", "body": "{}"}', "[" * 100_000, "flip", "stale"])
def test_what_a_load_has_seen_is_a_shortcut_only(seeds: SeedFolder, damage: str) -> None:
    """Damaged, or of another time, it costs a look at the generation, and changes no report."""
    for name in "abcdef":
        seeds.write(name)
    seeds.break_("g")
    settle(seeds.root)
    seeds.load()
    first, seen = seeds.load(), seeds.store / "seen.json"
    assert told(first) == [("g.md", "NO_FRONT_MATTER")]
    if damage == "stale":
        before = seen.read_bytes()
        seeds.remove("a")
        seeds.load()
        seeds.load()
        seen.write_bytes(before)
    elif damage == "flip":
        seen.write_bytes(seen.read_bytes().replace(b"NO_FRONT", b"NO-FRONT"))
    else:
        seen.write_text(damage)
    again = seeds.load()
    assert (told(again), again.published) == (told(first), False)
    assert again.unchanged == first.unchanged - (damage == "stale")
    assert replace(seeds.load(), seconds=again.seconds) == again


def test_folder_without_any_seed_is_refused(seeds: SeedFolder) -> None:
    """A wrong folder, or one that is mounted later, must not empty the site; whoever means it can say so."""
    (seeds.root / "notes.txt").write_text("no seed")
    with pytest.raises(LoadRefusedError, match=r"no seed file in .*--seeds.*--allow-shrink"):
        seeds.load()
    assert seeds.load(allow_shrink=True).published
    path = seeds.write("a")
    seeds.load()
    path.unlink()
    with pytest.raises(LoadRefusedError, match="no seed file"):
        seeds.load()
    assert seeds.titles() == {"a": "What is a?"}


def test_label_alone_is_published_without_a_generation(seeds: SeedFolder) -> None:
    """It stands in the pointer, and loads without one leave it."""
    seeds.write("a")
    settle(seeds.root)
    seeds.load(label="first")
    before = {file: written(file) for file in (seeds.store / "generations").iterdir()}
    for _ in range(2):
        report = seeds.load(label="second")
        assert (report.published, report.label, report.sequence) == (False, "second", 1)
    assert seeds.load().label == "second"
    os.utime(seeds.root / "a.md", ns=(1, 1))
    assert seeds.load(label="third").label == "third"
    assert {file: written(file) for file in (seeds.store / "generations").iterdir()} == before
    path = seeds.root / "a.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert seeds.load().label == "third"
    assert read_pointer(seeds.store).label == "third"
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    assert seeds.load(label="fourth").label == "fourth"
    seeds.write("a", title="Another")
    assert seeds.load().label == ""


def test_content_of_other_code_is_read_again(seeds: SeedFolder, request: pytest.FixtureRequest) -> None:
    """What another version of the program has made is not updated but built anew."""
    seeds.write("a")
    settle(seeds.root)
    first = seeds.load()
    request.getfixturevalue("other_code")
    with opened_files() as opened:
        assert seeds.load().version != first.version
    assert opened == {"a.md"}


def test_tables_of_another_version_are_not_read(seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generation whose tables are unknown is replaced, and its articles count as new."""
    seeds.write("a")
    seeds.load()
    monkeypatch.setattr("graphql_api.loading.publish.tables_fingerprint", lambda _: "other tables")
    monkeypatch.setattr("graphql_api.loading.unchanged.code_fingerprint", lambda: "other code")
    assert counts(seeds.load()) == (1, 0, 0, 0)


def test_strict_refuses_any_error(seeds: SeedFolder) -> None:
    """With --strict an ERROR anywhere publishes nothing and tells the problems."""
    seeds.write("a")
    seeds.break_("b")
    with pytest.raises(LoadRefusedError) as refusal:
        seeds.load(strict=True)
    assert [problem.code for problem in refusal.value.problems] == ["NO_FRONT_MATTER"]
    with pytest.raises(NoGenerationError):
        read_pointer(seeds.store)


def test_strict_refuses_an_error_that_an_earlier_load_told(seeds: SeedFolder) -> None:
    """With --strict a load with nothing changed is refused as well while an ERROR stands."""
    seeds.write("a")
    seeds.break_("b")
    seeds.load()
    with pytest.raises(LoadRefusedError):
        seeds.load(strict=True)


def test_strict_lets_warnings_pass(seeds: SeedFolder) -> None:
    """A WARNING is no ERROR."""
    seeds.write("a", more="unheard_of: 1\n")
    assert counts(seeds.load(strict=True)) == (1, 0, 0, 0)


@pytest.mark.parametrize(("before", "gone"), [(10, 2), (5, 1), (100, 20)])
def test_a_fifth_of_the_articles_may_go(seeds: SeedFolder, before: int, gone: int) -> None:
    """Exactly 20 % is not more than 20 %."""
    for number in range(before):
        seeds.write(f"n{number}")
    seeds.load()
    for number in range(gone):
        seeds.remove(f"n{number}")
    assert counts(seeds.load()) == (0, 0, gone, before - gone)


def test_more_than_a_fifth_is_refused_unless_allowed(seeds: SeedFolder) -> None:
    """A load that would drop more than 20 % of the articles changes nothing without --allow-shrink."""
    for number in range(9):
        seeds.write(f"n{number}")
    seeds.load()
    pointer = read_pointer(seeds.store)
    seeds.remove("n0")
    seeds.remove("n1")
    with pytest.raises(LoadRefusedError, match="2 of 9"):
        seeds.load()
    with pytest.raises(LoadRefusedError, match="2 of 9"):
        seeds.load(force=True)
    assert read_pointer(seeds.store) == pointer
    assert [path.name for path in (seeds.store / "generations").iterdir()] == [pointer.file]
    assert counts(seeds.load(allow_shrink=True)) == (0, 0, 2, 7)


def test_problems_are_told_again_by_a_load_with_nothing_changed(seeds: SeedFolder) -> None:
    """What is wrong stays told until it is mended."""
    seeds.write("a", more="unheard_of: 1\n")
    seeds.break_("b")
    assert told(seeds.load()) == [("a.md", "UNKNOWN_KEY"), ("b.md", "NO_FRONT_MATTER")]
    assert told(seeds.load()) == [("a.md", "UNKNOWN_KEY"), ("b.md", "NO_FRONT_MATTER")]
    seeds.write("b")
    assert told(seeds.load()) == [("a.md", "UNKNOWN_KEY")]


def test_problems_are_told_by_path_and_line(seeds: SeedFolder) -> None:
    """In the order in which they are met when a file is mended, whatever found them; by a check too."""
    head = (
        "---\nunheard_of: 1\nid: 1\nurl: /a\ntitle: T\nanother: 1\ndate: never\nsubject: S\nanswer: A\nthird: 1\n---\n"
    )
    for name in "ba":
        seeds.write_text(name, head)
    for problems in (seeds.load().problems, asyncio.run(check(seeds.root)).problems):
        places = [(problem.path, problem.line) for problem in problems]
        assert places == sorted(places)
        assert {problem.code for problem in problems} >= {"UNKNOWN_KEY", "INVALID_DATE"}


def test_problems_of_a_removed_seed_are_forgotten(seeds: SeedFolder) -> None:
    """A file that is gone has no problems."""
    seeds.write("a")
    seeds.break_("b")
    seeds.load()
    seeds.remove("b")
    assert told(seeds.load()) == []


def test_unknown_key_is_told_once_per_load(seeds: SeedFolder) -> None:
    """A key that stands in every file is one warning, with the first file's path."""
    for name in "abc":
        seeds.write(name, more="unheard_of: 1\n")
    seeds.write("d", more="another: 1\n")
    assert told(seeds.load()) == [("a.md", "UNKNOWN_KEY"), ("d.md", "UNKNOWN_KEY")]
    seeds.write("a")
    assert told(seeds.load()) == [("b.md", "UNKNOWN_KEY"), ("d.md", "UNKNOWN_KEY")]


@pytest.mark.parametrize("force", [False, True])
def test_broken_article_keeps_its_last_good_form(seeds: SeedFolder, *, force: bool) -> None:
    """An article with an ERROR that was published stays as it was, also when everything is read again."""
    seeds.write("a", title="Good", more=related(1, "b"))
    seeds.write("b")
    first = seeds.load()
    before = seeds.everything()
    seeds.break_("a")
    report = seeds.load(force=force)
    assert told(report) == [("a.md", "NO_FRONT_MATTER")]
    assert (report.version, counts(report)) == (first.version, (0, 0, 0, 2))
    assert seeds.everything() == before


def test_broken_article_survives_a_change_of_code(seeds: SeedFolder, request: pytest.FixtureRequest) -> None:
    """The last good form is carried over, and its version differs from that of the same article made anew."""
    text = seeds.write("a", title="Good", more=related(1, "b") + related(2, "nowhere")).read_text()
    seeds.write("b", more=related(3, "a"))
    seeds.load()
    before = seeds.everything()
    seeds.break_("a")
    request.getfixturevalue("other_code")
    carried = seeds.load()
    after = seeds.everything()
    changing = {"digest", "content"}
    for url, row in before.items():
        assert {**row, **dict.fromkeys(changing)} == {**after[url], **dict.fromkeys(changing)}
    seeds.write_text("a", text)
    repaired = seeds.load()
    assert repaired.version != carried.version
    assert counts(carried) == (0, 0, 0, 2)


def test_broken_article_that_was_never_published_is_left_out(seeds: SeedFolder) -> None:
    """An ERROR keeps a new article out, and nothing else."""
    seeds.write("a")
    seeds.break_("b")
    report = seeds.load()
    assert (counts(report), told(report)) == ((1, 0, 0, 0), [("b.md", "NO_FRONT_MATTER")])


@pytest.mark.parametrize("force", [False, True])
def test_file_that_grew_too_large_keeps_its_article(seeds: SeedFolder, *, force: bool) -> None:
    """A file that is not even looked at is no deletion; once it can be read again, it is."""
    path = seeds.write("a", title="Good")
    seeds.write("b")
    seeds.load()
    text = path.read_text()
    with path.open("r+b") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert told(seeds.load(force=force)) == [("a.md", "FILE_TOO_LARGE")]
    assert seeds.titles()["a"] == "Good"
    seeds.write_text("a", text.replace("Good", "Better"))
    assert told(seeds.load()) == []
    assert seeds.titles()["a"] == "Better"


@pytest.mark.parametrize("force", [False, True])
def test_folder_that_cannot_be_entered_keeps_its_articles(seeds: SeedFolder, *, force: bool) -> None:
    """A link that leads nowhere in a folder's place hides what was in it; it is never read as a deletion."""
    seeds.write("f/a", title="Good")
    seeds.write("b")
    seeds.load()
    (seeds.root / "f").rename(seeds.root / ".away")
    (seeds.root / "f").symlink_to("nowhere")
    assert told(seeds.load(force=force)) == [("f", "LINK_BROKEN")]
    assert seeds.titles()["a"] == "Good"
    (seeds.root / "f").unlink()
    (seeds.root / ".away").rename(seeds.root / "f")
    assert told(seeds.load()) == []
    assert seeds.titles()["a"] == "Good"


@needs_permissions
def test_unreadable_folder_keeps_its_articles(seeds: SeedFolder) -> None:
    """Permission denied is never read as a deletion."""
    seeds.write("f/a", title="Good")
    seeds.write("b")
    seeds.load()
    (seeds.root / "f").chmod(0)
    try:
        assert told(seeds.load()) == [("f", "PERMISSION_DENIED")]
    finally:
        (seeds.root / "f").chmod(0o755)
    assert seeds.titles()["a"] == "Good"


def test_new_files_with_one_url_are_both_named_and_left_out(seeds: SeedFolder) -> None:
    """Of two files with one url neither is right."""
    seeds.write("a", url=url_of("same"))
    seeds.write("b", url=url_of("same"))
    seeds.write("c")
    report = seeds.load()
    assert told(report) == [("a.md", "DUPLICATE_URL"), ("b.md", "DUPLICATE_URL")]
    assert "b.md" in report.problems[0].message
    assert list(seeds.titles()) == ["c"]


def test_duplicate_of_a_published_article_is_left_out(seeds: SeedFolder) -> None:
    """The article that was there first is named and stays."""
    seeds.write("a", title="First")
    seeds.load()
    seeds.write("b", url=url_of("a"), title="Second")
    assert told(seeds.load()) == [("a.md", "DUPLICATE_URL"), ("b.md", "DUPLICATE_URL")]
    assert seeds.titles() == {"a": "First"}


@pytest.mark.parametrize("force", [False, True])
def test_article_that_takes_the_url_of_another_keeps_its_last_good_form(seeds: SeedFolder, *, force: bool) -> None:
    """When a published article says the url of another published one, both are named and both stay as they were."""
    seeds.write("a", title="Former a")
    seeds.write("b", title="Former b")
    first = seeds.load()
    seeds.write("a", url=url_of("b"), title="New a")
    report = seeds.load(force=force)
    assert told(report) == [("a.md", "DUPLICATE_URL"), ("b.md", "DUPLICATE_URL")]
    assert report.version == first.version
    assert seeds.titles() == {"a": "Former a", "b": "Former b"}


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("names", ["abc", "cba", "bca", "acb"])
def test_fallen_back_article_takes_its_earlier_url_back(seeds: SeedFolder, names: str, *, force: bool) -> None:
    """A new article that took a url whose owner falls back to it clashes too, in whatever order they are read."""
    a, b, c = list(names)
    seeds.write(a, title="Former a", url=url_of("one"))
    seeds.write(b, title="Former b", url=url_of("two"))
    seeds.load()
    seeds.write(a, title="New a", url=url_of("two"))
    seeds.write(b, title="New b", url=url_of("two"))
    seeds.write(c, title="New c", url=url_of("one"))
    report = seeds.load(force=force)
    assert {path for path, code in told(report) if code == "DUPLICATE_URL"} == {"a.md", "b.md", "c.md"}
    assert seeds.titles() == {"one": "Former a", "two": "Former b"}


def test_articles_may_swap_their_urls(seeds: SeedFolder) -> None:
    """Two articles that take each other's url clash with nobody."""
    seeds.write("a", title="A")
    seeds.write("b", title="B")
    seeds.load()
    seeds.write("a", title="A", url=url_of("b"))
    seeds.write("b", title="B", url=url_of("a"))
    assert told(seeds.load()) == []
    assert seeds.titles() == {"a": "B", "b": "A"}


def test_article_may_take_the_url_of_one_that_is_gone(seeds: SeedFolder) -> None:
    """A url is free in the load in which its file goes."""
    for name in "abcdef":
        seeds.write(name)
    seeds.load()
    seeds.remove("a")
    seeds.write("z", url=url_of("a"), title="Heir")
    assert told(seeds.load()) == []
    assert seeds.titles()["a"] == "Heir"


@pytest.mark.parametrize("how", ["remove", "change"])
def test_settled_duplicate_is_noticed_although_one_file_did_not_change(seeds: SeedFolder, how: str) -> None:
    """Files with a duplicate url are read by every load until the clash is gone."""
    seeds.write("a", url=url_of("same"), title="A")
    seeds.write("b", url=url_of("same"), title="B")
    seeds.write("c")
    seeds.load()
    if how == "remove":
        seeds.remove("a")
    else:
        seeds.write("a", url=url_of("other"), title="A")
    assert told(seeds.load()) == []
    assert seeds.titles()["same"] == "B"
    assert seeds.query("SELECT count(*) FROM seed WHERE size_bytes < 0") == [(0,)]


def test_load_with_a_standing_duplicate_opens_only_its_files(seeds: SeedFolder) -> None:
    """A clash costs a look at the files that clash, not at others."""
    seeds.write("a", url=url_of("same"))
    seeds.write("b", url=url_of("same"))
    seeds.write("c", title="cccc")
    settle(seeds.root)
    first = seeds.load()
    with opened_files() as opened:
        second = seeds.load()
    assert (second.version, told(second)) == (first.version, told(first))
    assert opened == {"a.md", "b.md"}
    assert seeds.titles() == {"c": "cccc"}


def test_holder_of_a_url_by_its_last_good_form_is_named(seeds: SeedFolder) -> None:
    """A broken article holds its published url against a new one; once it is gone, the new one is let in."""
    seeds.write("a", title="Former")
    for name in "cdefg":
        seeds.write(name)
    seeds.load()
    seeds.break_("a")
    seeds.write("b", url=url_of("a"), title="New")
    expected = [("a.md", "NO_FRONT_MATTER"), ("a.md", "DUPLICATE_URL"), ("b.md", "DUPLICATE_URL")]
    assert told(seeds.load()) == expected
    assert told(seeds.load(force=True)) == expected
    assert seeds.titles()["a"] == "Former"
    seeds.remove("a")
    assert told(seeds.load()) == []
    assert seeds.titles()["a"] == "New"


def test_references_follow_what_comes_goes_and_changes(seeds: SeedFolder) -> None:
    """References of articles that did not change are resolved anew when what they name does."""
    for name in "defghi":
        seeds.write(name)
    seeds.write("a", more=related(1, "b") + related(2, "c", url=url_of("nowhere")))
    seeds.write("c", title="Something else")

    def statuses() -> list[tuple[str, ...]]:
        return seeds.query("SELECT status FROM reference ORDER BY position")

    seeds.load()
    assert statuses() == [("DANGLING",), ("DANGLING",)]
    seeds.write("b")
    seeds.write("c", title="what IS c")
    seeds.load()
    assert statuses() == [("RESOLVED",), ("RESOLVED_BY_ID",)]
    seeds.remove("b")
    seeds.write("c", id=8)
    seeds.load()
    assert statuses() == [("DANGLING",), ("DANGLING",)]


def test_subject_has_its_most_frequent_spelling(seeds: SeedFolder) -> None:
    """The title of a subject is the most frequent spelling, of equals the first by code point; it follows changes."""
    for name, spelling in {"a": "astronomy", "b": "Astronomy", "c": "astronomy", "d": "Stars"}.items():
        seeds.write(name, subject=spelling)
    for name in "mnopqr":
        seeds.write(name, url=f"/learn/other/questions/{name}")
    seeds.load()
    assert seeds.query(COUNTED)[0] == ("astronomy", "astronomy", 4)
    seeds.write("c", subject="Astronomy", url="/learn/stars/questions/c")
    seeds.load()
    assert seeds.query(COUNTED) == [
        ("astronomy", "Astronomy", 3),
        ("other", "Astronomy", 6),
        ("stars", "Astronomy", 1),
    ]
    seeds.write("c", subject="astronomy")
    seeds.load()
    assert seeds.query(COUNTED) == [("astronomy", "astronomy", 4), ("other", "Astronomy", 6)]


def test_progress_counts_the_files_that_are_read(seeds: SeedFolder) -> None:
    """Progress begins with what is written first and ends with all."""
    for number in range(230):
        seeds.write(f"n{number}")
    seen: list[tuple[int, int]] = []
    asyncio.run(load(seeds.root, seeds.store, progress=lambda done, total: seen.append((done, total))))
    assert [total for _, total in seen] == [230] * len(seen)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (230, 230)


def test_check_tells_what_a_load_would_and_stores_nothing(seeds: SeedFolder) -> None:
    """Checking gives the problems of a first load."""
    seeds.write("a", url=url_of("same"), more="unheard_of: 1\n")
    seeds.write("b", url=url_of("same"), more="unheard_of: 1\n")
    seeds.write("c")
    seeds.break_("d")
    problems = asyncio.run(check(seeds.root)).problems
    assert not seeds.store.exists()
    assert problems == seeds.load().problems


def test_missing_seeds_folder_is_a_content_error(seeds: SeedFolder) -> None:
    """Without a folder nothing is loaded, and what is published stays."""
    seeds.write("a")
    seeds.load()
    pointer = read_pointer(seeds.store)
    shutil.rmtree(seeds.root)
    with pytest.raises(ContentError, match="no seeds folder"):
        seeds.load()
    assert read_pointer(seeds.store) == pointer


def test_emptied_seeds_folder_is_refused(seeds: SeedFolder) -> None:
    """A folder that somebody emptied by mistake takes nothing down."""
    seeds.write("a")
    seeds.load()
    seeds.remove("a")
    with pytest.raises(LoadRefusedError):
        seeds.load()
    assert counts(seeds.load(allow_shrink=True)) == (0, 0, 1, 0)


def test_empty_seeds_folder_can_be_published(seeds: SeedFolder) -> None:
    """Content without an article is content, and grows as any other."""
    assert counts(seeds.load(allow_shrink=True)) == (0, 0, 0, 0)
    assert seeds.query("SELECT question_count, subject_count FROM told") == [(0, 0)]
    seeds.write("a", more=related(1, "b"))
    seeds.write("b")
    assert counts(seeds.load()) == (2, 0, 0, 0)
    assert seeds.query("SELECT status FROM reference") == [("RESOLVED",)]
    assert seeds.query("SELECT count FROM s1_word WHERE word = 'depends'") == [(2,)]


def test_full_disk_while_indexes_are_made_is_told(seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are analysed beside the database's work; what fails there is told like anything else."""

    async def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("graphql_api.loading.searching.SearchIndex.add_from", full)
    seeds.write("a")
    with pytest.raises(StoreError, match="disk is full"):
        seeds.load()
