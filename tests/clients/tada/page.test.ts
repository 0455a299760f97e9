// gql.tada: types that follow from the schema and the text of an operation, and the answer that they are of.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type ResultOf, initGraphQLTada } from "gql.tada";
import { request } from "graphql-request";
import { print } from "graphql";
import type { introspection } from "./graphql-env.d.ts";

const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { Date: string; DateTime: string };
}>();

const Page = graphql(`
  query Page($first: Int!) {
    questions(first: $first) {
      nodes { id title date score answer { html } relatedArticles { title question { url } } }
    }
  }
`);

type Question = ResultOf<typeof Page>["questions"]["nodes"][number];

const titleOf = (question: Question): string => question.title;
const scoreOf = (question: Question): number | null => question.score;
// @ts-expect-error - a target that is not there is null
const urlOf = (question: Question): string => question.relatedArticles[0].question.url;
// @ts-expect-error - it was not asked for
const slugOf = (question: Question): string => question.slug;

test("an operation's answer is of its type", async () => {
  const { questions } = await request(process.env.GRAPHQL_API_URL!, Page, { first: 2 });
  assert.equal(questions.nodes.length, 2);
  for (const question of questions.nodes) {
    assert.equal(typeof titleOf(question), "string");
    assert.ok(scoreOf(question) === null || typeof scoreOf(question) === "number");
    assert.match(question.date, /^\d{4}-\d\d-\d\d$/);
    assert.equal(slugOf(question), undefined);
    assert.ok(urlOf);
  }
  assert.match(print(Page), /query Page/);
});

test("a variable of another type is a fault of the program", () => {
  // @ts-expect-error - Int!
  const ask = () => request(process.env.GRAPHQL_API_URL!, Page, { first: "two" });
  assert.ok(ask);
});
