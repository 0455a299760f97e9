// PostGraphile with the preset that it begins with, on the same tables in PostgreSQL.
//   node postgraphile.js FOLDER_OF_THE_SOCKET PORT
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [socket, port] = process.argv.slice(2);
const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({ connectionString: `postgres:///bench?host=${encodeURIComponent(socket)}&user=bench`, schemas: ["public"] }),
  ],
  grafserv: { graphiql: false, watch: false, websockets: false },
};
const server = createServer();
const serv = postgraphile(preset).createServ(grafserv);
await serv.addTo(server);
await serv.ready?.();
server.listen(Number(port), "127.0.0.1");
if (process.env.PRINT_SCHEMA) {
  const { printSchema } = await import("graphql");
  console.log(printSchema(await postgraphile(preset).getSchema()));
}
