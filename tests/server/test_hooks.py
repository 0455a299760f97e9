"""The hook by which others have the seeds loaded, and the mutation: who may, what comes of it, and how often."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.errors import LoadFailedError, ReloadRefusedError
from graphql_api.server.administration import is_bearer
from graphql_api.server.hooks import commit_in, reload_hook
from graphql_api.server.reloading import Reloader
from graphql_api.server.routes import MoreRoute, build_app
from graphql_api.server.standard_webhooks import is_signed, signature
from tests.server.small_engine import SmallContentStatus, SmallEngine
from tests.server.ways import client_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx2

    Headers = dict[str, str] | Callable[[], dict[str, str]]

TOKEN = "a secret"  # noqa: S105 - of the tests
BODY = b'{"after": "a1b2c3", "ref": "refs/heads/main"}'


class Asked:
    """Notes what it is asked instead of loading."""

    def __init__(self) -> None:
        self.labels: list[str] = []

    def ask(self, *, force: bool = False, label: str = "") -> None:
        assert not force
        self.labels.append(label)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def client(asked: Asked) -> Iterator[httpx2.Client]:
    """Return a client of a server whose hook takes two secrets."""
    yield from served(asked, (TOKEN, "another"))


def served(asked: Asked, secrets: tuple[str, ...]) -> Iterator[httpx2.Client]:
    engine = SmallEngine()
    hook = reload_hook(asked, secrets, 1_000)  # type: ignore[arg-type]
    app = build_app(engine, SmallContentStatus(engine), more_routes=[MoreRoute("/hooks/reload", hook, ("POST",))])
    with client_of(app, "short") as client:
        yield client


def github(body: bytes, secret: str = TOKEN) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def standard(body: bytes, secret: str = TOKEN, *, age_seconds: int = 0) -> dict[str, str]:
    sent = int(time.time()) - age_seconds
    signed = signature(secret, "msg_1", sent, body)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(sent), "webhook-signature": f"v1,bm8= {signed}"}


def now(headers: Headers) -> dict[str, str]:
    """Return headers; those that tell the time are made when they are sent."""
    return headers() if callable(headers) else headers


@pytest.mark.parametrize(
    "headers",
    [
        github(BODY),
        github(BODY, "another"),
        {"x-gitlab-token": TOKEN},
        lambda: standard(BODY),
        {"authorization": f"Bearer {TOKEN}"},
        {"authorization": "bearer another"},
    ],
    ids=["GitHub", "GitHub, second secret", "GitLab", "Standard Webhooks", "token", "token, second secret"],
)
def test_who_knows_the_secret_has_the_seeds_loaded(client: httpx2.Client, asked: Asked, headers: Headers) -> None:
    """In the way of each host; the answer comes before the load, and the commit becomes the label."""
    response = client.post("/hooks/reload", content=BODY, headers=now(headers))
    assert (response.status_code, response.json()) == (202, {"status": "accepted", "label": "a1b2c3"})
    assert asked.labels == ["a1b2c3"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        github(BODY + b" "),
        github(BODY, "wrong"),
        {"x-hub-signature-256": ""},
        {**github(BODY, "wrong"), "authorization": f"Bearer {TOKEN}"},
        {"x-gitlab-token": "wrong"},
        {"x-gitlab-token": "a secret\u00e9".encode("latin-1").decode("latin-1")},
        lambda: standard(BODY, "wrong"),
        lambda: standard(BODY, age_seconds=1_000),
        lambda: {**standard(BODY), "webhook-timestamp": "soon"},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Basic {TOKEN}"},
    ],
)
def test_anybody_else_is_refused(client: httpx2.Client, asked: Asked, headers: Headers) -> None:
    """A signature of another body, an old one, a wrong token; a signature that is wrong counts more than a token."""
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in now(headers).items()]
    response = client.post("/hooks/reload", content=BODY, headers=encoded)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert (response.headers["www-authenticate"], response.headers["cache-control"]) == ("Bearer", "no-store")
    assert asked.labels == []


def test_without_a_secret_nobody_is_heard(asked: Asked) -> None:
    """No token is not an empty one."""
    for client in served(asked, ("", "")):
        for headers in ({}, {"authorization": "Bearer"}, {"x-gitlab-token": ""}, github(BODY, "")):
            response = client.post("/hooks/reload", content=BODY, headers=headers)
            assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    assert asked.labels == []


def test_only_a_post_that_is_not_too_long_is_heard(client: httpx2.Client, asked: Asked) -> None:
    """Somebody who follows a link loads nothing, and a ping of GitHub only wants to know that somebody is there."""
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert client.get("/hooks/reload", headers=bearer).status_code == 405
    assert client.post("/hooks/reload", headers=bearer, content=b" " * 2_000).status_code == 413
    ping = client.post("/hooks/reload", headers={**github(b"{}"), "x-github-event": "ping"}, content=b"{}")
    assert (ping.status_code, ping.json()) == (200, {"status": "pong"})
    assert asked.labels == []


@pytest.mark.parametrize(
    ("body", "commit"),
    [
        (b'{"after": "a1b2"}', "a1b2"),
        (b'{"checkout_sha": "c3", "after": null}', "c3"),
        (b'{"after": "0000000000", "checkout_sha": null, "label": "v1.2"}', "v1.2"),
        (b'{"after": "0000000000"}', ""),
        (b'{"after": "a b\\n"}', ""),
        (b'{"after": ["a"]}', ""),
        (b'["a"]', ""),
        (b"payload=%7B%7D", ""),
        (b"", ""),
    ],
)
def test_commit_is_what_hosts_call_it(body: bytes, commit: str) -> None:
    """A branch that was deleted has the commit 0; what is no name of a commit becomes no label."""
    assert commit_in(body) == commit


def test_signature_is_that_of_the_specification() -> None:
    """The example of https://github.com/standard-webhooks/standard-webhooks, section "Signature scheme"."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    signed = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == signed
    headers = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330"}
    assert is_signed(secret, {**headers, "webhook-signature": signed}, body, 1614265330 + 200)
    assert not is_signed(secret, {**headers, "webhook-signature": signed}, body, 1614265330 + 400)
    assert signature("whsec_no base64", "m", 1, b"") == signature("whsec_no base64", "m", 1, b"")


