// The recording of one sequence: its function runs once with references, and every call of a tile,
// branch or loop becomes an item (spec/formats.md 9). It then runs again with plain values in the
// places of the references: where another flow comes out, the function looked at a reference with
// `if`, `===` or their kin, which no reference can notice.

import type {
  BindingDocument,
  ItemDocument,
  OutputDocument,
  SequenceDocument,
} from "@lumen/core/cfs";
import type { TypeDescriptor } from "@lumen/core/value";
import { newOutput, shown, Unencodable, written } from "./bytes.ts";
import { fromDescriptor } from "./from-descriptor.ts";
import { Misuse, misuse } from "./misuse.ts";
import type { Fields } from "./named.ts";
import { type Block, type Known, knownOf, makeRef, sourceOf, tupleOf } from "./reference.ts";
import type { Type } from "./type.ts";

/** A block that is filled now, and its items. */
export interface OpenBlock extends Block {
  readonly parent: OpenBlock | null;
  readonly items: ItemDocument[];
}

/** What is recorded now. */
interface Recording {
  readonly name: string;
  block: OpenBlock;
  branches: number;
  loops: number;
  /** Every call in its order: what must not depend on the values of references. */
  readonly steps: string[];
  /** What stands for a reference while the function runs again; null in the first run. */
  readonly standIn: StandIn | null;
}

let active: Recording | null = null;

/** The recording that a call belongs to; a call outside of every sequence is a misuse. */
export function recordingOf(callee: string): Recording {
  if (active !== null) return active;
  const help =
    "In a tile or a test, call `.run(…)`. A sequence has ended when its function returns.";
  return misuse("E0809", `${callee} is called outside of a sequence`, help);
}

/** The sequence that is recorded now, or null. */
export function recordedNow(): string | null {
  return active?.name ?? null;
}

/** A sequence as its author declared it. */
export interface SequenceBody {
  readonly inputs: Fields;
  readonly output: Type<unknown>;
  readonly fn: (args: { readonly [name: string]: object }) => unknown;
}

/** Records a sequence; throws `Misuse`, and what the function throws. */
export function recordSequence(id: string, body: SequenceBody): SequenceDocument {
  const first = run(id, body, null);
  for (const standIn of standIns(body.fn)) probe(id, body, first.steps, standIn);
  const types = Object.values(body.inputs);
  return {
    id,
    input_sources: types.map(() => ({ source: { type: "external" } })),
    items: first.block.items,
    input_types: types.map((type) => type.descriptor),
    input_names: Object.keys(body.inputs),
    output_type: body.output.descriptor,
    outputs: outputsOf(body.output.descriptor),
    ...(first.output === null ? {} : { output: first.output }),
  };
}

interface Run {
  readonly block: OpenBlock;
  readonly steps: readonly string[];
  readonly output: OutputDocument | null;
}

function run(id: string, body: SequenceBody, standIn: Recording["standIn"]): Run {
  if (active !== null) misuse("E0809", `sequence '${id}' is recorded inside '${active.name}'`);
  const block = openBlock(null, {}, {});
  const steps: string[] = [];
  active = { name: id, block, branches: 0, loops: 0, steps, standIn };
  try {
    const args = Object.entries(body.inputs).map(([name, { descriptor: type }], index) => {
      return [name, refer({ block, type, origin: { kind: "parameter", index } })] as const;
    });
    const value = body.fn(Object.fromEntries(args));
    const output = outputOf(value, body.output.descriptor, `sequence '${id}'`);
    return { block, steps, output };
  } finally {
    block.isOpen = false;
    active = null;
  }
}

/** Runs the function with plain values for references. */
function probe(
  id: string,
  body: SequenceBody,
  steps: readonly string[],
  standIn: Recording["standIn"],
): void {
  let found: readonly string[] | null = null;
  try {
    found = run(id, body, standIn).steps;
  } catch {
    // With references it ran to its end: what makes it fail now is a look at a value.
  }
  if (found?.join() === steps.join()) return;
  misuse(
    "E0809",
    `the flow of sequence '${id}' looks at a reference with a plain if, ? :, && or ===`,
    "Those see a reference, never its value: choose with `branch` or `match`.",
  );
}

type StandIn = (type: TypeDescriptor) => unknown;

