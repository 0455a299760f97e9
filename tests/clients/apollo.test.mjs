// Apollo Client: its cache with what `client-config apollo` prints, persisted queries by GET, endless lists.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";
import { filter, firstValueFrom } from "rxjs";
import { API, PLAIN_API, recorded, settled, warningsOf } from "./asking.mjs";

const { pageArguments, possibleTypes, typePolicies } = await import(process.env.CACHE_CONFIGURATION);
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

const FIRST = gql`
  query First {
    questions(first: 2) {
      edges { cursor }
      facets { years { year } }
      nodes { id title answer { html headings { text } } seo { title } relatedArticles { title } subject { id slug } }
    }
    content { version }
  }
`;
const SECOND = gql`
  query Second {
    questions(first: 2) {
      totalCount
      edges { node { id url } }
      facets { years { count } }
      nodes { id answer { text headings { level anchor } } seo { description } relatedArticles { position } subject { id title } }
    }
    content { questionCount }
  }
`;

function clientOf(url, cache, ...links) {
  const { fetch, requests } = recorded();
  const link = ApolloLink.from([...links, new HttpLink({ uri: url, fetch })]);
  return { client: new ApolloClient({ link, cache }), requests };
}

async function watchBoth(cache) {
  const { client, requests } = clientOf(API, cache);
  const answers = {};
  const told = await warningsOf(async () => {
    for (const query of [FIRST, SECOND]) {
      const name = query.definitions[0].name.value;
      client.watchQuery({ query }).subscribe((result) => { answers[name] = result; });
      await settled(requests);
    }
  });
  client.stop();
  return { answers, requests, told };
}

test("two pages that ask for different parts of one answer ask once each, and both have all", async () => {
  const { answers, requests, told } = await watchBoth(new InMemoryCache({ possibleTypes, typePolicies }));
  assert.deepEqual(told, []);
  assert.equal(requests.length, 2);
  assert.ok(answers.First.data.questions.nodes[0].answer.html);
  assert.ok(answers.Second.data.questions.nodes[0].answer.text);
  assert.equal(answers.First.dataState, "complete");
});

test("without the configuration they take it away from each other", async () => {
  const { requests, told } = await watchBoth(new InMemoryCache());
  assert.ok(requests.length > 2 || told.some((line) => /data may be lost|121/i.test(line)), told.join("\n"));
});

test("what differs has changed, and is not mixed", async () => {
  const cache = new InMemoryCache({ possibleTypes, typePolicies });
  const query = gql`query Q { question(by: { id: "a" }) { id relatedArticles { title position } } }`;
  const write = (titles) => cache.writeQuery({ query, data: { question: {
    __typename: "Question", id: "a",
    relatedArticles: titles.map((title, position) => ({ __typename: "RelatedArticle", title, position })),
  } } });
  write(["one", "two"]);
  write(["other"]);
  const other = gql`query O { question(by: { id: "a" }) { id relatedArticles { position title } } }`;
  assert.deepEqual(cache.readQuery({ query: other }).question.relatedArticles.map(({ title }) => title), ["other"]);
});

test("an endless list grows by relayStylePagination", async () => {
  const questions = relayStylePagination(pageArguments.Query.questions);
  const fields = { ...typePolicies.Query.fields, questions };
  const cache = new InMemoryCache({ possibleTypes, typePolicies: { ...typePolicies, Query: { fields } } });
  const { client } = clientOf(API, cache);
  const query = gql`query Pages($after: String) {
    questions(first: 3, after: $after, orderBy: [URL_ASC]) { pageInfo { hasNextPage endCursor } edges { node { id url } } }
  }`;
  const list = client.watchQuery({ query });
  const { data } = await firstValueFrom(list.pipe(filter(({ loading }) => !loading)));
  await list.fetchMore({ variables: { after: data.questions.pageInfo.endCursor } });
  const urls = list.getCurrentResult().data.questions.edges.map(({ node }) => node.url);
  assert.equal(urls.length, 6);
  assert.deepEqual(urls, [...new Set(urls)].sort());
  client.stop();
});

test("fragments on an interface match by possibleTypes", async () => {
  const { client } = clientOf(API, new InMemoryCache({ possibleTypes, typePolicies }));
  const { data } = await client.query({ query: gql`{ questions(first: 1) { nodes { id } } }` });
  const query = gql`
    query One($id: ID!) { node(id: $id) { ...Id ... on Question { title } } }
    fragment Id on Node { id }
  `;
  const { id } = data.questions.nodes[0];
  const answer = await client.query({ query, variables: { id } });
  assert.equal(answer.data.node.id, id);
  assert.ok(answer.data.node.title);
});

const persisted = () => new PersistedQueryLink({ sha256, useGETForHashedQueries: true });

test("a persisted query is told once, then asked for by GET and its hash", async () => {
  const query = gql`query Persisted { content { version loadedAt } }`;
  const { client, requests } = clientOf(API, new InMemoryCache({ typePolicies }), persisted());
  assert.ok((await client.query({ query })).data.content.version);
  const told = requests.length;
  assert.ok(told <= 2);
  await client.query({ query, fetchPolicy: "network-only" });
  const last = requests.at(-1);
  assert.equal(requests.length, told + 1);
  assert.equal(last.method, "GET");
  assert.equal(last.parameters.get("query"), null);
  assert.match(last.parameters.get("extensions"), /sha256Hash/);
});

test("where persisted queries are off, it falls back and stops trying", async () => {
  const query = gql`query Unpersisted { content { version } }`;
  const { client, requests } = clientOf(PLAIN_API, new InMemoryCache({ typePolicies }), persisted());
  assert.ok((await client.query({ query })).data.content.version);
  const told = requests.length;
  await client.query({ query, fetchPolicy: "network-only" });
  assert.equal(requests.length, told + 1);
});
