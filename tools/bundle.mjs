// Bundles a program into one file with a source map. The command: dist/lumen.cjs, the launcher
// dist/lumen.js, and the engine's code for a typical run of it. With `--bench NAME` a benchmark,
// dist/bench-NAME.mjs, with the same options.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Parts of Node that load much and that most runs have no need of. In the bundle each is loaded
 * when something of it is first used.
 */
const LAZY_BUILTINS = ["child_process", "crypto", "dgram", "net", "worker_threads"];

const lazyBuiltins = {
  name: "lazy-builtins",
  setup(plugin) {
    const filter = new RegExp(`^node:(${LAZY_BUILTINS.join("|")})$`);
    plugin.onResolve({ filter }, ({ path, namespace }) =>
      namespace === "lazy" ? { path, external: true } : { path, namespace: "lazy" },
    );
    plugin.onLoad({ filter, namespace: "lazy" }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== "default");
      const getters = names.map((name) => `get ${name}() { return load().${name}; }`);
      const load = `let loaded; const load = () => (loaded ??= require("${path}"));`;
      return { contents: `${load}\nmodule.exports = { ${getters.join(", ")} };` };
    });
  },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const [flag, bench] = process.argv.slice(2);
mkdirSync(dist, { recursive: true });
if (flag === "--bench") await bundleBench(bench);
else await bundleCommand();

async function bundle(options) {
  const { outputFiles } = await build({
    bundle: true,
    platform: "node",
    target: "node20",
    conditions: ["lumen-src"],
    // What has to be found beside the command: it is no JavaScript, or not only.
    external: ["esbuild", "koffi"],
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
    write: false,
    ...options,
  });
  return outputFiles;
}

async function bundleBench(name) {
  const files = await bundle({
    entryPoints: [join(root, `bench/${name}/main.ts`)],
    outfile: join(dist, `bench-${name}.mjs`),
    format: "esm",
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  });
  for (const { path, contents } of files) writeFileSync(path, contents);
}

async function bundleCommand() {
  // The build id is the hash of the bundle that has this text in its place.
  const placeholder = "LUMEN-BUILD-".padEnd(64, "0");
  const files = await bundle({
    entryPoints: [join(root, "packages/cli/src/bin.ts")],
    outfile: join(dist, "lumen.cjs"),
    format: "cjs",
    plugins: [lazyBuiltins],
    minifyWhitespace: true,
    // Code that the engine kept cannot import: what is not in the bundle is required.
    supported: { "dynamic-import": false },
    define: { LUMEN_BUILD: JSON.stringify(placeholder), "import.meta.url": "LUMEN_URL" },
  });
  const code = files.find(({ path }) => path.endsWith(".cjs"));
  const id = createHash("sha256").update(code.text).digest("hex");
  for (const { path, text } of files) writeFileSync(path, text.replaceAll(placeholder, id));
  for (const name of readdirSync(dist)) if (name.endsWith(".cache")) rmSync(join(dist, name));
  writeFileSync(join(dist, "package.json"), '{ "type": "commonjs" }\n');
  const launcher = readFileSync(join(root, "tools/launcher.js"), "utf8");
  writeFileSync(join(dist, "lumen.js"), launcher.replaceAll("LUMEN_BUILD", id.slice(0, 16)));
  keepCode();
}

/** Runs the command once and keeps the engine's code for what that needed. */
function keepCode() {
  const args = [join(dist, "lumen.js"), "run", "--no-cache", join(root, "examples/hello.lm.md")];
  const env = { ...process.env, LUMEN_WRITE_CODE: "1" };
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`the command does not run: ${stderr}`);
}
