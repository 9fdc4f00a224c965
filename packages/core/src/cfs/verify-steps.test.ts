// Rejections of records (spec/formats.md 18.3): every reason, and their order of precedence.

import { describe, expect, it } from "vitest";
import type { FinalRecord, GenesisRecord, StepRecord, TileRecord } from "../commit/step-record.ts";
import type { Failure } from "../diagnostic/failure.ts";
import { valueDigest } from "../encoding/index.ts";
import { ZERO32 } from "../hash/index.ts";
import { compileSchema } from "./compile.ts";
import { startRun } from "./machine.ts";
import { readCfs } from "./read.ts";
import type { Schema } from "./schema.ts";
import {
  type StepEvidence,
  type StepVerifier,
  startFromGenesis,
  type VerifierOptions,
} from "./verify-steps.ts";

const ONE = new Uint8Array(32).fill(1);
const PIN = new Uint8Array(32).fill(7);
const PIN_HEX = "07".repeat(32);

/** `count` recursively from the input, then `inc` of its state; `inc` has pins. */
const document = {
  version: "1.0",
  project: "p",
  encoding: "postcard",
  tiles: [
    {
      id: "count",
      type: "recur",
      inputs: 1,
      outputs: 2,
      input_types: ["i64"],
      output_type: { tuple: ["bool", "i64"] },
      max_iterations: 2,
    },
    {
      id: "inc",
      type: "iter",
      inputs: 1,
      outputs: 1,
      input_types: ["i64"],
      output_type: "i64",
      code: PIN_HEX,
      method_ids: { native: PIN_HEX },
    },
  ],
  sequences: [
    {
      id: "main",
      input_sources: [{ source: { type: "external" } }],
      input_types: ["i64"],
      items: [
        {
          item_type: "tile",
          item_id: "count",
          recursive: true,
          input_sources: [{ source: { type: "seq_input", input_index: 0 } }],
        },
        {
          item_type: "tile",
          item_id: "inc",
          input_sources: [{ source: { type: "item_output", item_index: 0, output_index: 1 } }],
        },
      ],
      outputs: 1,
      output: { source: { type: "item_output", item_index: 1, output_index: 0 } },
    },
  ],
};

function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (!result.ok) throw new Error(`expected a value: ${JSON.stringify(result)}`);
  return result.value;
}

const schema: Schema = value(compileSchema(value(readCfs(document))));
const OUTPUTS = [Uint8Array.of(0, 2), Uint8Array.of(1, 4), Uint8Array.of(6)];
const INPUT = Uint8Array.of(0);

/** Records of an honest run: Genesis, count, count, inc, Final. */
function honest(): readonly [GenesisRecord, TileRecord, TileRecord, TileRecord, FinalRecord] {
  const machine = value(startRun(schema, [INPUT]));
  const genesis = machine.genesisRecord(ZERO32, [valueDigest(INPUT)]);
  const [a, b, c] = OUTPUTS.map((output, i) =>
    value(machine.applyOutcome({ kind: "Ok", output }, i < 2 ? ONE : PIN)),
  );
  const final = machine.finalRecord();
  if (a === undefined || b === undefined || c === undefined || final === null) {
    throw new Error("the run has three steps");
  }
  return [genesis, a, b, c, final];
}

const [GENESIS, COUNT0, COUNT1, INC, FINAL] = honest();

function started(options: VerifierOptions = {}): StepVerifier {
  return value(startFromGenesis(schema, GENESIS, { inputs: [INPUT] }, options));
}

/** A verifier that has accepted the honest records before leaf `leaf`. */
function before(leaf: number, options: VerifierOptions = {}): StepVerifier {
  const verifier = started(options);
  for (const [i, record] of [COUNT0, COUNT1, INC].slice(0, leaf - 1).entries()) {
    const output = OUTPUTS[i] ?? ZERO32;
    value(verifier.apply(record, { output, next: [COUNT1, INC, FINAL][i] ?? null }));
  }
  return verifier;
}

function reasonOf(result: { ok: true } | { ok: false; error: Failure }): unknown {
  if (result.ok) return null;
  expect(result.error.code).toBe("E_STEP_MISMATCH");
  expect(result.error.domain).toBe("verifiable");
  return result.error.details?.reason;
}

const digest = (...bytes: number[]): Uint8Array => valueDigest(Uint8Array.from(bytes));
const request: StepRecord = {
  kind: "Request",
  index: 0,
  operation: "Ask.name",
  requestDigest: ZERO32,
  outcome: { kind: "Ok", outputDigest: ZERO32 },
};

