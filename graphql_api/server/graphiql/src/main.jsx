// The GraphiQL page. It talks to the address that it was served from, and to no other host.

import { StorageAPI } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import { fetcherFor } from "./fetcher.js";
import { firstVisit, fitting, loadSchema, startQuery } from "./start.js";
import "./page.css";

// [{query, variables}, …]: the example operations, or none when they can't be had.
async function loadExamples() {
  try {
    const response = await fetch("/graphiql/examples.json");
    return response.ok ? await response.json() : [];
  } catch {
    return [];
  }
}

// An operation in the address (?query=…&variables=…), so that a link can hold one.
function operationInAddress() {
  const parameters = new URLSearchParams(location.search);
  const query = parameters.get("query");
  return query ? { query, variables: parameters.get("variables") ?? "" } : undefined;
}

// The tab that was open when this browser was here last; nothing on a first visit.
function tabOpenedBefore() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(new StorageAPI().get("tabState"));
    return tabs[activeTabIndex];
  } catch {
    return undefined;
  }
}

const asked = operationInAddress();
const before = tabOpenedBefore();
const [schema, allExamples] = await Promise.all([loadSchema(), loadExamples()]);
const start = startQuery(schema);
const examples = fitting(allExamples, schema);
const first = asked || before ? { tabs: asked ? [asked, ...examples] : examples } : await firstVisit(examples, start);
// GraphiQL takes the variables of the tab that it opens from here only, and opens another tab for what it doesn't know.
const opened = asked ?? before ?? first.tabs[0];

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcherFor(location.pathname)}
    defaultQuery={start}
    defaultTabs={first.tabs.length > 0 ? first.tabs : undefined}
    query={opened?.query ?? undefined}
    variables={opened?.variables ?? undefined}
    response={first.response}
  />,
);
