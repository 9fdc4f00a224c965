// The same program on every back end: same output, same commitment (formats 15.1), other method
// ids.

import { toHex } from "@lumen/core/hash";
import { readWholeTrace } from "@lumen/core/trace";
import { describe, expect, it } from "vitest";
import {
  bytesOf,
  document,
  jsonLines,
  ledger,
  lumen,
  onlyTrace,
  project,
} from "../cli/testing/lumen.ts";

const BACKENDS = ["native", "isolate", "zkvm-sim"];

async function evidenceOf(folder: string, backend: string, input: string): Promise<unknown> {
  const words = ["run", "--deterministic", "--input", input, "--backend", backend];
  const ran = await lumen(folder, ...words, "--format", "json");
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  const [{ evidence, output }] = jsonLines(ran.stdout) as readonly [
    { readonly evidence: { readonly commitment: string }; readonly output: unknown },
  ];
  return { output, commitment: evidence.commitment };
}

describe("a program on several back ends", () => {
  it("commits to the same: a sequence with recursion", async () => {
    const runs = [];
    for (const backend of BACKENDS) runs.push(await evidenceOf(ledger(), backend, "@input.json"));
    expect(new Set(runs.map((run) => JSON.stringify(run))).size).toBe(1);
  });

  it("commits to the same: a cell that calls tiles", async () => {
    const files = {
      "lumen.toml": '[package]\nname = "cells"\nversion = "0.1.0"\n',
      "main.lm.md": document(
        "@tile(iter)\ncell square(n: Int) -> Int = n * n\n\ncell main(n: Int) -> Int\n  print(square(n))\n  return square(n + 1)\nend\n",
      ),
    };
    const runs = [];
    for (const backend of BACKENDS) {
      const ran = await lumen(
        project(files),
        ...["run", "--deterministic", "--input", "6", "--backend", backend, "--format", "json"],
      );
      expect(ran.status).toBe(0);
      runs.push(/"commitment":"[0-9a-f]{64}"/.exec(ran.stdout)?.[0]);
    }
    expect(runs[0]).toBeDefined();
    expect(new Set(runs).size).toBe(1);
  });

  it("names the back end and a method id of its own in the trace", async () => {
    const folder = ledger();
    await lumen(folder, "run", "--input", "@input.json", "--backend", "isolate");
    const trace = readWholeTrace(bytesOf(onlyTrace(folder)), { subject: "run" });
    if (!trace.ok) throw new Error(trace.error.message);
    const steps = trace.value.events.flatMap(({ event }) =>
      event.kind === "TileStep" && event.record.kind === "Tile" ? [event] : [],
    );
    const built = await lumen(folder, "build", "--backend", "isolate", "--format", "json");
    const [{ tiles }] = jsonLines(built.stdout) as readonly [
      { readonly tiles: readonly { readonly tileId: string; readonly methodId: string }[] },
    ];
    const idOf = new Map(tiles.map((tile) => [tile.tileId, tile.methodId]));
    expect(steps.length).toBeGreaterThan(20);
    for (const { record, backend, methodId } of steps) {
      expect(backend).toBe("isolate");
      if (record.kind === "Tile") expect(toHex(methodId)).toBe(idOf.get(record.tileId));
    }
    const verified = await lumen(folder, "verify");
    expect(verified.stdout).toContain("re-execution");
  });

  it("accepts a run that a limit ended, where it was run", async () => {
    const folder = project({
      "lumen.toml": '[package]\nname = "limits"\nversion = "0.1.0"\n',
      "main.lm.md": document(
        "@tile(iter, max_memory: 20000)\ncell many(n: Int) -> Int = length([i for i in 0..n])\n\n@sequence\ncell main(n: Int) -> Int = many(n)\n",
      ),
    });
    for (const backend of ["isolate", "zkvm-sim"]) {
      const ran = await lumen(folder, "run", "--input", "100000", "--backend", backend);
      expect(ran.status).toBe(1);
      expect(ran.stderr).toContain("E_TRAP_MEMORY");
      const verified = await lumen(folder, "verify");
      expect(verified).toMatchObject({ status: 0, stderr: "" });
      expect(verified.stdout).toContain("re-execution");
      expect((await lumen(folder, "replay")).status).toBe(0);
    }
    const native = await lumen(folder, "run", "--input", "100000");
    expect(native).toMatchObject({
      status: 0,
      stdout: "100000\n",
      stderr: "note: tile many takes more memory than it declares (20000 bytes)\n",
    });
    expect((await lumen(folder, "verify")).status).toBe(0);
  });

  it("refuses a name that there is none of, with those that there are", async () => {
    const ran = await lumen(ledger(), "run", "--input", "@input.json", "--backend", "wasm");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("E_BACKEND_UNSUPPORTED");
    expect(ran.stderr).toContain("native, isolate");
  });
});
