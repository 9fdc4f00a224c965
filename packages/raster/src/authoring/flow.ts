// What a sequence can do besides calling tiles: literals of a type, branches and loops
// (spec/formats.md 9.5, 9.7).

import type { ArmDocument, BindingDocument, OutputDocument, WhenDocument } from "@lumen/core/cfs";
import type { PayloadDescriptor, TypeDescriptor } from "@lumen/core/value";
import { misuse } from "./misuse.ts";
import {
  addItem,
  bind,
  literalBytes,
  type OpenBlock,
  outputsOf as outputCount,
  outputOf,
  recordingOf,
  refer,
  typeOfOperand,
  typeText,
  within,
} from "./recording.ts";
import { knownOf, makeRef, type Operand, type Ref, tupleOf } from "./reference.ts";
import type { Type } from "./type.ts";

/** A literal of a type, where no type is expected: in arms, and as the first state of loops. */
export function literal<T>(type: Type<T>, value: T): Ref<T> {
  const bytes = literalBytes(value, type.descriptor, "literal");
  const ref = makeRef({
    block: null,
    type: type.descriptor,
    origin: { kind: "literal", bytes },
  });
  return asRef(ref);
}

/** Proxies and the values that stand for them have the type that authors see. */
function asRef<T>(ref: object): Ref<T> {
  return ref as Ref<T>;
}

/** What an arm gives: a value, or several as a tuple; nothing for unit. */
type ArmValue = unknown;

interface Arm {
  readonly when: WhenDocument;
  /** Types of the payload of a variant, and how the function of the arm gets it. */
  readonly payload: readonly TypeDescriptor[];
  readonly body: (...payload: readonly object[]) => ArmValue;
}

/** Runs the arm whose test fits, and gives its value. Both arms have values of one type. */
export function branch<T>(
  condition: Operand<boolean>,
  arms: { readonly true: () => Operand<T>; readonly false: () => Operand<T> },
): Ref<T> {
  const role = "the condition of `branch`";
  recordingOf("branch");
  return asRef(
    addBranch(bind(condition, "bool", role), [
      { when: { bool: true }, payload: [], body: arms.true },
      { when: { default: true }, payload: [], body: arms.false },
    ]),
  );
}

/** Names of the variants of T, with what an arm for each is given. */
export type Cases<T, R> = [T] extends [boolean]
  ? { readonly true: () => R; readonly false: () => R }
  : [T] extends [{ readonly kind: string }]
    ? VariantCases<T, R>
    : [T] extends [
          | { readonly ok: true; readonly value: infer V }
          | { readonly ok: false; readonly error: infer E },
        ]
      ? { readonly ok: (value: Ref<V>) => R; readonly err: (error: Ref<E>) => R }
      : [null] extends [T]
        ? {
            readonly some: (value: Ref<Exclude<T, null>>) => R;
            readonly none: () => R;
          }
        : never;

type VariantCases<T extends { readonly kind: string }, R> =
  | { readonly [K in T["kind"]]: VariantCase<Extract<T, { readonly kind: K }>, R> }
  | ({ readonly [K in T["kind"]]?: VariantCase<Extract<T, { readonly kind: K }>, R> } & {
      readonly _: () => R;
    });

type VariantCase<V, R> = V extends { readonly value: infer P }
  ? P extends readonly unknown[]
    ? (...payload: { readonly [K in keyof P]: Ref<P[K]> }) => R
    : (payload: Ref<P>) => R
  : () => R;

/** Arms for single values of a string or an integer. */
export type ValueCases<T, R> = readonly (readonly [value: T, arm: () => R])[];

/**
 * Chooses by the variant of an enum, option or result (an arm `_` stands for all others), or by the
 * value of a string or integer (with the arm for all others last). An arm is given the payload of
 * its variant: one reference, or one for each item of a tuple and each field of a struct payload.
 */
export function match<T, R>(value: Ref<T>, cases: Cases<T, Operand<R>>): Ref<R>;
export function match<T extends string | number | bigint, R>(
  value: Ref<T>,
  cases: ValueCases<T, Operand<R>>,
  otherwise: () => Operand<R>,
): Ref<R>;
export function match(value: unknown, cases: unknown, otherwise?: unknown): unknown {
  recordingOf("match");
  const type = typeOfOperand(value, "the value of `match`");
  const tested = bind(value, type, "the value of `match`");
  const arms = Array.isArray(cases) ? valueArms(cases, otherwise) : variantArms(type, cases);
  return addBranch(tested, arms);
}

function armBody(arm: unknown, name: string): Arm["body"] {
  if (typeof arm === "function") return (...payload) => arm(...payload);
  return misuse("E0809", `the arm '${name}' of a match is no function`, "Write () => value.");
}

