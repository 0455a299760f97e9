// Relay's runtime with what its compiler has made of `source/`: a page, the next ones, and data that is masked.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import subjectCard from "./artifacts/subject_card.graphql.js";
import pageQuery from "./artifacts/subjectQuestionsPageQuery.graphql.js";
import subjectQuery from "./artifacts/subjectQuery.graphql.js";
import subjectQuestions from "./artifacts/subject_questions.graphql.js";

const relay = createRequire(import.meta.url)("relay-runtime");
const API = process.env.GRAPHQL_API_URL;

async function answered(query, variables) {
  const headers = { "content-type": "application/json", accept: "application/graphql-response+json" };
  const response = await fetch(API, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return response.json();
}

function environmentOf() {
  const network = relay.Network.create(({ text }, variables) => answered(text, variables));
  return new relay.Environment({ network, store: new relay.Store(new relay.RecordSource()) });
}

const ask = (environment, query, variables) => relay.fetchQuery(environment, query, variables).toPromise();

function questionsOf(environment, subject) {
  const selector = relay.getSingularSelector(subjectQuestions, subject);
  return environment.lookup(selector).data.questions;
}

test("a list grows page by page, by the cursors of its connection, until its end", async () => {
  const environment = environmentOf();
  const { subject } = await ask(environment, subjectQuery, { slug: "physics" });
  assert.equal(subject.title, "Physics");
  assert.equal(subject.questions, undefined, "what a fragment asks for is the fragment's");
  let questions = questionsOf(environment, subject);
  assert.equal(questions.edges.length, 3);
  for (let pages = 1; questions.pageInfo.hasNextPage; pages += 1) {
    assert.ok(pages < 100);
    await ask(environment, pageQuery, { id: subject.id, count: 3, cursor: questions.pageInfo.endCursor });
    questions = questionsOf(environment, subject);
  }
  const urls = questions.edges.map(({ node }) => node.url);
  assert.deepEqual(urls, [...new Set(urls)].sort());
  const { data } = await answered("{ subject(slug: \"physics\") { questions { totalCount } } }", {});
  assert.equal(urls.length, data.subject.questions.totalCount);
});

test("a component reads the fields of its own fragment", async () => {
  const environment = environmentOf();
  const { subject } = await ask(environment, subjectQuery, { slug: "physics" });
  const [{ node }] = questionsOf(environment, subject).edges;
  const card = environment.lookup(relay.getSingularSelector(subjectCard, node)).data;
  assert.match(card.date, /^\d{4}-\d\d-\d\d$/);
  assert.ok(card.answer.excerpt.length <= 80);
});
