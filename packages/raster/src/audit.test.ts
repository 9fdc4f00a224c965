// An audit tells the step at which two runs part, with the code and the back end of the own one.

import { decodeFingerprint, encodeFingerprint } from "@lumen/core/commit";
import { ok } from "@lumen/core/result";
import { describe, expect, it } from "vitest";
import { type Audit, AuditTracer } from "./audit.ts";
import type { LoadedTile } from "./backend.ts";
import { RunRecorder } from "./recorder.ts";
import { runSequence } from "./runner.ts";
import {
  cfsOf,
  functionTile,
  HELLO_CFS,
  HELLO_TILES,
  hex,
  tileTable,
  unwrap,
  worked,
} from "./testing/worked-runs.ts";

const [GREET, EXCLAIM] = HELLO_TILES;

async function audit(file: Uint8Array, tiles: readonly LoadedTile[]): Promise<Audit | null> {
  const tracer = new AuditTracer(unwrap(decodeFingerprint(file, "file")));
  await runSequence({
    cfs: cfsOf(HELLO_CFS),
    inputs: [hex("06526173746572")],
    programId: new Uint8Array(32),
    tiles: tileTable(tiles),
    startRecorder: () => ok(new RunRecorder({ tracer, io: "Digest", clock: { kind: "logical" } })),
  });
  return tracer.finish();
}

const file = (): Uint8Array => hex(worked.fingerprint[0]?.file ?? "");

/** `exclaim` of other code that gives the same. */
const OTHER = functionTile("exclaim", new Uint8Array(32).fill(5), (input) => {
  const text = [...input.slice(1), 0x21];
  return Uint8Array.of(text.length, ...text);
});

describe("an audit", () => {
  it("accepts an equal run", async () => {
    expect(await audit(file(), HELLO_TILES)).toEqual({
      verdict: { kind: "accepted" },
      local: null,
    });
  });

  it("shows the first step of other code, and how it ran", async () => {
    const found = await audit(file(), [GREET ?? OTHER, OTHER]);
    expect(found?.verdict).toMatchObject({ kind: "item", leaf: 2 });
    expect(found?.local).toMatchObject({ leaf: 2, backend: "native", methodId: OTHER.methodId });
    expect(found?.local?.record).toMatchObject({ tileId: "exclaim", code: OTHER.code });
  });

  it("shows the step that failed in a run that fails", async () => {
    const failing = functionTile("greet", GREET?.code ?? new Uint8Array(32), () => ({
      kind: "failed",
      failure: { code: "E_TRAP_INDEX", error: new Uint8Array(0), message: "", stack: [] },
      cycles: null,
    }));
    const found = await audit(file(), [failing, EXCLAIM ?? OTHER]);
    expect(found).toMatchObject({ verdict: { kind: "item", leaf: 1 }, local: { leaf: 1 } });
  });

  it("names no step where the schemas differ", async () => {
    const bytes = encodeFingerprint({
      ...unwrap(decodeFingerprint(file(), "file")),
      schemaHash: new Uint8Array(32),
    });
    const found = await audit(bytes, HELLO_TILES);
    expect(found).toMatchObject({ verdict: { kind: "schema" }, local: null });
  });
});