function valueArms(cases: readonly unknown[], otherwise: unknown): readonly Arm[] {
  const arms = cases.map((given): Arm => {
    const [value, body]: readonly unknown[] = Array.isArray(given) ? given : [];
    const when: WhenDocument =
      typeof value === "string" ? { string: value } : { int: integerOf(value) };
    return { when, payload: [], body: armBody(body, `${value}`) };
  });
  return [...arms, { when: { default: true }, payload: [], body: armBody(otherwise, "otherwise") }];
}

/** An integer as a document writes it: a number where that is exact. */
function integerOf(value: unknown): number | string {
  if (Number.isSafeInteger(value)) return Number(value);
  if (typeof value !== "bigint")
    return misuse("E0809", "a case of a match is [string or integer, arm]");
  const isSafe = value === BigInt.asIntN(53, value);
  return isSafe ? Number(value) : `${value}`;
}

function variantArms(type: TypeDescriptor, cases: unknown): readonly Arm[] {
  const entries = typeof cases === "object" && cases !== null ? Object.entries(cases) : [];
  const isProbed = recordingOf("match").standIn !== null;
  const variants = type === "bool" ? BOOLS : variantsOf(type);
  const missing = variants.filter(({ name }) => !entries.some(([n]) => n === name || n === "_"));
  if (missing.length > 0 && !isProbed)
    misuse(
      "E0809",
      `a match on ${typeText(type)} has no arm for ${missing.map((v) => v.name).join(", ")}`,
      "Add the arms, or one named `_`.",
    );
  const named = entries.filter(([name]) => name !== "_");
  const rest = entries.filter(([name]) => name === "_");
  return [...named, ...rest].map(([name, body], i): Arm => {
    const variant = variants.find((v) => v.name === name);
    if (name !== "_" && variant === undefined && !isProbed)
      misuse("E0809", `${typeText(type)} has no variant '${name}'`);
    const isLast = i === entries.length - 1 && type === "bool";
    const when: WhenDocument =
      name === "_" || isLast
        ? { default: true }
        : type === "bool"
          ? { bool: name === "true" }
          : { variant: name };
    return { when, payload: variant?.payload ?? [], body: armBody(body, name) };
  });
}

interface VariantTypes {
  readonly name: string;
  readonly payload: readonly TypeDescriptor[];
}

const BOOLS: readonly VariantTypes[] = [
  { name: "true", payload: [] },
  { name: "false", payload: [] },
];

function variantsOf(type: TypeDescriptor): readonly VariantTypes[] {
  if (typeof type === "object") {
    if ("option" in type)
      return [
        { name: "some", payload: [type.option] },
        { name: "none", payload: [] },
      ];
    if ("result" in type)
      return [
        { name: "ok", payload: [type.result[0]] },
        { name: "err", payload: [type.result[1]] },
      ];
    if ("enum" in type)
      return type.enum.variants.map(([name, payload]) => ({ name, payload: payloadOf(payload) }));
  }
  if (recordingOf("match").standIn !== null) return [];
  return misuse(
    "E0809",
    `${typeText(type)} has no variants to match`,
    "Match strings and integers as [[value, arm], …] with an arm for all others behind.",
  );
}

function payloadOf(payload: PayloadDescriptor): readonly TypeDescriptor[] {
  if (payload === null) return [];
  if (typeof payload === "object" && "struct" in payload)
    return payload.struct.map(([, type]) => type);
  return tupleOf(payload) ?? [payload];
}

function addBranch(tested: BindingDocument, arms: readonly Arm[]): object {
  const recording = recordingOf("a branch");
  const id = `b${recording.branches}`;
  recording.branches += 1;
  recording.steps.push(`branch ${arms.length}`);
  let type: TypeDescriptor | null = null;
  const drafts = arms.map(({ when, payload, body }, i): ArmDraft => {
    recording.steps.push(`arm ${i}`);
    return within(recording, { arm: true }, (block) => {
      const refs = payload.map((part, index) =>
        refer({ block, type: part, origin: { kind: "arm", index } }),
      );
      const value = body(...refs);
      type ??= isUntyped(value) ? null : typeOfArm(value);
      const output = type === null ? null : outputOf(value, type, armRole(i));
      return { when, items: block.items, value, output };
    });
  });
  const given: TypeDescriptor = type ?? typeOfArm(drafts[0]?.value);
  const documents = drafts.map(({ when, items, value, ...draft }, i): ArmDocument => {
    const output = draft.output ?? outputOf(value, given, armRole(i));
    return { when, items, ...(output === null ? {} : { output }) };
  });
  const outputs = outputCount(given);
  const parts = { input_sources: [tested], arms: documents, outputs };
  const item = { item_type: "branch", item_id: id, ...parts } as const;
  return addItem(recording, item, { type: given, outputs });
}

