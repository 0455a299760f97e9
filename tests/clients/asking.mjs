// What the clients' tests share: addresses, a fetch that writes down what it did, and the warnings of a client.

import { mock } from "node:test";

export const API = process.env.GRAPHQL_API_URL;
export const PLAIN_API = process.env.PLAIN_API_URL; // without persisted queries

// A fetch, and the requests that went through it: { method, parameters, body, isDone }.
export function recorded() {
  const requests = [];
  const recordedFetch = async (url, options = {}) => {
    const { searchParams: parameters } = new URL(String(url), API);
    const request = { method: options.method ?? "GET", parameters, body: options.body, isDone: false };
    requests.push(request);
    try {
      return await fetch(url, options);
    } finally {
      request.isDone = true;
    }
  };
  return { fetch: recordedFetch, requests };
}

// What `work` warns of, on the console.
export async function warningsOf(work) {
  const told = [];
  const spies = ["warn", "error"].map((name) => mock.method(console, name, (...parts) => told.push(parts.join(" "))));
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mock.restore();
  }
  return told;
}

// Wait until what was asked is answered, and asks for nothing more.
export async function settled(requests) {
  for (let before = -1; before !== requests.length || requests.some(({ isDone }) => !isDone); ) {
    before = requests.length;
    await new Promise((done) => setTimeout(done, 100));
  }
}
