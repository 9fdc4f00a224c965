// spec/vectors/raster-worked.json: schema hashes, and every state, record and path of the worked
// runs, once driven as a runner and once as a verifier at each level.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatPath } from "../commit/path.ts";
import { decodeState, encodeState, stateDigest } from "../commit/state.ts";
import type { FinalRecord, GenesisRecord, StepRecord } from "../commit/step-record.ts";
import { decodeRecord, encodeRecord, leafOf } from "../commit/step-record-codec.ts";
import { fromHex, toHex, ZERO32 } from "../hash/index.ts";
import { required } from "../result/result.ts";
import { compileSchema } from "./compile.ts";
import { type Machine, type NextTile, startRun, type TileOutcome } from "./machine.ts";
import { readCfs, schemaHash } from "./read.ts";
import { resumeRun } from "./resume.ts";
import type { Schema } from "./schema.ts";
import type { ValueSource } from "./values.ts";
import { startFromGenesis } from "./verify-steps.ts";

interface StateVector {
  readonly postcard: string;
  readonly digest: string;
}

interface StepVector {
  readonly index: number;
  readonly tile: string;
  readonly path: string;
  readonly input: string;
  readonly output: string;
}

interface RunVector {
  readonly states: readonly StateVector[];
  readonly records: readonly string[];
  readonly leaf_hashes: readonly string[];
}

interface ControlVector extends RunVector {
  readonly cfs?: unknown;
  readonly schema_hash: string;
  readonly inputs: readonly string[];
  readonly steps: readonly StepVector[];
  readonly codes: { readonly [tile: string]: string };
  readonly final: { readonly ok?: string; readonly err?: string };
}

interface Worked {
  readonly schema_hash: readonly { readonly cfs: unknown; readonly schema_hash: string }[];
  readonly commitment: {
    readonly states: readonly StateVector[];
    readonly records: readonly { readonly postcard: string; readonly leaf_hash: string }[];
  };
  readonly recur: RunVector & {
    readonly cfs: unknown;
    readonly schema_hash: string;
    readonly code: string;
    readonly input_bytes_per_iteration: readonly string[];
    readonly output_bytes_per_iteration: readonly string[];
  };
  readonly control: ControlVector;
  readonly control_limit: ControlVector;
}

const file = new URL("../../../../spec/vectors/raster-worked.json", import.meta.url);
const worked: Worked = JSON.parse(readFileSync(file, "utf8"));

function hex(text: string): Uint8Array {
  return required(fromHex(text), "the vector is hex");
}

function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (!result.ok) throw new Error(`expected a value: ${JSON.stringify(result)}`);
  return result.value;
}

function schemaOf(cfs: unknown): Schema {
  return value(compileSchema(value(readCfs(cfs))));
}

/** One step of a worked run: what must be asked for, and what the tile gives. */
interface WorkedStep {
  readonly tile: string;
  readonly path: string;
  readonly iteration: number | null;
  readonly input: string;
  readonly output: string;
}

interface WorkedRun {
  readonly name: string;
  readonly cfs: unknown;
  readonly inputs: readonly string[];
  readonly steps: readonly WorkedStep[];
  readonly codes: { readonly [tile: string]: string };
  readonly states: readonly StateVector[];
  readonly records: readonly string[];
  readonly leaves: readonly string[];
  readonly output: string | null;
}

const CODES = {
  greet: "b2dcf9e73b3a2431ba51b38218445a9f924b1574d419cda5703b6661047fb467",
  exclaim: "7456ff9be93b307d30a0341e8c0f6c3e686abe991982e039cb3f368f33284295",
};

function greetRun(): WorkedRun {
  const { commitment } = worked;
  const texts = ["06526173746572", "0d48656c6c6f2c20526173746572"];
  const last = "0e48656c6c6f2c2052617374657221";
  const [first = "", second = ""] = texts;
  return {
    name: "commitment",
    cfs: worked.schema_hash[0]?.cfs,
    inputs: [first],
    steps: [
      { tile: "greet", path: "0", iteration: null, input: first, output: second },
      { tile: "exclaim", path: "1", iteration: null, input: second, output: last },
    ],
    codes: CODES,
    states: commitment.states,
    records: commitment.records.map((record) => record.postcard),
    leaves: commitment.records.map((record) => record.leaf_hash),
    output: last,
  };
}