def test_bearer_is_compared_whole() -> None:
    """The scheme in any case, the token exactly."""
    assert is_bearer("BEARER  t", "t")
    assert not is_bearer("Bearer tt", "t")
    assert not is_bearer("t", "t")
    assert not is_bearer(None, "t")


# What is run in place of `graphql-api load`: it notes its options, and does what they or the notes say.
PROGRAM = """
import json, pathlib, sys, time
notes = pathlib.Path(sys.argv[1])
before = notes.read_text().splitlines() if notes.exists() else []
asked = sys.stdin.readline() if "--when-asked" in sys.argv else "none"
if not asked:
    sys.exit(0)
with notes.open("a") as file:
    file.write(" ".join(sys.argv[2:]) + "\\n")
while not notes.with_suffix(".go").exists():
    time.sleep(0.01)
kind = notes.with_suffix(".kind").read_text() if notes.with_suffix(".kind").exists() else ""
if kind == "busy" and not before:
    sys.exit(4)
if kind in {"refused", "broken"}:
    print("first line\\nno good", file=sys.stderr)
    sys.exit(3 if kind == "refused" else 5)
print(json.dumps({"version": "v", "published": True, "options": sys.argv[2:], "asked": asked}))
"""


def loader(notes: Path, kind: str = "", *, goes: bool = True) -> Reloader:
    """Return what runs the program; it waits until it may go on."""
    notes.with_suffix(".kind").write_text(kind)
    if goes:
        notes.with_suffix(".go").touch()
    return Reloader((sys.executable, "-c", PROGRAM, str(notes)))


