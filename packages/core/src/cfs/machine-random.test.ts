// Random schemas against a naive evaluator that walks the JSON document with plain values and its
// own encoder: the machine must ask for the same tiles, at the same paths, with the same bytes, and
// a verifier must accept the records with bytes, without bytes, and from every state on.

import { describe, expect, it } from "vitest";
import { formatPath } from "../commit/path.ts";
import { decodeState, encodeState } from "../commit/state.ts";
import type { FinalRecord, StepRecord } from "../commit/step-record.ts";
import { valueDigest } from "../encoding/index.ts";
import { toHex, ZERO32 } from "../hash/index.ts";
import { required } from "../result/result.ts";
import { compileSchema } from "./compile.ts";
import type {
  ArmDocument,
  BindingDocument,
  CfsDocument,
  ItemDocument,
  OutputDocument,
  SequenceDocument,
  SourceDocument,
  TileDocument,
} from "./document.ts";
import { startRun } from "./machine.ts";
import { readCfs } from "./read.ts";
import { resumeRun } from "./resume.ts";
import type { Schema } from "./schema.ts";
import { startFromGenesis } from "./verify-steps.ts";
import { orderedCfs } from "./write.ts";

type Plain =
  | number
  | boolean
  | { readonly list: readonly Plain[] }
  | { readonly tuple: readonly Plain[] }
  | { readonly tag: number; readonly payload: readonly Plain[] };

type Kind = "i64" | "bool" | "list" | "enum" | "pair";

const ENUM = {
  enum: {
    name: "E",
    variants: [
      ["A", null],
      ["B", "i64"],
      ["C", { tuple: ["i64", "bool"] }],
    ],
  },
} as const;
const PAIR = { tuple: ["i64", "i64"] } as const;
const TYPES = { i64: "i64", bool: "bool", list: { list: "i64" }, enum: ENUM, pair: PAIR } as const;

interface TileSpec {
  readonly inputs: number;
  readonly output: Kind;
  readonly run: (args: readonly number[]) => Plain;
}

const TILES: { readonly [id: string]: TileSpec } = {
  inc: { inputs: 1, output: "i64", run: ([a = 0]) => (a * 3 + 1) % 50 },
  sub: { inputs: 2, output: "i64", run: ([a = 0, b = 0]) => (a - b) % 50 },
  pair: { inputs: 1, output: "pair", run: ([a = 0]) => ({ tuple: [a - 1, a + 1] }) },
  even: { inputs: 1, output: "bool", run: ([a = 0]) => a % 2 === 0 },
  vary: { inputs: 1, output: "enum", run: ([a = 0]) => vary(a, Math.abs(a) % 3) },
  some: { inputs: 1, output: "list", run: ([a = 0]) => ({ list: [a, a + 1, a + 2].slice(a % 4) }) },
};

function vary(a: number, tag: number): Plain {
  return { tag, payload: [[], [a], [a, a > 9]][tag] ?? [] };
}

const tileDocuments: readonly TileDocument[] = [
  ...Object.entries(TILES).map(([id, { inputs, output }]) => ({
    id,
    type: "iter" as const,
    inputs,
    outputs: output === "pair" ? 2 : 1,
    input_types: Array.from({ length: inputs }, () => "i64" as const),
    output_type: TYPES[output],
  })),
  {
    id: "climb",
    type: "recur",
    inputs: 1,
    outputs: 2,
    input_types: ["i64"],
    output_type: { tuple: ["bool", "i64"] },
  },
];

function encode(value: Plain): number[] {
  if (typeof value === "boolean") return [value ? 1 : 0];
  if (typeof value === "number") return varint(value < 0 ? -2 * value - 1 : 2 * value);
  if ("list" in value) return [...varint(value.list.length), ...value.list.flatMap(encode)];
  if ("tuple" in value) return value.tuple.flatMap(encode);
  return [value.tag, ...value.payload.flatMap(encode)];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** Deterministic choices from a seed (mulberry32). */
class Choices {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }

  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % count;
  }

  pick<T>(items: readonly T[]): T {
    return required(items[this.below(items.length)], "there is something to pick");
  }
}

