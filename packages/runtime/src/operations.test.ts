// The operation table has exactly the operations that the builtin table asks the door for.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUILTINS, type BuiltinRow } from "@lumen/core/builtins";
import { encodeValue } from "@lumen/core/encoding";
import { emptyMap, type TypeDescriptor, type Value } from "@lumen/core/value";
import { afterAll, describe, expect, it } from "vitest";
import {
  clockProviders,
  consoleProviders,
  deterministicSources,
  evalProviders,
  fileProviders,
  httpProviders,
  makeNetwork,
  OPERATIONS,
  snapshotProviders,
  systemProviders,
  traceProviders,
} from "./index.ts";

const rows: readonly BuiltinRow[] = Object.values(BUILTINS);
const doors = rows.flatMap((row) => (row.how.startsWith("door ") ? [row.how.slice(5)] : []));

const folder = mkdtempSync(join(tmpdir(), "lumen-operations-"));
const network = makeNetwork();
afterAll(() => {
  network.close();
  rmSync(folder, { recursive: true, force: true });
});

const streams = { stdout: () => {}, stderr: () => {}, readLine: () => "a", readRest: () => "b" };
const providers = {
  ...consoleProviders(streams),
  ...clockProviders(deterministicSources(0n)),
  ...fileProviders(folder),
  ...systemProviders({ workingDirectory: folder, environment: {}, args: ["a"] }),
  ...httpProviders(),
  ...network.providers,
  ...traceProviders("run"),
  ...snapshotProviders(() => null),
  ...evalProviders((expression) => ({ ok: true, value: expression })),
};

function sampleOf(type: TypeDescriptor): Value {
  if (type === "string") return "text";
  return type === "i64" ? 3 : emptyMap();
}

describe("OPERATIONS", () => {
  it("has one row per door row, and no other", () => {
    expect(doors.length).toBeGreaterThan(10);
    expect(Object.keys(OPERATIONS).sort()).toEqual([...new Set(doors)].sort());
  });

  it("belongs to the effect that the builtin has, and each has a provider", () => {
    for (const row of rows) {
      if (!row.how.startsWith("door ")) continue;
      const name = row.how.slice(5);
      expect(name.startsWith(`${row.effect}.`)).toBe(true);
      expect(Object.keys(providers)).toContain(name);
    }
  });

  it.each(Object.keys(OPERATIONS))("%s is answered by its type", async (name) => {
    const operation = OPERATIONS[name];
    const args = (operation?.args ?? []).map(sampleOf);
    const answer = await providers[name]?.(args);
    // A file "text" may not be there: that answer is a failure with a code and a message.
    if (answer?.ok !== true) expect(answer).toMatchObject({ ok: false, code: "E_IO" });
    else expect(encodeValue(operation?.result ?? "json", answer.value).ok).toBe(true);
  });

  it("prints what print is given, as one text", () => {
    const prepared = (name: string, ...args: readonly Value[]): unknown =>
      OPERATIONS[name]?.prepare?.(args);
    expect(prepared("emit.print", 1, "two", null)).toEqual(["1 two null\n"]);
    expect(prepared("emit.eprint", "x")).toEqual(["x"]);
    expect(prepared("emit.eprintln", "x")).toEqual(["x\n"]);
    expect(prepared("emit.debug", "x")).toEqual(["[debug] x\n"]);
  });
});
