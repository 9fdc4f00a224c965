// `tile` and `sequence` as they work where registrations are read, and in tests: declarations are
// checked and noted; calls inside a sequence are recorded.

import type { CallItemDocument } from "@lumen/core/cfs";
import { type Execution, runBody, type TileBody } from "./abi.ts";
import { misuse } from "./misuse.ts";
import type { Fields } from "./named.ts";
import {
  addItem,
  bind,
  outputsOf,
  recordedNow,
  recordingOf,
  type SequenceBody,
  typeText,
} from "./recording.ts";
import { knownOf } from "./reference.ts";
import { type Declared, type DeclaredTile, registerSequence, registerTile } from "./registry.ts";
import type { DeclareSequence, DeclareTile } from "./tile-types.ts";
import type { Type } from "./type.ts";

type Function = (args: never) => unknown;

const TILE_KEYS: readonly string[] = [
  "id",
  "kind",
  "description",
  "estimatedCycles",
  "maxMemory",
  "maxIterations",
  "inputs",
  "output",
  "error",
];
const SEQUENCE_KEYS: readonly string[] = ["id", "description", "inputs", "output"];

type Given = { readonly [key: string]: unknown };

/** Declares a tile: a pure function with declared types. */
// The two signatures say how the types of the options and of the function belong together.
export const tile: DeclareTile = declareTile as unknown as DeclareTile;

function declareTile(options: unknown, fn: unknown): object {
  const given = optionsOf(options, TILE_KEYS, "tile");
  const { kind } = given;
  if (kind === undefined) misuse("E0800", "a tile says what it is: iter or recur", KIND_HELP);
  if (kind !== "iter" && kind !== "recur")
    return misuse("E0801", `unknown kind ${JSON.stringify(kind)}`, KIND_HELP);
  const body: TileBody = {
    inputs: Object.entries(inputsOf(given.inputs)),
    output: typeOf(given.output, "output"),
    error: given.error === undefined ? null : typeOf(given.error, "error"),
    fn: functionOf(fn, "tile"),
  };
  const declared: DeclaredTile = {
    ...common(given),
    kind,
    estimatedCycles: amount(given, "estimatedCycles", 0),
    maxMemory: amount(given, "maxMemory", 0),
    maxIterations: amount(given, "maxIterations", 1),
    body,
  };
  if (kind === "iter" && declared.maxIterations !== null)
    misuse("E0802", "maxIterations belongs to recur tiles");
  if (kind === "recur") checkRecur(body);
  return tileFunction(declared);
}

const KIND_HELP = 'Write kind: "iter" or kind: "recur".';

/** (done, state…) of the inputs (formats 7.2). */
function checkRecur({ inputs, output }: TileBody): void {
  const state = inputs.map(([, type]) => type.descriptor);
  const expected = { tuple: ["bool" as const, ...state] };
  if (state.length > 0 && JSON.stringify(output.descriptor) === JSON.stringify(expected)) return;
  misuse(
    "E0807",
    state.length === 0
      ? "a recur tile has at least one input"
      : `expected the output ${typeText(expected)}, found ${typeText(output.descriptor)}`,
    "The output is the tuple of a bool, done, and the inputs of the next step.",
  );
}

function tileFunction(declared: DeclaredTile): object {
  const { body, kind } = declared;
  const call = (args: unknown): object => addCall(declared, args, "tile", {});
  const value = Object.assign(call, {
    recur: (args: unknown, options: { readonly maxIterations?: number } = {}): object => {
      if (kind !== "recur")
        misuse("E0808", `tile '${declared.id ?? "?"}' is no recur tile`, "Call it without .recur.");
      const { maxIterations: bound } = options;
      if (bound !== undefined && (!Number.isSafeInteger(bound) || bound < 1))
        misuse("E0802", "maxIterations is an integer from 1");
      const limit = bound === undefined ? {} : { max_iterations: bound };
      return addCall(declared, args, "tile", { recursive: true, ...limit });
    },
    run: (args: Given): unknown => body.fn(args),
    execute: (bytes: Uint8Array): Execution => runBody(body, bytes),
  });
  registerTile(value, declared);
  return value;
}

/** Declares a sequence: a flow of tiles, recorded from a function over references. */
export const sequence: DeclareSequence = declareSequence as unknown as DeclareSequence;

function declareSequence(options: unknown, fn: unknown): object {
  const given = optionsOf(options, SEQUENCE_KEYS, "sequence");
  const body: SequenceBody = {
    inputs: inputsOf(given.inputs),
    output: typeOf(given.output, "output"),
    fn: functionOf(fn, "sequence"),
  };
  const declared: Declared<SequenceBody> = { ...common(given), body };
  const value = (args: unknown): object => {
    const inputs = Object.entries(body.inputs);
    const { id } = declared;
    return addCall({ id, body: { inputs, output: body.output } }, args, "sequence", {});
  };
  registerSequence(value, declared);
  return value;
}

