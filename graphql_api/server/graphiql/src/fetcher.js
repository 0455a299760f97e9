// How GraphiQL asks: queries and mutations by POST, subscriptions as a stream of server-sent events.

import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { getOperationAST } from "graphql";
import { createClient } from "graphql-sse";

const isSubscription = (document, name) => getOperationAST(document, name)?.operation === "subscription";

// A refusal becomes the one result of a stream: shown as such, and not asked for again as if the network had failed.
async function fetchStream(...request) {
  const response = await fetch(...request);
  if (response.status < 400 || response.status >= 500) return response;
  const refusal = JSON.stringify(await response.json());
  return new Response(`event: next\ndata: ${refusal}\n\nevent: complete\ndata:\n\n`);
}

export function fetcherFor(url) {
  const ask = createGraphiQLFetcher({ url });
  return (parameters, options) => {
    const document = options?.documentAST;
    if (!document || !isSubscription(document, parameters.operationName)) return ask(parameters, options);
    return createClient({ url, headers: options.headers, fetchFn: fetchStream }).iterate(parameters);
  };
}