/** A source that is visible at some place: what it is depends on the place of use. */
interface Visible {
  readonly kind: Kind;
  readonly at: (levels: Levels) => SourceDocument;
}

/** Nesting at a place, from which `up` is counted. */
type Levels = { readonly [K in "blocks" | "arms" | "loops"]: number };

/** An item and the kinds of its outputs. */
interface Generated {
  readonly item: ItemDocument;
  readonly results: readonly Kind[];
}

class Generator {
  readonly #choices: Choices;
  readonly #callees: SequenceDocument[] = [];

  constructor(seed: number) {
    this.#choices = new Choices(seed);
  }

  document(): CfsDocument {
    const count = this.#choices.below(3);
    for (let i = 0; i < count; i += 1) this.#callees.push(this.#sequence(`s${i}`));
    const main = this.#sequence("main");
    const sequences = [...this.#callees, main];
    return { project: "random", encoding: "postcard", tiles: tileDocuments, sequences };
  }

  #sequence(id: string): SequenceDocument {
    const params: Visible[] = [0, 1].map((index) => ({
      kind: "i64",
      at: () => ({ type: "seq_input", input_index: index }),
    }));
    const levels = { blocks: 0, arms: 0, loops: 0 };
    const { items, seen } = this.#items(params, levels, 2);
    const output = { tuple: [this.#use(seen, "i64", levels), this.#use(seen, "i64", levels)] };
    return {
      id,
      input_sources: [{ source: { type: "external" } }, { source: { type: "external" } }],
      items,
      input_types: ["i64", "i64"],
      outputs: 2,
      output,
      output_type: PAIR,
    };
  }

  #items(
    outer: readonly Visible[],
    levels: Levels,
    depth: number,
  ): { readonly items: ItemDocument[]; readonly seen: readonly Visible[] } {
    const seen = [...outer];
    const items: ItemDocument[] = [];
    const count = this.#choices.below(4) + (levels.blocks === 0 ? 1 : 0);
    for (let i = 0; i < count; i += 1) {
      const { item, results } = this.#item(seen, levels, depth);
      const index = items.length;
      items.push(item);
      for (const [k, kind] of results.entries()) {
        const at = (use: Levels): SourceDocument => ({
          type: "item_output",
          item_index: index,
          output_index: k,
          up: use.blocks - levels.blocks,
        });
        seen.push({ kind, at });
      }
    }
    return { items, seen };
  }

  #item(seen: readonly Visible[], levels: Levels, depth: number): Generated {
    const roll = this.#choices.below(depth > 0 ? 10 : 5);
    const i64 = (): BindingDocument => this.#use(seen, "i64", levels);
    if (roll === 0) {
      const item = { ...call("climb", [i64()]), recursive: true };
      return { item, results: ["bool", "i64"] };
    }
    if (roll >= 7) return this.#branch(seen, levels, depth);
    if (roll === 6) return this.#forEach(seen, levels, depth);
    if (roll === 5) return this.#while(seen, levels, depth);
    const callee = this.#callees.length > 0 ? this.#choices.pick(this.#callees) : null;
    if (roll === 1 && callee !== null) {
      const item = { ...call(callee.id, [i64(), i64()]), item_type: "sequence" } as const;
      return { item, results: ["i64", "i64"] };
    }
    const id = this.#choices.pick(Object.keys(TILES));
    const { inputs, output } = required(TILES[id], "the tile is in the table");
    const results: readonly Kind[] = output === "pair" ? ["i64", "i64"] : [output];
    return { item: call(id, Array.from({ length: inputs }, i64)), results };
  }

