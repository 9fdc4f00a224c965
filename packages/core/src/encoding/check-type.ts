// Checks that JSON data is a type descriptor (formats 3.1): shape, references, ordered key types.

import { type Failure, failure } from "../diagnostic/failure.ts";
import { err, ok, type Result } from "../result/result.ts";
import { TYPE_DEPTH_MAX } from "../value/type-depth.ts";
import { PRIMITIVE_TYPES, type TypeDescriptor } from "../value/type-descriptor.ts";
import { COUNT_MAX } from "./wire-reader.ts";

/**
 * The descriptor, if `document` is one without free references. `E_MALFORMED` with the JSON pointer
 * of the fault (empty for the whole), `E_NOT_SERIALIZABLE` for unordered map keys and set items.
 */
export function checkTypeDescriptor(document: unknown): Result<TypeDescriptor, Failure> {
  try {
    checkType(document, "", { depth: 0, bound: new Map(), orderedRole: null });
    // Every part has been checked to be what the type says.
    return ok(document as TypeDescriptor);
  } catch (error) {
    if (error instanceof TypeRefusal) return err(error.failure);
    throw error;
  }
}

/** Raised inside this file only. */
class TypeRefusal extends Error {
  readonly failure: Failure;
  constructor(failed: Failure) {
    super(failed.message);
    this.failure = failed;
  }
}

/**
 * Where a part stands: how deep, and which references it may use. A reference is `bare` until a
 * type stands between it and its `rec`, and `unordered` inside the keys of a container that the
 * `rec` itself encloses, since the type of the reference then contains that container.
 */
interface Scope {
  readonly depth: number;
  readonly bound: ReadonlyMap<string, ReferenceState>;
  /** "map keys" or "set items" inside of those. */
  readonly orderedRole: string | null;
}

type ReferenceState = "bare" | "usable" | "unordered";

type Check = (body: unknown, path: string, scope: Scope) => void;

const CHECKS: { readonly [key: string]: Check } = {
  option: checkPart,
  list: checkPart,
  set: (body, path, scope) => checkOrdered(body, path, scope, "set items"),
  array: (body, path, scope) => {
    const [item, count] = pairAt(body, path);
    checkPart(item, `${path}/0`, scope);
    const inRange = Number.isSafeInteger(count) && Number(count) >= 0 && Number(count) <= COUNT_MAX;
    if (!inRange) malformed(`${path}/1`, "expected a count of items");
  },
  map: (body, path, scope) => {
    const [key, value] = pairAt(body, path);
    checkOrdered(key, `${path}/0`, scope, "map keys");
    checkPart(value, `${path}/1`, scope);
  },
  tuple: checkTuple,
  record: (body, path, scope) => {
    const members = namedMembers(body, path, "fields");
    members.forEach((type, i) => {
      checkPart(type, `${path}/fields/${i}/1`, scope);
    });
  },
  enum: (body, path, scope) => {
    const payloads = namedMembers(body, path, "variants");
    payloads.forEach((payload, i) => {
      checkPayload(payload, `${path}/variants/${i}/1`, scope);
    });
  },
  result: (body, path, scope) => {
    pairAt(body, path).forEach((type, i) => {
      checkPart(type, `${path}/${i}`, scope);
    });
  },
  rec: (body, path, scope) => {
    const fields = fieldsOf(body, path, ["name", "type"]);
    const name = textAt(fields.name, `${path}/name`);
    const bound = new Map(scope.bound).set(name, "bare");
    checkType(fields.type, `${path}/type`, { ...scope, depth: scope.depth + 1, bound });
  },
  ref: (body, path, scope) => {
    const name = textAt(body, path);
    const state = scope.bound.get(name);
    if (state === undefined) malformed(path, `no enclosing rec is named ${JSON.stringify(name)}`);
    if (state === "bare")
      malformed(path, `the recursive type ${JSON.stringify(name)} is only itself`);
    if (state === "unordered") {
      unordered(path, scope.orderedRole ?? "parts", `the enclosing type ${JSON.stringify(name)}`);
    }
  },
};

const NAMES: ReadonlySet<string> = new Set(PRIMITIVE_TYPES);
const KEYS = Object.keys(CHECKS).join(", ");
const UNORDERED: ReadonlySet<string> = new Set(["f32", "f64", "json", "map", "set"]);

function refuseUnordered(key: string, path: string, scope: Scope): void {
  if (scope.orderedRole !== null && UNORDERED.has(key)) unordered(path, scope.orderedRole, key);
}

