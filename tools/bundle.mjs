// Bundles the command into one file with a source map: dist/lumen.js.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await build({
  entryPoints: [join(root, "packages/cli/src/bin.ts")],
  outfile: join(root, "dist/lumen.js"),
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  conditions: ["lumen-src"],
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
});
