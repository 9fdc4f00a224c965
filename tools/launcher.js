#!/usr/bin/env node
// Starts the command: runs the bundle beside this file with the code that the build left of it, so
// that the engine need not read all of it again. Without that code, or where another version of the
// engine made it, the command starts more slowly and does the same.

const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { Script, constants } = require("node:vm");

const filename = join(__dirname, "lumen.cjs");
const cache = join(__dirname, "lumen-LUMEN_BUILD.cache");
// The bundle is ASCII.
const source = readFileSync(filename, "latin1");
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const head = "(function (exports, require, module, __filename, __dirname, LUMEN_URL) {";
const script = new Script(`${head}${source}\n})`, {
  filename,
  columnOffset: -head.length,
  importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  ...(cachedData === undefined ? {} : { cachedData }),
});
if (process.env.LUMEN_WRITE_CODE === "1")
  process.on("exit", () => writeFileSync(cache, script.createCachedData()));
const run = script.runInThisContext();
run(module.exports, require, module, filename, __dirname, pathToFileURL(__filename).href);