function checkType(node: unknown, path: string, scope: Scope): void {
  if (scope.depth > TYPE_DEPTH_MAX) malformed(path, `types nest deeper than ${TYPE_DEPTH_MAX}`);
  if (typeof node === "string") {
    if (!NAMES.has(node)) malformed(path, `unknown type ${JSON.stringify(node)}`);
    refuseUnordered(node, path, scope);
    return;
  }
  const [key, ...more] = typeof node === "object" && node !== null ? Object.keys(node) : [];
  const check = key !== undefined && Object.hasOwn(CHECKS, key) ? CHECKS[key] : undefined;
  if (key === undefined || check === undefined || more.length > 0) {
    malformed(path, `expected a name of a type or an object with one of ${KEYS}`);
  }
  refuseUnordered(key, path, scope);
  check((node as { readonly [key: string]: unknown })[key], `${path}/${key}`, scope);
}

/** A type within another one, which makes references of enclosing `rec`s usable. */
function checkPart(node: unknown, path: string, scope: Scope): void {
  const bound = mapStates(scope.bound, (state) => (state === "bare" ? "usable" : state));
  checkType(node, path, { ...scope, depth: scope.depth + 1, bound });
}

function checkTuple(body: unknown, path: string, scope: Scope): void {
  const items = arrayAt(body, path);
  if (items.length === 0) malformed(path, "expected at least one item");
  items.forEach((item, i) => {
    checkPart(item, `${path}/${i}`, scope);
  });
}

function checkPayload(payload: unknown, path: string, scope: Scope): void {
  if (payload === null) return;
  const isStruct = typeof payload === "object" && Object.keys(payload).join() === "struct";
  if (!isStruct) {
    checkPart(payload, path, scope);
    return;
  }
  const fields = namedPairs((payload as { readonly struct: unknown }).struct, `${path}/struct`);
  fields.forEach((type, i) => {
    checkPart(type, `${path}/struct/${i}/1`, scope);
  });
}

/** A part that must be an ordered type: no f32, f64, json, map or set within. */
function checkOrdered(node: unknown, path: string, scope: Scope, role: string): void {
  const bound = mapStates(scope.bound, () => "unordered");
  checkType(node, path, { depth: scope.depth + 1, bound, orderedRole: role });
}

function mapStates(
  bound: Scope["bound"],
  change: (state: ReferenceState) => ReferenceState,
): Scope["bound"] {
  if (bound.size === 0) return bound;
  return new Map([...bound].map(([name, state]) => [name, change(state)]));
}

/** The members of a record or enum; returns the second half of each. */
function namedMembers(body: unknown, path: string, key: "fields" | "variants"): unknown[] {
  const members = fieldsOf(body, path, ["name", key]);
  textAt(members.name, `${path}/name`);
  return namedPairs(members[key], `${path}/${key}`);
}

/** A list of pairs of a distinct name and something; returns the somethings. */
function namedPairs(node: unknown, path: string): unknown[] {
  const seen = new Set<string>();
  return arrayAt(node, path).map((member, i) => {
    const [name, value] = pairAt(member, `${path}/${i}`);
    const text = textAt(name, `${path}/${i}/0`);
    if (seen.has(text))
      malformed(`${path}/${i}/0`, `the name ${JSON.stringify(text)} occurs twice`);
    seen.add(text);
    return value;
  });
}

function fieldsOf(
  node: unknown,
  path: string,
  keys: readonly string[],
): { readonly [key: string]: unknown } {
  const isObject = typeof node === "object" && node !== null && !Array.isArray(node);
  if (!isObject || Object.keys(node).sort().join() !== [...keys].sort().join()) {
    malformed(path, `expected an object with ${keys.join(" and ")}`);
  }
  return node as { readonly [key: string]: unknown };
}

function arrayAt(node: unknown, path: string): readonly unknown[] {
  return Array.isArray(node) ? node : malformed(path, "expected an array");
}

function pairAt(node: unknown, path: string): readonly [unknown, unknown] {
  const items = arrayAt(node, path);
  if (items.length !== 2) malformed(path, "expected an array of two");
  return [items[0], items[1]];
}

function textAt(node: unknown, path: string): string {
  return typeof node === "string" ? node : malformed(path, "expected a string");
}

function malformed(path: string, message: string): never {
  throw new TypeRefusal(
    failure("E_MALFORMED", "load", `bad type descriptor: ${message}`, { path }),
  );
}

function unordered(path: string, role: string, found: string): never {
  const message = `${role} must have a total order of their bytes, which ${found} has not`;
  throw new TypeRefusal(failure("E_NOT_SERIALIZABLE", "load", message, { path }));
}
