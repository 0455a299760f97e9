// Subscribes with graphql-ws and graphql-sse, and prints a line for each connection and for each event.

import { createClient as createSse } from "graphql-sse";
import { createClient as createWs } from "graphql-ws";
import WebSocket from "ws";

const url = process.env.GRAPHQL_API_URL;
const query = "subscription { contentChanged { sequence added } }";
const say = (...words) => console.log(words.join(" "));
const sinkOf = (name) => ({
  next: (result) => say(name, "event", JSON.stringify(result.data.contentChanged)),
  error: (error) => say(name, "error", error.message ?? JSON.stringify(error)),
  complete: () => say(name, "complete"),
});

// Both come back whenever their connection is lost, as their documentation shows it.
const again = { retryAttempts: Infinity, retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)) };

const ws = createWs({
  url: url.replace("http", "ws"),
  webSocketImpl: WebSocket,
  shouldRetry: () => true,
  ...again,
  on: { connected: () => say("ws connected") },
});
ws.subscribe({ query }, sinkOf("ws"));

const sse = createSse({ url, ...again, on: { connected: () => say("sse connected") } });
sse.subscribe({ query }, sinkOf("sse"));