/** An arm before the type of the branch is known: of a literal another arm may say it. */
interface ArmDraft extends Pick<ArmDocument, "when" | "items"> {
  readonly value: unknown;
  /** Null for unit, too. */
  readonly output: OutputDocument | null;
}

function armRole(arm: number): string {
  return `arm ${arm} of a branch`;
}

/** A literal that several types have. */
function isUntyped(value: unknown): boolean {
  return typeof value === "bigint" || typeof value === "number";
}

function typeOfArm(value: unknown): TypeDescriptor {
  if (value === undefined) return "unit";
  if (!Array.isArray(value)) return typeOfOperand(value, "the value of an arm");
  return { tuple: value.map((item) => typeOfOperand(item, "an item of the value of an arm")) };
}

/** The state of a loop: references or literals by name. */
export interface State {
  readonly [name: string]: unknown;
}

/** References to the state of a loop. */
export type StateRefs<S extends State> = {
  readonly [K in keyof S]: S[K] extends Ref<infer T> ? Ref<T> : Ref<Widened<S[K]>>;
};

type Widened<V> = V extends string ? string : V extends boolean ? boolean : V;

/** The next state of a loop. */
export type NextState<S extends State> = {
  readonly [K in keyof S]: S[K] extends Ref<infer T> ? Operand<T> : Operand<Widened<S[K]>>;
};

/** Repeats `body` while `condition` holds, and gives the last state. */
export function repeat<S extends State>(
  state: S,
  loop: {
    readonly condition: (state: StateRefs<S>) => Operand<boolean>;
    readonly body: (state: StateRefs<S>) => NextState<S>;
    readonly maxIterations?: number;
  },
): StateRefs<S> {
  const start = stateOf(state);
  const recording = recordingOf("repeat");
  const id = loopId();
  const head = within(recording, { loop: true }, (block) => {
    const condition = loop.condition(refsOf<S>(start, block));
    return { items: block.items, condition: bind(condition, "bool", "the condition of `repeat`") };
  });
  const body = within(recording, { loop: true }, (block) => {
    const next = nextOf(start, loop.body(refsOf<S>(start, block)), "repeat");
    return { items: block.items, next };
  });
  const whole = addItem(
    recording,
    {
      item_type: "loop",
      item_id: id,
      mode: "while",
      input_sources: start.map((part) => part.binding),
      head,
      body,
      ...boundOf(loop),
      outputs: start.length,
    },
    { type: typeOfParts(start.map((part) => part.type)), outputs: start.length },
  );
  return finalState<S>(start, whole);
}

/** Runs `step` for every element in order, with the value that the step before gave. */
export function fold<T, A>(
  list: Operand<readonly T[]>,
  init: Ref<A>,
  step: (value: Ref<A>, element: Ref<T>, index: Ref<bigint>) => Operand<A>,
): Ref<A> {
  const { state } = forEach(list, { value: init }, (element, at, index) => {
    return { state: { value: step(asRef(at.value), element, index) } };
  });
  return asRef(state.value);
}

/** Runs `body` for every element in order, and gives the list of its values. */
export function collect<T, R>(
  list: Operand<readonly T[]>,
  body: (element: Ref<T>, index: Ref<bigint>) => Operand<R>,
): Ref<readonly R[]> {
  const { collected } = forEach(list, {}, (element, _, index) => {
    return { state: {}, collect: body(element, index) };
  });
  return asRef(collected);
}

/**
 * Runs `body` for every element in order. It gives the next state, and where wanted a value to
 * collect; the loop gives the last state and the list of those.
 */