interface Callee {
  readonly id: string | null;
  readonly body: Pick<TileBody, "inputs" | "output">;
}

/** A call as an item of the sequence that is recorded. */
function addCall(
  callee: Callee,
  args: unknown,
  what: "tile" | "sequence",
  more: Pick<CallItemDocument, "recursive" | "max_iterations">,
): object {
  const id = callee.id ?? "?";
  const recording = recordingOf(`${what} '${id}'`);
  const given = argumentsOf(callee, args, `${what} '${id}'`);
  const inputs = callee.body.inputs.map(([name, type]) =>
    bind(given[name], type.descriptor, `input '${name}' of ${what} '${id}'`),
  );
  if (callee.id === null)
    misuse("E0810", `a ${what} that is not exported is called`, "Export it from a listed source.");
  recording.steps.push(`${what} ${id}${more.recursive === true ? "!" : ""}`);
  const type = callee.body.output.descriptor;
  const item = { item_type: what, item_id: id, input_sources: inputs, ...more };
  return addItem(recording, item, { type, outputs: outputsOf(type) });
}

function argumentsOf(callee: Callee, args: unknown, what: string): Given {
  const names = callee.body.inputs.map(([name]) => name);
  const way = `Call it as ${names.length === 0 ? "({})" : `({ ${names.join(", ")} })`}.`;
  if (args === undefined && names.length === 0) return {};
  if (typeof args !== "object" || args === null || knownOf(args) !== null)
    return misuse("E0809", `${what} takes an object of its inputs`, way);
  const given = Object.keys(args);
  const unknown = given.find((name) => !names.includes(name));
  if (unknown !== undefined) misuse("E0809", `${what} has no input '${unknown}'`, way);
  const missing = names.find((name) => !given.includes(name));
  if (missing !== undefined) misuse("E0809", `${what} lacks its input '${missing}'`, way);
  return { ...args };
}

function optionsOf(options: unknown, keys: readonly string[], what: string): Given {
  const now = recordedNow();
  if (now !== null)
    misuse("E0809", `a ${what} is declared inside sequence '${now}'`, "Declare it at the top.");
  if (typeof options !== "object" || options === null)
    return misuse("E0804", `${what} takes an object of options and a function`);
  const unknown = Object.keys(options).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    misuse("E0802", `a ${what} has no option '${unknown}'`, `Known are ${keys.join(", ")}.`);
  return { ...options };
}

/** The stack of the declaration: of the author's call, some frames up. */
function common(given: Given): Pick<Declared<unknown>, "id" | "description" | "stack"> {
  const stack = new Error("declared here").stack ?? "";
  return { id: text(given, "id"), description: text(given, "description"), stack };
}

function text(given: Given, key: string): string | null {
  const value = given[key];
  if (value === undefined) return null;
  return typeof value === "string" ? value : misuse("E0802", `${key} is a string`);
}

function amount(given: Given, key: string, least: number): number | null {
  const value = given[key];
  if (value === undefined) return null;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least)
    return misuse("E0802", `${key} is an integer from ${least}`);
  return value;
}

function inputsOf(inputs: unknown): Fields {
  if (typeof inputs !== "object" || inputs === null)
    return misuse("E0804", "inputs are types by name, as in { name: t.string }");
  const members = Object.entries(inputs).map(([name, type]): readonly [string, Type<unknown>] => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) misuse("E0804", `'${name}' is no name of an input`);
    return [name, typeOf(type, `input '${name}'`)];
  });
  return Object.fromEntries(members);
}

function typeOf(type: unknown, role: string): Type<unknown> {
  if (isType(type)) return type;
  const help = "Declare it with `t`, as in t.string or t.list(t.u64).";
  return misuse("E0804", `the ${role} has no type`, help);
}

function isType(value: unknown): value is Type<unknown> {
  return (
    typeof value === "object" && value !== null && "descriptor" in value && "bytesMin" in value
  );
}

/** Answers at once, and again whenever it is asked. */
function functionOf<F extends Function>(fn: unknown, what: string): F {
  if (typeof fn !== "function") return misuse("E0804", `a ${what} has a function`);
  const kind = /^(async\b)?\s*(function\s*\*|\*)?/.exec(fn.toString());
  if (kind?.[1] !== undefined)
    misuse("E0804", `the function of a ${what} is async`, "It answers at once: remove `async`.");
  if (kind?.[2] !== undefined) misuse("E0804", `the function of a ${what} is a generator`);
  // What it takes and gives, the signatures of `tile` and `sequence` say.
  return fn as F;
}