function recurRun(): WorkedRun {
  const { recur } = worked;
  const steps = recur.input_bytes_per_iteration.map((input, i) => ({
    tile: "count_to",
    path: `0#${i}`,
    iteration: i,
    input,
    output: recur.output_bytes_per_iteration[i] ?? "",
  }));
  return {
    name: "recur",
    cfs: recur.cfs,
    inputs: recur.input_bytes_per_iteration.slice(0, 1),
    steps,
    codes: { count_to: recur.code },
    states: recur.states,
    records: recur.records,
    leaves: recur.leaf_hashes,
    output: recur.output_bytes_per_iteration.at(-1) ?? null,
  };
}

function controlRun(name: string, vector: ControlVector): WorkedRun {
  return {
    name,
    cfs: worked.control.cfs,
    inputs: vector.inputs,
    steps: vector.steps.map((step) => ({ ...step, iteration: null })),
    codes: worked.control.codes,
    states: vector.states,
    records: vector.records,
    leaves: vector.leaf_hashes,
    output: vector.final.ok ?? null,
  };
}

const runs: readonly WorkedRun[] = [
  greetRun(),
  recurRun(),
  controlRun("control", worked.control),
  controlRun("control_limit", worked.control_limit),
];

/**
 * What a verifier without bytes takes from the records. control: three heads and the branch; both
 * inputs of `add`, which are put together, and the output of the run.
 */
const ASSUMED: { readonly [run: string]: unknown } = {
  commitment: { decisions: 0, inputs: 0, controls: 0, states: 0 },
  recur: { decisions: 0, inputs: 0, controls: 4, states: 0 },
  control: { decisions: 4, inputs: 3, controls: 0, states: 0 },
  control_limit: { decisions: 11, inputs: 0, controls: 0, states: 0 },
};

function nextTile(machine: Machine): NextTile {
  const next = value(machine.next());
  if (next.kind !== "tile") throw new Error("expected a tile");
  return next;
}

function outcomeOf(step: WorkedStep): TileOutcome {
  return { kind: "Ok", output: hex(step.output) };
}

function recordsOf(run: WorkedRun): StepRecord[] {
  return run.records.map((record) => value(decodeRecord(hex(record))));
}

describe("schema hashes", () => {
  it("are those of the vectors", () => {
    expect(worked.schema_hash).toHaveLength(1);
    const { cfs, schema_hash } = required(worked.schema_hash[0], "there is one");
    expect(toHex(schemaHash(cfs))).toBe(schema_hash);
    expect(toHex(schemaHash(worked.recur.cfs))).toBe(worked.recur.schema_hash);
    expect(toHex(schemaHash(worked.control.cfs))).toBe(worked.control.schema_hash);
    expect(worked.control_limit.schema_hash).toBe(worked.control.schema_hash);
  });
});

