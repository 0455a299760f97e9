"""gql asks: with the schema fetched from the server, synchronously and not, and its errors."""

import asyncio
import os

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport, HTTPXTransport
from graphql import GraphQLError

URL = os.environ["GRAPHQL_API_URL"]
NEWEST = "query Newest($first: Int!) { questions(first: $first) { nodes { title } } }"


def newest(first):
    query = gql(NEWEST)
    query.variable_values = {"first": first}
    return query


with Client(transport=HTTPXTransport(url=URL), fetch_schema_from_transport=True) as session:
    assert len(session.execute(newest(2))["questions"]["nodes"]) == 2
    assert "Question" in session.client.schema.type_map
    try:
        session.execute(gql("{ nonsense }"))
    except GraphQLError as error:
        assert "nonsense" in str(error)  # by the fetched schema, before anything is asked
    else:
        raise AssertionError("it was not refused")

with Client(transport=HTTPXTransport(url=URL)) as session:
    try:
        session.execute(gql("{ nonsense }"))
    except TransportQueryError as error:
        assert error.errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    else:
        raise AssertionError("it was not refused")


async def ask_together():
    async with Client(transport=HTTPXAsyncTransport(url=URL)) as session:
        return await asyncio.gather(*(session.execute(newest(first)) for first in (1, 2, 3)))


assert [len(each["questions"]["nodes"]) for each in asyncio.run(ask_together())] == [1, 2, 3]
print("gql is fine")