interface Forgery {
  readonly reason: string;
  readonly leaf: number;
  readonly change: Partial<TileRecord>;
  readonly evidence?: StepEvidence;
}

const err = (code: string, errorDigest = digest()) => ({ kind: "Err", code, errorDigest }) as const;

const forgeries: readonly Forgery[] = [
  { reason: "length", leaf: 1, change: { index: 1 } },
  { reason: "tile", leaf: 1, change: { tileId: "inc" } },
  { reason: "path", leaf: 1, change: { path: [{ kind: "Item", index: 0 }] } },
  { reason: "path", leaf: 3, change: { path: [{ kind: "Item", index: 2 }] } },
  { reason: "iteration", leaf: 1, change: { iteration: 1 } },
  { reason: "iteration", leaf: 2, change: { iteration: null } },
  { reason: "artifact", leaf: 3, change: { code: ONE } },
  { reason: "artifact", leaf: 2, change: { code: ZERO32 } },
  {
    reason: "artifact",
    leaf: 3,
    change: {},
    evidence: { ran: { backend: "native", methodId: ONE } },
  },
  { reason: "input", leaf: 1, change: { inputDigest: ONE } },
  { reason: "input", leaf: 2, change: { inputDigest: ONE } },
  { reason: "input", leaf: 3, change: {}, evidence: { input: Uint8Array.of(9) } },
  { reason: "output", leaf: 3, change: {}, evidence: { output: Uint8Array.of(9) } },
  {
    reason: "output",
    leaf: 3,
    change: {},
    evidence: { executed: { kind: "Ok", output: Uint8Array.of(9) } },
  },
  { reason: "output", leaf: 3, change: { outcome: err("E_LOOP_LIMIT") } },
  { reason: "output", leaf: 3, change: { outcome: err("E_TRAP_INDEX", ONE) } },
  { reason: "control", leaf: 1, change: { control: null } },
  { reason: "control", leaf: 1, change: { control: { done: true, nextDigest: digest(2) } } },
  { reason: "control", leaf: 1, change: { control: { done: false, nextDigest: ONE } } },
  { reason: "control", leaf: 3, change: { control: { done: true, nextDigest: ONE } } },
  { reason: "control", leaf: 1, change: { outcome: err("E_TILE_FAILED") } },
  { reason: "state", leaf: 1, change: { postState: ONE } },
  { reason: "state", leaf: 3, change: { postState: ONE } },
];

const RECORDS: readonly TileRecord[] = [COUNT0, COUNT1, INC];

function apply(forgery: Omit<Forgery, "reason">, options: VerifierOptions = {}): unknown {
  const { leaf, change, evidence } = forgery;
  const honestRecord = RECORDS[leaf - 1] ?? INC;
  const bytes = { output: OUTPUTS[leaf - 1] ?? ZERO32 };
  return reasonOf(
    before(leaf, options).apply({ ...honestRecord, ...change }, { ...bytes, ...evidence }),
  );
}

describe("records of a run", () => {
  it("are accepted when honest", () => {
    const verifier = before(4);
    expect(verifier.finish(FINAL).ok).toBe(true);
    expect(Object.values(verifier.machine.assumed)).toEqual([0, 0, 0, 0]);
  });

  it.each(forgeries)("are rejected for $reason at leaf $leaf", (forgery) => {
    expect(apply(forgery)).toBe(forgery.reason);
  });

  it("are rejected for the first reason in the order of 18.3", () => {
    let change: Partial<TileRecord> = {};
    let evidence: StepEvidence = {};
    // From the last reason to the first: each further fault takes precedence.
    const faults: readonly (readonly [string, Partial<TileRecord>, StepEvidence])[] = [
      ["state", { postState: ONE }, {}],
      ["control", { control: { done: true, nextDigest: ONE } }, {}],
      ["output", {}, { output: Uint8Array.of(9) }],
      ["input", { inputDigest: ONE }, {}],
      ["artifact", { code: ONE }, {}],
      ["iteration", { iteration: 3 }, {}],
      ["path", { path: [] }, {}],
      ["tile", { tileId: "nobody" }, {}],
      ["length", { index: 17 }, {}],
    ];
    for (const [reason, more, found] of faults) {
      change = { ...change, ...more };
      evidence = { ...evidence, ...found };
      expect(apply({ leaf: 3, change, evidence })).toBe(reason);
    }
  });

  it("name leaf and both sides", () => {
    const result = before(3).apply({ ...INC, tileId: "nobody" });
    expect(result.ok ? null : result.error.details).toEqual({
      leaf: 3,
      reason: "tile",
      expected: "inc",
      found: "nobody",
    });
  });

  it("must be those of tiles, and end with the right Final record", () => {
    expect(reasonOf(started().apply(request))).toBe("tile");
    expect(reasonOf(started().apply(GENESIS))).toBe("tile");
    expect(reasonOf(started().apply(FINAL))).toBe("final");
    expect(reasonOf(started().finish(FINAL))).toBe("final");
    expect(reasonOf(before(4).apply({ ...INC, index: 3 }))).toBe("length");
    expect(reasonOf(before(4).finish({ ...FINAL, steps: 4 }))).toBe("final");
    const failed = { ...FINAL, outcome: err("E_TILE_FAILED") };
    expect(reasonOf(before(4).finish(failed))).toBe("final");
    expect(before(4).missingFinal().details?.reason).toBe("length");
  });

  it("have the code of the program file, where that is known", () => {
    const options = { codeOf: () => PIN };
    expect(reasonOf(started(options).apply(COUNT0, { output: OUTPUTS[0] ?? ZERO32 }))).toBe(
      "artifact",
    );
  });
});