def test_burst_becomes_two_loads_at_the_most(tmp_path: Path) -> None:
    """The one that runs, and one for all who have asked meanwhile, with what any of them asked for."""
    notes = tmp_path / "notes"

    async def burst() -> list[dict[str, Any]]:
        async with loader(notes, goes=False) as reloader:
            first = reloader.ask(label="a")
            while not notes.exists():  # noqa: ASYNC110 - another process makes it
                await asyncio.sleep(0.01)
            others = [reloader.ask(label="b"), reloader.ask(force=True), reloader.ask(label="c"), reloader.ask()]
            notes.with_suffix(".go").touch()
            return await asyncio.gather(first, *others)

    first, *others = asyncio.run(burst())
    assert first["options"] == ["--json", "--label", "a"]
    assert [each["options"] for each in others] == [["--json", "--force", "--label", "c"]] * 4
    assert len(notes.read_text().splitlines()) == 2


def test_load_in_waiting_takes_what_is_asked_for_and_another_one_follows(tmp_path: Path) -> None:
    """Where it has died, an ordinary load is begun; the last one ends with the server, without a load."""
    notes = tmp_path / "notes"

    async def until_ready(reloader: Reloader) -> asyncio.subprocess.Process:
        while reloader._ready is None:  # noqa: ASYNC110 - another process is started
            await asyncio.sleep(0.01)
        return reloader._ready

    async def ask() -> list[dict[str, Any]]:
        async with loader(notes) as reloader:
            reloader.keep_ready()
            reports = []
            for label in ("a", "b"):
                await until_ready(reloader)
                reports.append(await reloader.ask(label=label, force=label == "b"))
            ready = await until_ready(reloader)
            ready.kill()
            await ready.wait()
            reports.append(await reloader.ask(label="c"))
            last = await until_ready(reloader)
        assert last.returncode is not None
        return reports

    first, second, third = asyncio.run(ask())
    assert first["options"] == second["options"] == ["--json", "--when-asked"]
    assert [json.loads(each["asked"]) for each in (first, second)] == [
        {"force": False, "label": "a"},
        {"force": True, "label": "b"},
    ]
    assert third["options"] == ["--json", "--label", "c"]
    assert len(notes.read_text().splitlines()) == 3


def test_load_that_finds_another_one_waits_for_it(tmp_path: Path) -> None:
    """Of another worker, or of somebody at a terminal: it may have read what is old by now."""

    async def ask() -> dict[str, Any]:
        async with loader(tmp_path / "notes", "busy") as reloader:
            return await reloader.ask()

    assert asyncio.run(ask())["version"] == "v"
    assert len((tmp_path / "notes").read_text().splitlines()) == 2


@pytest.mark.parametrize(("kind", "error"), [("refused", ReloadRefusedError), ("broken", LoadFailedError)])
def test_load_that_fails_says_why_and_the_next_one_runs(
    tmp_path: Path, kind: str, error: type[LoadFailedError]
) -> None:
    """Its last line, to whoever waits; nobody need wait."""

    async def ask() -> dict[str, Any]:
        async with loader(tmp_path / "notes", kind) as reloader:
            with pytest.raises(error, match="no good"):
                await reloader.ask()
            (tmp_path / "notes.kind").write_text("")
            return await reloader.ask()

    assert asyncio.run(ask())["version"] == "v"


def test_end_of_the_server_ends_a_load(tmp_path: Path) -> None:
    """At once: it leaves the store as it was, and whoever waits is told."""
    notes = tmp_path / "notes"

    async def ask() -> asyncio.Future[dict[str, Any]]:
        async with loader(notes, goes=False) as reloader:
            asked = reloader.ask()
            while not notes.exists():  # noqa: ASYNC110 - another process makes it
                await asyncio.sleep(0.01)
            return asked

    assert asyncio.run(ask()).cancelled()