  #branch(seen: readonly Visible[], levels: Levels, depth: number): Generated {
    const kind = this.#choices.pick(["bool", "enum", "i64"] as const);
    const tested = this.#use(seen, kind, levels);
    const inner = { ...levels, blocks: levels.blocks + 1, arms: levels.arms + 1 };
    const arm = (when: ArmDocument["when"], payload: readonly Kind[]): ArmDocument => {
      const inputs: Visible[] = payload.map((type, index) => ({
        kind: type,
        at: (use) => ({ type: "arm_input", input_index: index, up: use.arms - inner.arms }),
      }));
      const block = this.#items([...seen, ...inputs], inner, depth - 1);
      return { when, items: block.items, output: this.#use(block.seen, "i64", inner) };
    };
    const arms: ArmDocument[] = [];
    if (kind === "bool") arms.push(arm({ bool: true }, []), arm({ bool: false }, []));
    if (kind === "i64") arms.push(arm({ int: 4 }, []), arm({ default: true }, []));
    if (kind === "enum") {
      arms.push(arm({ variant: "C" }, ["i64", "bool"]));
      arms.push(arm({ variant: "A" }, []), arm({ variant: "B" }, ["i64"]));
    }
    const id = "b0";
    const item = { item_type: "branch", item_id: id, input_sources: [tested], arms, outputs: 1 };
    return { item: item as ItemDocument, results: ["i64"] };
  }