describe("genesis records", () => {
  const start = (change: Partial<GenesisRecord>): unknown =>
    reasonOf(startFromGenesis(schema, { ...GENESIS, ...change }, { inputs: [INPUT] }));

  it("fit the schema, its entry, inputs and first state", () => {
    expect(start({})).toBe(null);
    expect(start({ schemaHash: ONE })).toBe("genesis");
    expect(start({ entry: "other" })).toBe("genesis");
    expect(start({ inputDigests: [] })).toBe("genesis");
    expect(start({ defaultBound: 5 })).toBe("genesis");
    expect(start({ inputDigests: [ONE] })).toBe("input");
    expect(start({ postState: ONE })).toBe("state");
  });
});

describe("limits and failures", () => {
  it("end a recursion that is not done at its bound with E_RECUR_LIMIT", () => {
    const machine = value(startRun(schema, [INPUT]));
    value(machine.applyOutcome({ kind: "Ok", output: Uint8Array.of(0, 2) }, ONE));
    value(machine.applyOutcome({ kind: "Ok", output: Uint8Array.of(0, 4) }, ONE));
    const end = value(machine.next());
    expect(end).toMatchObject({ kind: "failed", code: "E_RECUR_LIMIT", errorDigest: digest() });
    expect(machine.state()).toMatchObject({ stack: [], recur: null, steps: 2 });
  });

  it("end a run with the failure of a tile", () => {
    const machine = value(startRun(schema, [INPUT]));
    const outcome = { kind: "Err", code: "E_TILE_FAILED", error: Uint8Array.of(1, 0x78) } as const;
    const record = value(machine.applyOutcome(outcome, ONE));
    expect(record.control).toBe(null);
    expect(machine.finalRecord()?.outcome).toEqual(err("E_TILE_FAILED", digest(1, 0x78)));
    const verifier = started();
    value(verifier.apply(record));
    expect(verifier.finish({ kind: "Final", steps: 1, outcome: record.outcome }).ok).toBe(true);
  });

  it("refuse outputs that do not begin with a bool, or do not split", () => {
    const machine = value(startRun(schema, [INPUT]));
    const bad = machine.applyOutcome({ kind: "Ok", output: Uint8Array.of(2, 2) }, ONE);
    expect(bad.ok ? null : bad.error.code).toBe("E_DECODE");
    value(machine.applyOutcome({ kind: "Ok", output: Uint8Array.of(1, 2, 3) }, ONE));
    const split = machine.next();
    expect(split.ok ? null : split.error.code).toBe("E_DECODE");
  });

  it("name the value whose bytes are missing", () => {
    const verifier = started();
    const result = verifier.apply(COUNT0);
    const { outcome } = COUNT0;
    const missing = outcome.kind === "Ok" ? Buffer.from(outcome.outputDigest).toString("hex") : "";
    expect(result.ok ? null : result.error).toMatchObject({
      code: "E_MISSING_VALUE",
      details: { digest: missing },
    });
  });

  it("refuse a wrong number of inputs", () => {
    const result = startRun(schema, []);
    expect(result.ok ? null : result.error.code).toBe("E_ARITY");
  });
});
