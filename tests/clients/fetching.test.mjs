// graphql-request, alone and below TanStack Query.

import assert from "node:assert/strict";
import { test } from "node:test";
import { InfiniteQueryObserver, QueryClient } from "@tanstack/query-core";
import { ClientError, GraphQLClient, gql, request } from "graphql-request";
import { API, recorded } from "./asking.mjs";

const PAGE = gql`
  query Page($after: String, $first: Int!) {
    questions(first: $first, after: $after, orderBy: [URL_ASC]) { totalCount nodes { url } pageInfo { hasNextPage endCursor } }
  }
`;

test("graphql-request asks with variables", async () => {
  const { questions } = await request(API, PAGE, { first: 2 });
  assert.equal(questions.nodes.length, 2);
});

test("graphql-request asks by GET", async () => {
  const { fetch, requests } = recorded();
  const client = new GraphQLClient(API, { fetch, method: "GET", jsonSerializer: JSON });
  assert.equal((await client.request(PAGE, { first: 2 })).questions.nodes.length, 2);
  assert.equal(requests[0].method, "GET");
});

test("graphql-request asks several operations, one after the other", async () => {
  const client = new GraphQLClient(API);
  const answers = await Promise.all([1, 2, 3].map((first) => client.request(PAGE, { first })));
  assert.deepEqual(answers.map(({ questions }) => questions.nodes.length), [1, 2, 3]);
});

test("graphql-request throws the errors of the answer, with their codes", async () => {
  await assert.rejects(request(API, "{ nonsense }"), (error) => {
    assert.ok(error instanceof ClientError);
    assert.equal(error.response.errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
    return true;
  });
});

test("TanStack Query reads all pages by cursor", async () => {
  const queryClient = new QueryClient();
  const observer = new InfiniteQueryObserver(queryClient, {
    queryKey: ["questions"],
    queryFn: async ({ pageParam }) => (await request(API, PAGE, { first: 20, after: pageParam })).questions,
    initialPageParam: null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  });
  let result = await observer.fetchOptimistic(observer.options);
  const stop = observer.subscribe(() => {});
  for (let pages = 1; result.hasNextPage; pages += 1) {
    assert.ok(pages < 100);
    result = await observer.fetchNextPage();
  }
  stop();
  queryClient.clear();
  const urls = result.data.pages.flatMap(({ nodes }) => nodes.map(({ url }) => url));
  assert.equal(urls.length, result.data.pages[0].totalCount);
  assert.deepEqual(urls, [...new Set(urls)].sort());
});

test("TanStack Query asks once for two that want the same", async () => {
  const { fetch, requests } = recorded();
  const client = new GraphQLClient(API, { fetch });
  const queryClient = new QueryClient();
  const options = { queryKey: ["page"], queryFn: () => client.request(PAGE, { first: 1 }), staleTime: 60_000 };
  const [one, other] = await Promise.all([queryClient.fetchQuery(options), queryClient.fetchQuery(options)]);
  assert.deepEqual(one, other);
  assert.equal(requests.length, 1);
  queryClient.clear();
});
