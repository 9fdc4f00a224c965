// Bundles a program into one file with a source map: the command into dist/lumen.js, or with
// `--bench NAME` a benchmark into dist/bench-NAME.mjs, with the same options.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [flag, bench] = process.argv.slice(2);
const [entry, output] =
  flag === "--bench"
    ? [`bench/${bench}/main.ts`, `dist/bench-${bench}.mjs`]
    : ["packages/cli/src/bin.ts", "dist/lumen.js"];

// The build id is the hash of the bundle that has this text in its place.
const PLACEHOLDER = "LUMEN-BUILD-".padEnd(64, "0");

const { outputFiles } = await build({
  entryPoints: [join(root, entry)],
  outfile: join(root, output),
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  conditions: ["lumen-src"],
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
  define: { LUMEN_BUILD: JSON.stringify(PLACEHOLDER) },
  write: false,
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
});
mkdirSync(join(root, "dist"), { recursive: true });
for (const { path, text } of outputFiles) {
  const id = createHash("sha256").update(text).digest("hex");
  writeFileSync(path, text.replaceAll(PLACEHOLDER, id));
}