  #while(seen: readonly Visible[], levels: Levels, depth: number): Generated {
    const inner = { ...levels, blocks: levels.blocks + 1, loops: levels.loops + 1 };
    const all = [...seen, this.#state(0, inner)];
    const head = this.#items(all, inner, 0);
    const body = this.#items(all, inner, depth - 1);
    const item: ItemDocument = {
      item_type: "loop",
      item_id: "l0",
      mode: "while",
      input_sources: [this.#use(seen, "i64", levels)],
      head: { items: head.items, condition: this.#use(head.seen, "bool", inner) },
      body: { items: body.items, next: [this.#use(body.seen, "i64", inner)] },
      max_iterations: 3,
      outputs: 1,
    };
    return { item, results: ["i64"] };
  }

  #forEach(seen: readonly Visible[], levels: Levels, depth: number): Generated {
    const inner = { ...levels, blocks: levels.blocks + 1, loops: levels.loops + 1 };
    const own: Visible[] = [
      this.#state(0, inner),
      { kind: "i64", at: (use) => ({ type: "loop_element", up: use.loops - inner.loops }) },
      { kind: "i64", at: (use) => ({ type: "loop_index", up: use.loops - inner.loops }) },
    ];
    const body = this.#items([...seen, ...own], inner, depth - 1);
    const collects = this.#choices.below(2) === 0;
    const collect = collects ? { collect: this.#use(body.seen, "i64", inner) } : {};
    const item: ItemDocument = {
      item_type: "loop",
      item_id: "l0",
      mode: "for_each",
      input_sources: [this.#use(seen, "list", levels), this.#use(seen, "i64", levels)],
      body: { items: body.items, next: [this.#use(body.seen, "i64", inner)], ...collect },
      max_iterations: this.#choices.below(8) === 0 ? 2 : 9,
      outputs: collects ? 2 : 1,
    };
    return { item, results: collects ? ["i64", "list"] : ["i64"] };
  }

  #state(index: number, inner: Levels): Visible {
    const at = (use: Levels): SourceDocument => ({
      type: "loop_state",
      input_index: index,
      up: use.loops - inner.loops,
    });
    return { kind: "i64", at };
  }

  #use(seen: readonly Visible[], kind: Kind, levels: Levels): BindingDocument {
    const fitting = seen.filter((visible) => visible.kind === kind);
    if (fitting.length > 0 && this.#choices.below(8) > 0) {
      return { source: this.#choices.pick(fitting).at(levels) };
    }
    const number = this.#choices.below(30) - 10;
    const constants: { readonly [K in Kind]: Plain } = {
      i64: number,
      bool: number % 2 === 0,
      list: { list: [number, 3] },
      enum: { tag: 1, payload: [number] },
      pair: { tuple: [number, 1] },
    };
    const bytes = toHex(Uint8Array.from(encode(constants[kind])));
    return { source: { type: "external" }, literal: { type: TYPES[kind], bytes } };
  }
}

function call(id: string, args: readonly BindingDocument[]): ItemDocument & { item_type: "tile" } {
  return { item_type: "tile", item_id: id, input_sources: args };
}

const LIMIT = new Error("a loop exceeds its bound");

/** One call that a run makes. */
interface Call {
  readonly tile: string;
  readonly path: string;
  readonly input: string;
  readonly output: Uint8Array;
}

interface LoopEnv {
  readonly states: readonly Plain[];
  readonly element: Plain;
  readonly index: number;
}

interface Env {
  readonly parent: Env | null;
  readonly sequence: readonly Plain[];
  readonly prefix: string;
  readonly outputs: Plain[];
  readonly arm: readonly Plain[] | null;
  readonly loop: LoopEnv | null;
}

/** The naive evaluator. */
class Evaluator {
  readonly calls: Call[] = [];
  readonly #document: CfsDocument;

  constructor(document: CfsDocument) {
    this.#document = document;
  }

  sequence(id: string, args: readonly Plain[], prefix: string): Plain {
    const found = this.#document.sequences.find((sequence) => sequence.id === id);
    const { items, output } = required(found, "the sequence exists");
    const env = { parent: null, sequence: args, prefix, outputs: [], arm: null, loop: null };
    this.#block(items, env);
    return this.#output(required(output, "there is an output"), env);
  }

  #block(items: readonly ItemDocument[], env: Env): void {
    for (const [index, item] of items.entries()) {
      env.outputs.push(this.#item(item, env, `${env.prefix}/${index}`));
    }
  }

  #item(item: ItemDocument, env: Env, path: string): Plain {
    const args = item.input_sources.map((binding) => this.#binding(binding, env));
    if (item.item_type === "tile") return this.#tile(item.item_id, args as number[], path);
    if (item.item_type === "loop") return this.#loop(item, args, env, path);
    if (item.item_type !== "branch") return this.sequence(item.item_id, args, path);
    const [tested = 0] = args;
    for (const [index, arm] of item.arms.entries()) {
      const payload = matches(arm.when, tested);
      if (payload === null) continue;
      const inner = {
        ...env,
        parent: env,
        prefix: `${path}?${index}`,
        outputs: [],
        arm: payload,
        loop: null,
      };
      this.#block(arm.items, inner);
      return this.#output(required(arm.output, "there is an output"), inner);
    }
    throw new Error("no arm matches");
  }

  #tile(id: string, args: readonly number[], path: string): Plain {
    if (id !== "climb") {
      const output = required(TILES[id], "the tile exists").run(args);
      this.#record(id, path, args, output);
      return output;
    }
    let [state = 0] = args;
    for (let i = 0; ; i += 1) {
      const output = { tuple: [state >= 20, state + 7] };
      this.#record(id, `${path}#${i}`, [state], output);
      if (state >= 20) return output;
      state += 7;
    }
  }

  #record(tile: string, path: string, args: readonly Plain[], output: Plain): void {
    const input = toHex(Uint8Array.from(args.flatMap(encode)));
    this.calls.push({ tile, path: path.slice(1), input, output: Uint8Array.from(encode(output)) });
  }

  #loop(
    item: Extract<ItemDocument, { item_type: "loop" }>,
    args: readonly Plain[],
    env: Env,
    path: string,
  ): Plain {
    const list = item.mode === "for_each" ? (args[0] as { list: readonly Plain[] }).list : null;
    let states = list === null ? args : args.slice(1);
    const bound = Number(item.max_iterations);
    if (list !== null && list.length > bound) throw LIMIT;
    const collected: Plain[] = [];
    for (let index = 0; list === null || index < list.length; index += 1) {
      const loop = { states, element: list?.[index] ?? 0, index };
      const at = (part: number): Env => {
        const prefix = `${path}#${index}?${part}`;
        return { ...env, parent: env, prefix, outputs: [], arm: null, loop };
      };
      if (item.head !== undefined) {
        const head = at(0);
        this.#block(item.head.items, head);
        if (this.#binding(item.head.condition, head) === false) break;
        if (index === bound) throw LIMIT;
      }
      const body = at(1);
      this.#block(item.body.items, body);
      if (item.body.collect !== undefined) collected.push(this.#binding(item.body.collect, body));
      states = item.body.next.map((binding) => this.#binding(binding, body));
    }
    const lists = item.body.collect === undefined ? [] : [{ list: collected }];
    const all = [...states, ...lists];
    return all.length === 1 ? (all[0] ?? 0) : { tuple: all };
  }

  #output(output: OutputDocument, env: Env): Plain {
    if (!("tuple" in output)) return this.#binding(output, env);
    return { tuple: output.tuple.map((binding) => this.#binding(binding, env)) };
  }

  #binding(binding: BindingDocument, env: Env): Plain {
    const { source, literal } = binding;
    if (literal !== undefined) return constant(literal.bytes, literal.type);
    switch (source.type) {
      case "seq_input":
        return env.sequence[Number(source.input_index)] ?? 0;
      case "item_output": {
        const value = climbUp(env, Number(source.up ?? 0), () => true).outputs[
          Number(source.item_index)
        ];
        const found = required(value, "the item has run");
        if (typeof found !== "object" || !("tuple" in found)) return found;
        return found.tuple[Number(source.output_index)] ?? 0;
      }
      case "arm_input": {
        const { arm } = climbUp(env, Number(source.up ?? 0), (e) => e.arm !== null);
        return arm?.[Number(source.input_index)] ?? 0;
      }
      case "loop_state":
        return loopAt(env, source.up).states[Number(source.input_index)] ?? 0;
      case "loop_element":
        return loopAt(env, source.up).element;
      case "loop_index":
        return loopAt(env, source.up).index;
      default:
        throw new Error("no other source is generated");
    }
  }
}

function loopAt(env: Env, up: unknown): LoopEnv {
  const found = climbUp(env, Number(up ?? 0), (e) => e.loop !== null).loop;
  return required(found, "there is a loop");
}

function climbUp(env: Env, up: number, counts: (env: Env) => boolean): Env {
  let at: Env | null = env;
  for (let left = up; at !== null; at = at.parent) {
    if (!counts(at)) continue;
    if (left === 0) return at;
    left -= 1;
  }
  throw new Error("nothing there");
}

function matches(when: ArmDocument["when"], tested: Plain): readonly Plain[] | null {
  if ("default" in when) return [];
  if ("bool" in when) return tested === when.bool ? [] : null;
  if ("int" in when) return tested === when.int ? [] : null;
  if (!("variant" in when) || typeof tested !== "object" || !("tag" in tested)) return null;
  return ["A", "B", "C"][tested.tag] === when.variant ? tested.payload : null;
}

/** Constants of the generator read back: all of its numbers take one byte. */
function constant(hex: string, type: unknown): Plain {
  const numbers = (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  const plain = (byte: number): number => (byte % 2 === 1 ? -(byte + 1) / 2 : byte / 2);
  if (type === "i64") return plain(numbers[0] ?? 0);
  if (type === "bool") return numbers[0] === 1;
  if (type === TYPES.enum) return { tag: numbers[0] ?? 0, payload: numbers.slice(1).map(plain) };
  if (type === TYPES.pair) return { tuple: numbers.map(plain) };
  return { list: numbers.slice(1).map(plain) };
}

function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (!result.ok) throw new Error(`expected a value: ${JSON.stringify(result)}`);
  return result.value;
}

function expectedRun(document: CfsDocument): { calls: readonly Call[]; output: string | null } {
  const evaluator = new Evaluator(document);
  try {
    const output = evaluator.sequence("main", [5, -3], "");
    return { calls: evaluator.calls, output: toHex(Uint8Array.from(encode(output))) };
  } catch (error) {
    if (error !== LIMIT) throw error;
    return { calls: evaluator.calls, output: null };
  }
}

function checkSeed(seed: number): { readonly steps: number; readonly limited: boolean } {
  const document = new Generator(seed).document();
  const { calls, output } = expectedRun(document);
  const schema = value(compileSchema(value(readCfs(orderedCfs(document)))));
  const inputs = [5, -3].map((input) => Uint8Array.from(encode(input)));
  const machine = value(startRun(schema, inputs));
  const records: StepRecord[] = [machine.genesisRecord(ZERO32, inputs.map(valueDigest))];
  for (const expected of calls) {
    const next = value(machine.next());
    if (next.kind !== "tile") throw new Error(`seed ${seed}: the run ended early`);
    const found = {
      tile: next.tile.id,
      path: formatPath(next.path),
      input: toHex(next.inputBytes ?? ZERO32),
      output: expected.output,
    };
    expect(found, `seed ${seed}`).toEqual(expected);
    const state = required(machine.state(), "a runner knows the state");
    const decoded = value(decodeState(encodeState(state)));
    const live = new Map(machine.liveValues().map((v) => [toHex(v.digest), v.bytes]));
    const values = { bytesOf: (digest: Uint8Array) => live.get(toHex(digest)) };
    const options = { values, collected: machine.openLists() };
    const resumed = value(resumeRun(schema, decoded, options));
    const outcome = { kind: "Ok", output: expected.output } as const;
    const again = value(resumed.applyOutcome(outcome, ZERO32));
    const record = value(machine.applyOutcome(outcome, ZERO32));
    expect(again, `seed ${seed}`).toEqual(record);
    records.push(record);
  }
  const end = value(machine.next());
  expect(end.kind, `seed ${seed}`).toBe(output === null ? "failed" : "done");
  if (end.kind === "done") expect(toHex(end.outputBytes ?? ZERO32)).toBe(output);
  records.push(required(machine.finalRecord(), "the run is over"));
  verifyRun(seed, { schema, records, calls, inputs });
  return { steps: calls.length, limited: output === null };
}

/** One run with its records. */
interface Recorded {
  readonly schema: Schema;
  readonly records: readonly StepRecord[];
  readonly calls: readonly Call[];
  readonly inputs: readonly Uint8Array[];
}

function verifyRun(seed: number, { schema, records, calls, inputs }: Recorded): void {
  const [genesis] = records;
  if (genesis?.kind !== "Genesis") throw new Error("expected Genesis");
  const withBytes = value(startFromGenesis(schema, genesis, { inputs }));
  const options = { missing: "assume" } as const;
  const next = records[1] ?? null;
  const without = value(startFromGenesis(schema, genesis, { next }, options));
  for (const [i, { output }] of calls.entries()) {
    const record = required(records[i + 1], "there is a record per call");
    expect(withBytes.apply(record, { output }), `seed ${seed}`).toEqual({ ok: true, value: null });
    const applied = without.apply(record, { next: records[i + 2] ?? null });
    expect(applied, `seed ${seed}`).toEqual({ ok: true, value: null });
  }
  const final = records.at(-1) as FinalRecord;
  expect(withBytes.finish(final).ok, `seed ${seed}`).toBe(true);
  expect(Object.values(withBytes.machine.assumed)).toEqual([0, 0, 0, 0]);
  expect(without.finish(final), `seed ${seed}`).toMatchObject({ ok: true });
}

describe("random schemas", () => {
  it("run, verify and resume as a naive evaluator says", () => {
    let steps = 0;
    let limited = 0;
    for (let seed = 1; seed <= 300; seed += 1) {
      const run = checkSeed(seed);
      steps += run.steps;
      limited += run.limited ? 1 : 0;
    }
    // The generator must keep making runs worth checking.
    expect(steps).toBeGreaterThan(1500);
    expect(limited).toBeGreaterThan(5);
  });
});