export function forEach<T, S extends State, R>(
  list: Operand<readonly T[]>,
  state: S,
  body: (
    element: Ref<T>,
    state: StateRefs<S>,
    index: Ref<bigint>,
  ) => { readonly state: { readonly [K in keyof S]: unknown }; readonly collect?: Operand<R> },
  options: { readonly maxIterations?: number } = {},
): { readonly state: StateRefs<S>; readonly collected: Ref<readonly R[]> } {
  const start = stateOf(state);
  const recording = recordingOf("forEach");
  const listType = typeOfOperand(list, "the list of a loop");
  const element = elementOf(listType);
  const over = bind(list, listType, "the list of a loop");
  const id = loopId();
  let collected: TypeDescriptor | null = null;
  const inner = within(recording, { loop: true }, (block) => {
    const origin = (kind: "element" | "index") => ({ kind }) as const;
    const item = refer({ block, type: element, origin: origin("element") });
    const index = refer({ block, type: "i64", origin: origin("index") });
    const given = body(asRef(item), refsOf<S>(start, block), asRef(index));
    const next = nextOf(start, given?.state ?? {}, "forEach");
    if (given?.collect === undefined) return { items: block.items, next };
    const type = typeOfOperand(given.collect, "the collected value");
    collected = type;
    return { items: block.items, next, collect: bind(given.collect, type, "the collected value") };
  });
  const parts = [...start.map((part) => part.type), ...listOf(collected)];
  const whole = addItem(
    recording,
    {
      item_type: "loop",
      item_id: id,
      mode: "for_each",
      input_sources: [over, ...start.map((part) => part.binding)],
      body: inner,
      ...boundOf(options),
      outputs: parts.length,
    },
    { type: typeOfParts(parts), outputs: parts.length },
  );
  const outputs = outputsOf(parts, whole);
  return {
    state: named<S>(start, outputs),
    collected: asRef(outputs[start.length] ?? NOTHING_COLLECTED),
  };
}

/** Stands for the list of a loop that collects nothing: no author's type lets it be used. */
const NOTHING_COLLECTED = Object.freeze({});

function listOf(type: TypeDescriptor | null): readonly TypeDescriptor[] {
  return type === null ? [] : [{ list: type }];
}

function elementOf(type: TypeDescriptor): TypeDescriptor {
  if (typeof type === "object" && "list" in type) return type.list;
  if (recordingOf("a loop").standIn !== null) return "unit";
  return misuse("E0809", `a loop runs over a list, found ${typeText(type)}`);
}

interface StatePart {
  readonly name: string;
  readonly type: TypeDescriptor;
  readonly binding: BindingDocument;
}

function stateOf(state: State): readonly StatePart[] {
  return Object.entries(state).map(([name, value]) => {
    const role = `the state '${name}' of a loop`;
    const type = typeOfOperand(value, role);
    return { name, type, binding: bind(value, type, role) };
  });
}

function refsOf<S extends State>(parts: readonly StatePart[], block: OpenBlock): StateRefs<S> {
  const refs = parts.map(({ type }, index) =>
    refer({ block, type, origin: { kind: "state", index } }),
  );
  return named<S>(parts, refs);
}

function named<S extends State>(
  parts: readonly StatePart[],
  refs: readonly object[],
): StateRefs<S> {
  // One reference under each name, which `StateRefs` says in types.
  return Object.fromEntries(parts.map((part, i) => [part.name, refs[i]])) as StateRefs<S>;
}

function nextOf(
  parts: readonly StatePart[],
  given: State,
  loop: string,
): readonly BindingDocument[] {
  const names = typeof given === "object" && given !== null ? Object.keys(given) : [];
  const other = names.find((name) => !parts.some((part) => part.name === name));
  if (other !== undefined) misuse("E0809", `'${other}' is no state of this ${loop}`);
  return parts.map(({ name, type }) => {
    if (!names.includes(name))
      misuse("E0809", `the body of ${loop} gives no next '${name}'`, `Return { ${name}: … }.`);
    return bind(given[name], type, `the next '${name}' of ${loop}`);
  });
}

function loopId(): string {
  const recording = recordingOf("a loop");
  const id = `l${recording.loops}`;
  recording.loops += 1;
  recording.steps.push("loop");
  return id;
}

function boundOf(options: { readonly maxIterations?: number }): { max_iterations?: number } {
  const { maxIterations: bound } = options;
  if (bound === undefined) return {};
  if (!Number.isSafeInteger(bound) || bound < 1)
    misuse("E0802", "maxIterations is an integer from 1");
  return { max_iterations: bound };
}

function typeOfParts(parts: readonly TypeDescriptor[]): TypeDescriptor {
  const [first, second] = parts;
  if (first === undefined) return "unit";
  return second === undefined ? first : { tuple: parts };
}

/** References to the outputs of an item, one for each part. */
function outputsOf(parts: readonly TypeDescriptor[], whole: object): readonly object[] {
  if (parts.length < 2) return parts.map(() => whole);
  const known = knownOf(whole);
  if (known === null || known.origin.kind !== "item") return parts.map(() => whole);
  const { block, origin } = known;
  return parts.map((type, output) => makeRef({ block, type, origin: { ...origin, output } }));
}

function finalState<S extends State>(parts: readonly StatePart[], whole: object): StateRefs<S> {
  return named<S>(
    parts,
    outputsOf(
      parts.map((part) => part.type),
      whole,
    ),
  );
}
