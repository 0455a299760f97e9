// Run every audit of graphql-http against one endpoint and print the results as JSON.
//
//   node run.mjs URL     prints [{id, name, status, reason}, …]; status is ok, notice, warn or error

import { serverAudits } from "graphql-http";

const [url] = process.argv.slice(2);
const results = [];
for (const audit of serverAudits({ url })) {
  const { id, name, status, reason } = await audit.fn();
  results.push({ id, name, status, reason });
}
console.log(JSON.stringify(results));
