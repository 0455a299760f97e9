// Build the GraphiQL page: one script, one style sheet, the page, its icon, and the licences of what is inside.
//
//   node build.mjs [FOLDER]     FOLDER defaults to ../static; the same sources always give the same bytes.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = resolve(process.argv[2] ?? join(here, "../static"));

async function bundle() {
  const result = await build({
    absWorkingDir: here,
    entryPoints: { graphiql: "src/main.jsx" },
    outdir: output,
    bundle: true,
    minify: true,
    keepNames: true, // GraphiQL labels its icons by the names of their components
    format: "esm",
    target: ["chrome111", "firefox115", "safari16.4"],
    jsx: "automatic",
    charset: "utf8",
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  return Object.keys(result.metafile.inputs);
}

// The folders of the packages that the bundle holds, from the paths of its input files.
function packageFolders(inputs) {
  const folders = inputs.map((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean);
  return [...new Set(folders)].sort();
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(here, folder, "package.json"), "utf8"));
  const file = (await readdir(join(here, folder))).sort().find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file ? (await readFile(join(here, folder, file), "utf8")).replaceAll("\r\n", "\n").trim() : "";
  return `${name} ${version} (${license})\n\n${text}`.trim();
}

// One digest of everything that the build reads; a test compares it, so that no one forgets to build.
async function digestOfSources() {
  const names = ["build.mjs", "package-lock.json", "package.json"];
  names.push(...(await readdir(join(here, "src"))).map((name) => `src/${name}`));
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    hash.update(`${name}\n`).update(await readFile(join(here, name)));
  }
  return hash.digest("hex");
}

await mkdir(output, { recursive: true });
const folders = packageFolders(await bundle());
const licences = [...new Set(await Promise.all(folders.map(licenceOf)))];
await writeFile(join(output, "LICENSES.txt"), `${licences.join(`\n\n${"-".repeat(78)}\n\n`)}\n`);
await copyFile(join(here, "src/index.html"), join(output, "index.html"));
await copyFile(join(here, "src/icon.svg"), join(output, "icon.svg"));
await writeFile(join(output, "sources.sha256"), `${await digestOfSources()}\n`);
