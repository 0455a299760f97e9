// What a page shows that opens for the first time: operations of this schema, and the answer to the first one.

import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  parse,
  validate,
} from "graphql";

const SHOWN_FIELDS = 6;

async function answerTo(query, variables) {
  const response = await fetch(location.pathname, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query, variables: variables ? JSON.parse(variables) : {} }),
  });
  return response.json();
}

// The schema, or undefined where it can't be had.
export async function loadSchema() {
  try {
    return buildClientSchema((await answerTo(getIntrospectionQuery())).data);
  } catch {
    return undefined;
  }
}

const needsNothing = (field) => !field.args.some(isRequiredArgument);
const fieldsOf = (type) => (isObjectType(type) ? Object.values(type.getFields()) : []);

// A few entries of the first list that the schema has.
export function startQuery(schema) {
  const root = schema?.getQueryType();
  const list = root && fieldsOf(root).find((field) => needsNothing(field) && nodesOf(field));
  if (!list) return "query Start {\n  content {\n    version\n  }\n}\n";
  const shown = fieldsOf(getNamedType(nodesOf(list).type)).filter(
    (field) => needsNothing(field) && isLeafType(getNamedType(field.type)),
  );
  const names = shown.slice(0, SHOWN_FIELDS).map(({ name }) => `      ${name}\n`);
  return `query Start {\n  ${list.name}(first: 3) {\n    totalCount\n    nodes {\n${names.join("")}    }\n  }\n}\n`;
}

function nodesOf(field) {
  return fieldsOf(getNamedType(field.type)).find(({ name }) => name === "nodes");
}

// Those of the examples that the schema can answer.
export function fitting(examples, schema) {
  return schema ? examples.filter(({ query }) => validate(schema, parse(query)).length === 0) : examples;
}

const isEmpty = ({ data }) => Object.values(data ?? {}).every((value) => value === null);

// The tabs of a first visit, and the answer to show in the first one: an example that finds nothing shows nothing.
export async function firstVisit(examples, start) {
  const tabs = examples.length > 0 ? examples : [{ query: start, variables: "" }];
  try {
    const answer = await answerTo(tabs[0].query, tabs[0].variables);
    if (!isEmpty(answer)) return { tabs, response: JSON.stringify(answer, null, 2) };
    const other = await answerTo(start);
    return { tabs: [{ query: start, variables: "" }, ...examples], response: JSON.stringify(other, null, 2) };
  } catch {
    return { tabs, response: undefined };
  }
}
