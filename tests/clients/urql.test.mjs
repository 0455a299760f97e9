// urql: its normalised cache with what `client-config urql` prints, endless lists, persisted queries by GET.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, fetchExchange, gql } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { persistedExchange } from "@urql/exchange-persisted";
import { API, PLAIN_API, recorded, settled, warningsOf } from "./asking.mjs";

const { keys, possibleTypes } = await import(process.env.CACHE_CONFIGURATION);

const FIRST = gql`
  query First {
    questions(first: 2) {
      edges { cursor }
      pageInfo { hasNextPage }
      facets { years { year } subjects { count } authors { author } }
      nodes { id answer { html headings { text } } seo { title } relatedArticles { title question { id } } neighbours { distance } }
    }
    content { version }
    search(query: "what", first: 2) { edges { snippet { text } } }
    subjects(first: 2) { edges { node { id title } } }
  }
`;
const SECOND = gql`
  query Second {
    questions(first: 2) {
      nodes { id answer { text headings { level } } seo { description } relatedArticles { position } }
      facets { years { count } }
    }
  }
`;

function clientOf(url, ...exchanges) {
  const { fetch, requests } = recorded();
  return { client: new Client({ url, fetch, preferGetMethod: false, exchanges: [...exchanges, fetchExchange] }), requests };
}

async function watchBoth(configuration) {
  const { client, requests } = clientOf(API, cacheExchange(configuration));
  const answers = {};
  const told = await warningsOf(async () => {
    for (const query of [FIRST, SECOND]) {
      const name = query.definitions[0].name.value;
      client.query(query, {}).subscribe((result) => { answers[name] = result; });
      await settled(requests);
    }
  });
  return { answers, requests, told };
}

test("nothing is warned of, and two pages that ask for different parts ask once each", async () => {
  const { answers, requests, told } = await watchBoth({ keys, possibleTypes });
  assert.deepEqual(told, []);
  assert.equal(requests.length, 2);
  assert.ok(answers.First.data.questions.nodes[0].answer.html);
  assert.ok(answers.Second.data.questions.nodes[0].answer.text);
});

test("without the configuration it warns of types without a key", async () => {
  const { told } = await watchBoth({});
  assert.ok(told.filter((line) => /Invalid key/.test(line)).length >= 11, told.join("\n"));
});

test("an endless list grows by relayPagination", async () => {
  const resolvers = { Query: { questions: relayPagination() } };
  const { client } = clientOf(API, cacheExchange({ keys, possibleTypes, resolvers }));
  const query = gql`query Pages($after: String) {
    questions(first: 3, after: $after, orderBy: [URL_ASC]) { pageInfo { hasNextPage endCursor } edges { node { id url } } }
  }`;
  const first = await client.query(query, {});
  const { data } = await client.query(query, { after: first.data.questions.pageInfo.endCursor });
  const urls = data.questions.edges.map(({ node }) => node.url);
  assert.equal(urls.length, 6);
  assert.deepEqual(urls, [...new Set(urls)].sort());
});

test("fragments on an interface match without guessing", async () => {
  const { client } = clientOf(API, cacheExchange({ keys, possibleTypes }));
  const { data } = await client.query(gql`{ questions(first: 1) { nodes { id } } }`, {});
  const { id } = data.questions.nodes[0];
  const query = gql`
    query One($id: ID!) { node(id: $id) { ...Id ... on Question { title } } }
    fragment Id on Node { id }
  `;
  const told = await warningsOf(async () => {
    const answer = await client.query(query, { id });
    assert.equal(answer.data.node.id, id);
    assert.ok(answer.data.node.title);
  });
  assert.deepEqual(told, []);
});

const persisted = () => persistedExchange({ preferGetForPersistedQueries: true });

test("a persisted query is told once, then asked for by GET and its hash", async () => {
  const { client, requests } = clientOf(API, persisted());
  const query = gql`query PersistedByUrql { content { version loadedAt } }`;
  assert.ok((await client.query(query, {})).data.content.version);
  const told = requests.length;
  assert.ok((await client.query(query, {}, { requestPolicy: "network-only" })).data.content.version);
  assert.equal(requests.length, told + 1);
  assert.equal(requests.at(-1).method, "GET");
  assert.equal(requests.at(-1).parameters.get("query"), null);
});

test("where persisted queries are off, it falls back and stops trying", async () => {
  const { client, requests } = clientOf(PLAIN_API, persisted());
  const query = gql`query UnpersistedByUrql { content { version } }`;
  assert.ok((await client.query(query, {})).data.content.version);
  const told = requests.length;
  await client.query(query, {}, { requestPolicy: "network-only" });
  assert.equal(requests.length, told + 1);
});
