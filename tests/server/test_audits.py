"""The 61 audits of the npm package graphql-http, each by its id."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Final, TypedDict

import pytest

from graphql_api.server.routes import build_app
from tests.server.programs import PROJECT_FOLDER
from tests.server.small_engine import SmallContentStatus, SmallEngine
from tests.server.ways import WAYS, Listening

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = PROJECT_FOLDER / "tests" / "http_audits"

AUDIT_IDS: Final = (
    *("22EB", "4655", "47DE", "80D8", "82A3", "BF61", "78D5", "2C94", "5A70", "9C48", "9ABE", "03D4", "A5BF"),
    *("423L", "LKJ0", "LKJ1", "LKJ2", "LKJ3", "34A2", "13EE", "6C00", "6C01", "6C02", "6C03", "8161", "B8B3"),
    *("94B0", "0220", "94B1", "0221", "94B2", "0222", "4760", "4761", "4762", "4763", "2EA1", "28B9", "D6D5"),
    *("6A70", "58B0", "58B1", "58B2", "58B3", "428F", "1B7A", "B6DC", "BCF8", "B7N8", "8764", "3E3A", "572B"),
    *("FDE2", "7B9B", "865D", "556A", "D586", "51FE", "74FF", "5E5B", "86EE"),
)


class AuditResult(TypedDict):
    """One line of `run.mjs`; `status` is ok, notice, warn or error."""

    id: str
    name: str
    status: str
    reason: str | None


@pytest.fixture(scope="session", params=WAYS)
def audited_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the url of a server: that of the whole product by the short way, that of a small engine by ASGI."""
    if request.param == "short":
        yield request.getfixturevalue("server_url")
        return
    engine = SmallEngine()
    listening = Listening(build_app(engine, SmallContentStatus(engine)), request.param)
    yield listening.url
    listening.close()


@pytest.fixture(scope="session")
def audit_results(audited_url: str) -> Mapping[str, AuditResult]:
    """Return the result of each audit by its id; installs the audits from their lock file when they are missing."""
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm, "the audits need npm (Debian: apt-get install npm)"
    assert node, "the audits need node (Debian: apt-get install nodejs)"
    with (FOLDER / "package-lock.json").open() as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)  # tests that run in parallel processes install once
        if not (FOLDER / "node_modules" / "graphql-http").exists():
            subprocess.run([npm, "ci", "--ignore-scripts", "--silent"], cwd=FOLDER, check=True)
    command = [node, "run.mjs", f"{audited_url}/graphql"]
    finished = subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, text=True)
    results: list[AuditResult] = json.loads(finished.stdout)
    return {result["id"]: result for result in results}


@pytest.mark.parametrize("audit_id", AUDIT_IDS)
def test_audit_passes_without_a_warning(audit_results: Mapping[str, AuditResult], audit_id: str) -> None:
    """An audit's status is ok: neither an error nor a warning nor a notice."""
    result = audit_results[audit_id]
    assert result["status"] == "ok", f"{result['name']}: {result['reason']}"


def test_every_audit_is_named_here(audit_results: Mapping[str, AuditResult]) -> None:
    """No audit of the package goes unnoticed: the ids above are all that it has."""
    assert len(AUDIT_IDS) == 61
    assert set(audit_results) == set(AUDIT_IDS)