/** At most so many literals of a function are tried in the places of references. */
const LITERALS_MAX = 64;

/** A string, a number or true in the text of a function; digits of a name are none. */
const LITERAL = /"[^"\\]*"|'[^'\\]*'|(?<![\w$.])\d+n?|(?<![\w$.])true\b/g;

/** What is tried: what counts as false, then each literal that the function may compare with. */
function standIns(fn: SequenceBody["fn"]): readonly StandIn[] {
  const falsy: StandIn = (type) => {
    if (type === "bool") return false;
    if (type === "string" || type === "char") return "";
    if (type === "u64" || type === "i64") return 0n;
    return typeof type === "string" && /\d/.test(type) ? 0 : undefined;
  };
  const texts = fn.toString().match(LITERAL) ?? [];
  const literals = [...new Set(texts)].slice(0, LITERALS_MAX).map(literalOf);
  return [falsy, ...literals.map((value) => () => value)];
}

function literalOf(text: string): unknown {
  if (text === "true") return true;
  if (/^["']/.test(text)) return text.slice(1, -1);
  return text.endsWith("n") ? BigInt(text.slice(0, -1)) : Number(text);
}

/** A reference, or what stands for it. Tuples that can be taken apart stay so. */
export function refer(known: Known): object {
  const standIn = active?.standIn ?? null;
  if (standIn === null) return makeRef(known);
  const stand = tupleOf(known.type)?.map(standIn) ?? standIn(known.type);
  // A plain value where the types of authors see a reference: that is what is tried.
  return stand as object;
}

/** A block inside another. */
export function openBlock(
  parent: OpenBlock | null,
  kind: { readonly arm?: true; readonly loop?: true },
  sequence: object,
): OpenBlock {
  return {
    parent,
    depth: parent === null ? 0 : parent.depth + 1,
    arms: (parent?.arms ?? 0) + (kind.arm === true ? 1 : 0),
    loops: (parent?.loops ?? 0) + (kind.loop === true ? 1 : 0),
    sequence: parent?.sequence ?? sequence,
    isOpen: true,
    items: [],
  };
}

/** Runs `fill` with a new block inside the present one, which is closed afterwards. */
export function within<T>(
  recording: Recording,
  kind: { readonly arm?: true; readonly loop?: true },
  fill: (block: OpenBlock) => T,
): T {
  const outer = recording.block;
  const block = openBlock(outer, kind, outer.sequence);
  recording.block = block;
  try {
    return fill(block);
  } finally {
    block.isOpen = false;
    recording.block = outer;
  }
}

/** Appends an item and gives the reference to its whole value. */
export function addItem(
  recording: Recording,
  item: ItemDocument,
  { type, outputs }: { readonly type: TypeDescriptor; readonly outputs: number },
): object {
  const { block } = recording;
  block.items.push(item);
  const index = block.items.length - 1;
  return refer({ block, type, origin: { kind: "item", index, output: null, outputs } });
}

/** Number of outputs of a value (formats 6): 0 for unit, n for a tuple, else 1. */
export function outputsOf(type: TypeDescriptor): number {
  if (type === "unit") return 0;
  return tupleOf(type)?.length ?? 1;
}

const NO_BINDING: BindingDocument = { source: { type: "external" } };

/** The binding of an operand of a type; `role` says where it stands. */
export function bind(operand: unknown, type: TypeDescriptor, role: string): BindingDocument {
  const recording = recordingOf(role);
  if (recording.standIn !== null) return NO_BINDING;
  const known = knownOf(operand);
  if (known === null) return literalBinding(operand, type, role);
  checkReachable(known, recording, role);
  if (!isSameType(known.type, type))
    misuse(
      "E0809",
      `${role}: expected ${typeText(type)}, found a reference to ${typeText(known.type)}`,
      "The types of both ends are the same; convert inside a tile.",
    );
  return bindKnown(known, recording.block);
}

/** The binding of a reference that can be used here. */
export function bindKnown(known: Known, place: Block): BindingDocument {
  const { origin, type } = known;
  const source = sourceOf(known, place);
  if (origin.kind === "literal") return { source, literal: { type, bytes: origin.bytes } };
  const isWhole = origin.kind === "item" && origin.output === null && origin.outputs >= 2;
  return isWhole ? { source, whole: true } : { source };
}

function checkReachable({ block }: Known, { block: here }: Recording, role: string): void {
  if (block === null) return;
  if (block.sequence !== here.sequence)
    misuse(
      "E0812",
      `${role}: the reference belongs to another sequence`,
      "Pass it on as an input of this sequence.",
    );
  if (!block.isOpen)
    misuse(
      "E0812",
      `${role}: the reference belongs to an arm or a loop that has ended`,
      "Give the value back as the value of the arm, or as state of the loop.",
    );
}

function literalBinding(value: unknown, type: TypeDescriptor, role: string): BindingDocument {
  const bytes = literalBytes(value, type, role);
  return { source: { type: "external" }, literal: { type, bytes } };
}

/** Wire bytes of a literal in hex; what holds a reference somewhere inside is no literal. */
export function literalBytes(value: unknown, type: TypeDescriptor, role: string): string {
  const output = newOutput();
  try {
    fromDescriptor(type).write(output, value);
  } catch (error) {
    if (error instanceof Misuse)
      misuse(
        "E0809",
        `${role}: a reference stands inside a literal`,
        "Give the parts to a tile that puts them together.",
      );
    if (!(error instanceof Unencodable)) throw error;
    const help = "An operand is a reference or a literal of the declared type.";
    misuse("E0809", `${role}: ${error.message.replace(/^\$: /, "")}`, help);
  }
  return [...written(output)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The value of a sequence or block; null for unit. */
export function outputOf(
  value: unknown,
  type: TypeDescriptor,
  role: string,
): OutputDocument | null {
  const recording = recordingOf(role);
  const isPromise =
    knownOf(value) === null && /Promise\]$/.test(Object.prototype.toString.call(value));
  if (isPromise)
    misuse("E0804", `${role} is async`, "Sequences and tiles answer at once: remove `async`.");
  if (recording.standIn !== null) return null;
  if (value === undefined) {
    if (type === "unit") return null;
    misuse(
      "E0809",
      `${role} returns nothing, expected ${typeText(type)}`,
      "Return the reference that is its result.",
    );
  }
  const parts = tupleOf(type);
  const isSplit = parts !== null && parts.length >= 2 && Array.isArray(value);
  if (!isSplit || value.every((item) => knownOf(item) === null)) return bind(value, type, role);
  if (value.length !== parts.length)
    misuse("E0809", `${role}: expected ${parts.length} values, found ${value.length}`);
  return { tuple: parts.map((part, i) => bind(value[i], part, `${role}, item ${i}`)) };
}

/** How a literal is written that has several types, for a value in the place of one. */
function literalHelp(value: unknown): string {
  if (typeof value === "bigint") return `Say its type: \`literal(t.u64, ${value}n)\`.`;
  if (typeof value === "number") {
    const type = Number.isInteger(value) ? "u32" : "f64";
    return `Say its type: \`literal(t.${type}, ${value})\`.`;
  }
  if (Array.isArray(value)) return "Say its type: `literal(t.list(t.string), […])`.";
  return "Say its type, as in `literal(t.option(t.string), null)`.";
}

/** The type of a reference or of a literal that has only one. */
export function typeOfOperand(value: unknown, role: string): TypeDescriptor {
  const known = knownOf(value);
  if (known !== null) return known.type;
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (recordingOf(role).standIn !== null) return "unit";
  return misuse("E0809", `${role}: ${shown(value)} has no type here`, literalHelp(value));
}

function isSameType(a: TypeDescriptor, b: TypeDescriptor): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** A type in a message. */
export function typeText(type: TypeDescriptor): string {
  if (typeof type === "string") return type;
  if ("record" in type) return type.record.name;
  if ("enum" in type) return type.enum.name;
  if ("rec" in type) return type.rec.name;
  if ("option" in type) return `option(${typeText(type.option)})`;
  if ("list" in type) return `list(${typeText(type.list)})`;
  if ("set" in type) return `set(${typeText(type.set)})`;
  if ("tuple" in type) return `tuple(${type.tuple.map(typeText).join(", ")})`;
  if ("map" in type) return `map(${type.map.map(typeText).join(", ")})`;
  if ("result" in type) return `result(${type.result.map(typeText).join(", ")})`;
  if ("array" in type) return `array(${typeText(type.array[0])}, ${type.array[1]})`;
  return type.ref;
}