describe("the worked runs", () => {
  it("have all their steps", () => {
    expect(runs.map((run) => run.steps.length)).toEqual([2, 4, 9, 21]);
    for (const run of runs) {
      expect(run.states).toHaveLength(run.steps.length + 1);
      expect(run.records).toHaveLength(run.steps.length + 2);
      expect(run.leaves).toHaveLength(run.steps.length + 2);
    }
  });

  it.each(runs)("$name: a runner gives every state, path and record", (run) => {
    const machine = value(startRun(schemaOf(run.cfs), run.inputs.map(hex)));
    const digests = value(decodeRecord(hex(run.records[0] ?? "")));
    if (digests.kind !== "Genesis") throw new Error("expected Genesis");
    const records: StepRecord[] = [machine.genesisRecord(ZERO32, digests.inputDigests)];
    const states = [required(machine.state(), "a runner knows the state")];
    for (const step of run.steps) {
      const next = nextTile(machine);
      expect(next.tile.id).toBe(step.tile);
      expect(formatPath(next.path)).toBe(step.path);
      expect(next.iteration).toBe(step.iteration);
      expect(next.inputBytes === null ? null : toHex(next.inputBytes)).toBe(step.input);
      const code = hex(run.codes[step.tile] ?? "");
      records.push(value(machine.applyOutcome(outcomeOf(step), code)));
      states.push(required(machine.state(), "a runner knows the state"));
    }
    records.push(required(machine.finalRecord(), "the run is over"));
    expect(states.map((state) => toHex(encodeState(state)))).toEqual(
      run.states.map((state) => state.postcard),
    );
    expect(states.map((state) => toHex(stateDigest(state)))).toEqual(
      run.states.map((state) => state.digest),
    );
    expect(records.map((record) => toHex(encodeRecord(record)))).toEqual(run.records);
    expect(records.map((record) => toHex(leafOf(record)))).toEqual(run.leaves);
    const end = value(machine.next());
    expect(end.kind).toBe(run.output === null ? "failed" : "done");
    if (end.kind === "failed") expect(end.code).toBe("E_LOOP_LIMIT");
    if (end.kind === "done") expect(toHex(end.outputBytes ?? ZERO32)).toBe(run.output);
    expect(Object.values(machine.assumed)).toEqual([0, 0, 0, 0]);
  });

  it.each(runs)("$name: a verifier with bytes accepts, and assumes nothing", (run) => {
    const records = recordsOf(run);
    const genesis = records[0] as GenesisRecord;
    const started = startFromGenesis(schemaOf(run.cfs), genesis, { inputs: run.inputs.map(hex) });
    const verifier = value(started);
    for (const [i, step] of run.steps.entries()) {
      const record = required(records[i + 1], "there is one record per step");
      const evidence = { input: hex(step.input), output: hex(step.output) };
      expect(verifier.apply(record, evidence)).toEqual({ ok: true, value: null });
    }
    expect(verifier.finish(records.at(-1) as FinalRecord).ok).toBe(true);
    expect(Object.values(verifier.machine.assumed)).toEqual([0, 0, 0, 0]);
  });

  it.each(runs)("$name: a verifier without bytes accepts, and counts assumptions", (run) => {
    const records = recordsOf(run);
    const options = { missing: "assume" } as const;
    const first = { next: records[1] ?? null };
    const genesis = records[0] as GenesisRecord;
    const verifier = value(startFromGenesis(schemaOf(run.cfs), genesis, first, options));
    for (const [i] of run.steps.entries()) {
      const record = required(records[i + 1], "there is one record per step");
      const applied = verifier.apply(record, { next: records[i + 2] ?? null });
      expect(applied).toEqual({ ok: true, value: null });
    }
    expect(verifier.finish(records.at(-1) as FinalRecord).ok).toBe(true);
    expect(verifier.machine.assumed).toEqual(ASSUMED[run.name]);
  });

  it.each(runs)("$name: the run continues from every state", (run) => {
    const schema = schemaOf(run.cfs);
    const machine = value(startRun(schema, run.inputs.map(hex)));
    for (const [i, step] of run.steps.entries()) {
      const bytes = hex(run.states[i]?.postcard ?? "");
      const live = new Map(machine.liveValues().map((v) => [toHex(v.digest), v.bytes]));
      const values: ValueSource = { bytesOf: (digest) => live.get(toHex(digest)) };
      const collected = machine.openLists();
      const resumed = value(resumeRun(schema, value(decodeState(bytes)), { values, collected }));
      const code = hex(run.codes[step.tile] ?? "");
      const record = value(resumed.applyOutcome(outcomeOf(step), code));
      expect(toHex(encodeRecord(record))).toBe(run.records[i + 1]);
      value(machine.applyOutcome(outcomeOf(step), code));
    }
  });
});
