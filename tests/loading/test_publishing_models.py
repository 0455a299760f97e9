"""Models change while they are asked: content and schema change together, in one publish."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from graphql_api.app import open_store
from graphql_api.engine.executor import Executor
from graphql_api.engine.requests import Request
from graphql_api.loading.load import load
from graphql_api.loading.options import LoadOptions
from graphql_api.settings import Settings
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = uncounted

PUBLISHES = 50
TYPE = 'type Post @content(files: ["*.md"]) {\n  slug: String! @from(file: NAME) @key\n  title: String!\n'
# Of the first to the second a field is dropped and one renamed, and a type is added; the third adds a field.
MODELS = (
    TYPE + "  mood: String\n  number: Int!\n}\n",
    TYPE + '  count: Int! @from(key: "number")\n  mood: Mood!\n}\n'
    'type Mood @grouped {\n  slug: String! @key\n  posts: [Post!]! @back(of: "Post.mood")\n}\n',
    TYPE + "  mood: String\n  number: Int!\n  extra: [String!]!\n}\n",
)
IN_ALL = "{ posts { totalCount nodes { slug title } } }"
IN_SOME = (
    "{ posts { nodes { number } } }",
    "{ posts { nodes { count mood { slug } } } }",
    "{ posts { nodes { extra } } }",
)


def publish(seeds: Path, number: int) -> None:
    """Write content that says `number`, and a model."""
    (seeds / "content.graphql").write_text(MODELS[number % len(MODELS)])
    for name in ("a", "b", "c"):
        (seeds / f"{name}.md").write_text(f"---\ntitle: T{number}\nnumber: {number}\nmood: calm\nextra: [x]\n---\n")


async def _publish_under_load(tmp_path: Path) -> None:
    """Publish fifty times while documents are asked, and hold what is said."""
    seeds, store = tmp_path / "seeds", tmp_path / "store"
    seeds.mkdir()
    publish(seeds, 0)
    await load(seeds, store)
    answers: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []

    async def ask(engine: Executor) -> None:
        while True:
            answers.append(json.loads((await engine.execute(Request(IN_ALL))).body))
            others.extend([json.loads((await engine.execute(Request(each))).body) for each in IN_SOME])
            await asyncio.sleep(0)

    async with open_store(Settings(store)) as opened:
        asking = asyncio.create_task(ask(Executor(opened)))
        for number in range(1, PUBLISHES + 1):
            publish(seeds, number)
            await load(seeds, store, LoadOptions(allow_shrink=True))
            await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    assert all("errors" not in answer for answer in answers)
    told = [{node["title"] for node in answer["data"]["posts"]["nodes"]} for answer in answers]
    assert all(len(titles) == 1 for titles in told)
    assert len(set.union(*told)) > PUBLISHES // 2
    codes = {error["extensions"]["code"] for answer in others for error in answer.get("errors", ())}
    assert codes == {"GRAPHQL_VALIDATION_FAILED"}
    assert any("errors" not in answer for answer in others)


def test_documents_of_both_models_never_fail_and_no_answer_mixes_two(tmp_path: Path) -> None:
    """Fifty publishes under load: what fits is answered by one generation, what does not is told by validation."""
    asyncio.run(_publish_under_load(tmp_path))
