// JSON input to values, driven by the type (formats 5). Types without parts are in json-scalars.ts.

import type { Failure } from "../diagnostic/failure.ts";
import { assertNever, err, ok, type Result, required } from "../result/result.ts";
import { emptyMap, mapHas, mapSet } from "../value/map.ts";
import { emptySet, setAdd, setHas } from "../value/set.ts";
import { makeRecord } from "../value/slots.ts";
import type { PayloadDescriptor, TypeDescriptor } from "../value/type-descriptor.ts";
import { makeList, Some, Tuple, type Value } from "../value/value.ts";
import { makeErr, makeOk, makeVariant } from "../value/variant.ts";
import {
  describe,
  InputRefusal,
  type Place,
  refuse,
  refuseFound,
  renderPlace,
} from "./input-refusal.ts";
import type { JsonNode } from "./json-node.ts";
import { scalarFromJson } from "./json-scalars.ts";
import { intFromDecimalText } from "./number-text.ts";
import { renderType } from "./render-type.ts";
import { type EnumType, enumShape, type RecordType, recordShape } from "./shapes.ts";
import { INT_RANGES, isIntType } from "./type-codec.ts";
import { hasNullIn, lookUp, NO_SCOPE, openRec, resolveType, type TypeScope } from "./type-scope.ts";
import { fieldStep, ROOT_PATH } from "./value-path.ts";

/** What a conversion may be told. */
export interface InputOptions {
  /** The default of a missing record field, given the values of the fields before it. */
  readonly defaults?: (
    recordName: string,
    field: string,
    previous: readonly Value[],
  ) => Value | undefined;
  /** Path of the whole value in messages; `$` when absent. */
  readonly path?: string;
  /** Told of fields that a record does not have, which are left out then; else they are refused. */
  readonly extra?: (field: ExtraField) => void;
}

/** A field that the type does not have. */
export interface ExtraField {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** A parameter of a tile or sequence. */
export interface InputParameter {
  readonly name: string;
  readonly type: TypeDescriptor;
}

/**
 * The value that a JSON node stands for. `E_INPUT_TYPE` with `path`, `details.expected` and
 * `details.found`. The descriptor must have passed `checkTypeDescriptor`.
 */
export function valueFromJson(
  type: TypeDescriptor,
  node: JsonNode,
  options: InputOptions = {},
): Result<Value, Failure> {
  return caught(() => converter(options).convert(type, node, root(options), NO_SCOPE));
}

/**
 * The values of all parameters by the arity rule: none for no parameter, the value itself for one,
 * an array or an object of names for several. `node` is null when no input was given.
 */
export function inputFromJson(
  parameters: readonly InputParameter[],
  node: JsonNode | null,
  options: InputOptions = {},
): Result<Value[], Failure> {
  return caught(() => {
    const [only, ...more] = parameters;
    const place = root(options);
    if (only === undefined) return noInput(node, place);
    if (more.length > 0) return converter(options).parameters(parameters, node, place);
    if (node === null) return refuse(place, renderType(only.type), node);
    return [converter(options).convert(only.type, node, place, NO_SCOPE)];
  });
}

function noInput(node: JsonNode | null, place: Place): Value[] {
  const isEmptyArray = node?.kind === "array" && node.items.length === 0;
  if (node !== null && node.kind !== "null" && !isEmptyArray) refuse(place, "no input", node);
  return [];
}

function caught<T>(convert: () => T): Result<T, Failure> {
  try {
    return ok(convert());
  } catch (error) {
    if (error instanceof InputRefusal) return err(error.failure);
    throw error;
  }
}

function root(options: InputOptions): Place {
  return { parent: null, step: options.path ?? ROOT_PATH };
}

function converter(options: InputOptions): Converter {
  return new Converter(options.defaults ?? (() => undefined), options.extra ?? refuseExtra);
}

type ArrayNode = JsonNode & { readonly kind: "array" };
type ObjectNode = JsonNode & { readonly kind: "object" };

class Converter {
  private readonly defaults: NonNullable<InputOptions["defaults"]>;

  private readonly extra: NonNullable<InputOptions["extra"]>;

  constructor(
    defaults: NonNullable<InputOptions["defaults"]>,
    extra: NonNullable<InputOptions["extra"]>,
  ) {
    this.defaults = defaults;
    this.extra = extra;
  }

  /** Several parameters, by position or by name. */
  parameters(parameters: readonly InputParameter[], node: JsonNode | null, place: Place): Value[] {
    const names = parameters.map(({ name }) => name).join(", ");
    const expected = `an array of ${parameters.length} or an object with ${names}`;
    if (node?.kind === "array" && node.items.length === parameters.length) {
      const types = parameters.map(({ type }) => type);
      return this.each(types, node.items, place, NO_SCOPE);
    }
    if (node?.kind !== "object") return refuse(place, expected, node);
    const known = new Set(parameters.map(({ name }) => name));
    tellUnknown(node, known, place, `only the parameters ${names}`, refuseExtra);
    return parameters.map(({ name, type }) => {
      const inner = { parent: place, step: fieldStep(name) };
      const argument = node.entries.get(name);
      if (argument === undefined) return refuse(inner, renderType(type), null);
      return this.convert(type, argument, inner, NO_SCOPE);
    });
  }

  convert(type: TypeDescriptor, node: JsonNode, place: Place, scope: TypeScope): Value {
    if (typeof type === "string") return scalarFromJson(type, node, place);
    if ("option" in type) return this.option(type.option, node, place, scope);
    if ("list" in type)
      return makeList(this.items(type.list, arrayOf(type, node, place), place, scope));
    if ("array" in type) {
      const array = arrayOf(type, node, place, type.array[1]);
      return makeList(this.items(type.array[0], array, place, scope));
    }
    if ("tuple" in type) {
      const array = arrayOf(type, node, place, type.tuple.length);
      return new Tuple(this.each(type.tuple, array.items, place, scope));
    }
    if ("set" in type) return this.set(type.set, arrayOf(type, node, place), place, scope);
    if ("map" in type) return this.map(type.map, node, place, scope);
    if ("record" in type) return this.record(type.record, node, place, scope);
    if ("enum" in type) return this.variant(type.enum, node, place, scope);
    if ("result" in type) return this.result(type.result, node, place, scope);
    if ("rec" in type) {
      const body = openRec(type, scope);
      return this.convert(body.type, node, place, body.scope);
    }
    if ("ref" in type) {
      const bound = lookUp(type.ref, scope);
      return this.convert(bound.type, node, place, bound.scope);
    }
    return assertNever(type);
  }

  private option(inner: TypeDescriptor, node: JsonNode, place: Place, scope: TypeScope): Value {
    if (node.kind === "null") return null;
    const wraps = hasNullIn(inner, scope);
    const wrapped =
      node.kind === "object" && node.entries.size === 1 ? node.entries.get("$some") : undefined;
    if (wrapped === undefined) {
      if (wraps) refuse(place, `null or {"$some": ${renderType(inner)}}`, node);
      return this.convert(inner, node, place, scope);
    }
    const value = this.convert(inner, wrapped, { parent: place, step: fieldStep("$some") }, scope);
    return wraps ? new Some(value) : value;
  }

  /** Items of one type. */
  private items(type: TypeDescriptor, node: ArrayNode, place: Place, scope: TypeScope): Value[] {
    return node.items.map((item, i) => this.convert(type, item, { parent: place, step: i }, scope));
  }

  /** As many items as types. */
  private each(
    types: readonly TypeDescriptor[],
    items: readonly JsonNode[],
    place: Place,
    scope: TypeScope,
  ): Value[] {
    return types.map((type, i) => {
      const item = required(items[i], "there are as many items as types");
      return this.convert(type, item, { parent: place, step: i }, scope);
    });
  }

  private set(type: TypeDescriptor, node: ArrayNode, place: Place, scope: TypeScope): Value {
    const set = emptySet();
    node.items.forEach((item, i) => {
      const inner = { parent: place, step: i };
      const member = this.convert(type, item, inner, scope);
      if (setHas(set, member)) refuseFound(inner, "distinct items", "an item a second time");
      setAdd(set, member);
    });
    return set;
  }

  private map(
    types: readonly [TypeDescriptor, TypeDescriptor],
    node: JsonNode,
    place: Place,
    scope: TypeScope,
  ): Value {
    const [keyType, valueType] = types;
    const map = emptyMap();
    const add = (key: Value, value: Value, at: Place): void => {
      if (mapHas(map, key)) refuseFound(at, "distinct keys", "a key a second time");
      mapSet(map, key, value);
    };
    const fromText = keyFromText(resolveType(keyType, scope));
    if (node.kind === "object" && fromText !== null) {
      for (const [text, item] of node.entries) {
        const inner = { parent: place, step: fieldStep(text) };
        const key = fromText(text, inner);
        add(key, this.convert(valueType, item, inner, scope), inner);
      }
      return map;
    }
    const isString = resolveType(keyType, scope) === "string";
    if (node.kind !== "array" || isString) return refuse(place, renderType({ map: types }), node);
    node.items.forEach((pair, i) => {
      const inner = { parent: place, step: i };
      const isPair = pair.kind === "array" && pair.items.length === 2;
      if (!isPair) refuse(inner, "an array of key and value", pair);
      const [key = null, value = null] = this.each(types, pair.items, inner, scope);
      add(key, value, inner);
    });
    return map;
  }

  private record(type: RecordType, node: JsonNode, place: Place, scope: TypeScope): Value {
    if (node.kind !== "object") return refuse(place, type.name, node);
    const shape = recordShape(type);
    const values = this.fields(type.fields, node, place, {
      scope,
      ownerName: type.name,
      missing: (field, previous) => this.defaults(type.name, field, previous),
    });
    return makeRecord(shape, values);
  }

  private fields(
    fields: readonly (readonly [string, TypeDescriptor])[],
    node: ObjectNode,
    place: Place,
    owner: {
      readonly scope: TypeScope;
      readonly ownerName: string;
      readonly missing: (field: string, previous: readonly Value[]) => Value | undefined;
    },
  ): Value[] {
    const values: Value[] = [];
    let foundCount = 0;
    for (const [name] of fields) foundCount += Number(node.entries.has(name));
    if (foundCount < node.entries.size) {
      const known = new Set(fields.map(([name]) => name));
      tellUnknown(node, known, place, `a field of ${owner.ownerName}`, this.extra);
    }
    for (const [name, type] of fields) {
      const inner = { parent: place, step: fieldStep(name) };
      const field = node.entries.get(name);
      if (field !== undefined) {
        values.push(this.convert(type, field, inner, owner.scope));
        continue;
      }
      const value = owner.missing(name, values);
      if (value === undefined && !isOption(type, owner.scope))
        refuse(inner, renderType(type), null);
      values.push(value ?? null);
    }
    return values;
  }

  private variant(type: EnumType, node: JsonNode, place: Place, scope: TypeScope): Value {
    const [name, body] = variantNode(type, node, place);
    const tag = type.variants.findIndex(([variant]) => variant === name);
    const payload = type.variants[tag]?.[1];
    if (payload === undefined) return refuse(place, variantNames(type), node);
    const inner = { parent: place, step: fieldStep(name) };
    const values = this.payload(payload, body, inner, { type, name, scope, outer: place, node });
    return makeVariant(enumShape(type), tag, values);
  }

  private payload(
    payload: PayloadDescriptor,
    body: JsonNode | null,
    place: Place,
    variant: {
      readonly type: EnumType;
      readonly name: string;
      readonly scope: TypeScope;
      readonly outer: Place;
      readonly node: JsonNode;
    },
  ): Value[] {
    const { name, scope } = variant;
    if (payload === null) {
      if (body !== null && body.kind !== "null") refuse(place, "null", body);
      return [];
    }
    if (body === null) return refuse(variant.outer, `{"${name}": …}`, variant.node);
    if (typeof payload === "object" && "tuple" in payload) {
      const array = arrayOf({ tuple: payload.tuple }, body, place, payload.tuple.length);
      return this.each(payload.tuple, array.items, place, scope);
    }
    if (typeof payload === "object" && "struct" in payload) {
      if (body.kind !== "object") return refuse(place, `the fields of ${name}`, body);
      const owner = { scope, ownerName: name, missing: () => undefined };
      return this.fields(payload.struct, body, place, owner);
    }
    return [this.convert(payload, body, place, scope)];
  }

  private result(
    types: readonly [TypeDescriptor, TypeDescriptor],
    node: JsonNode,
    place: Place,
    scope: TypeScope,
  ): Value {
    const entries = node.kind === "object" && node.entries.size === 1 ? node.entries : null;
    const okNode = entries?.get("ok");
    if (okNode !== undefined) {
      return makeOk(this.convert(types[0], okNode, { parent: place, step: ".ok" }, scope));
    }
    const errNode = entries?.get("err");
    if (errNode === undefined) return refuse(place, '{"ok": …} or {"err": …}', node);
    return makeErr(this.convert(types[1], errNode, { parent: place, step: ".err" }, scope));
  }
}

function isOption(type: TypeDescriptor, scope: TypeScope): boolean {
  const resolved = resolveType(type, scope);
  return typeof resolved === "object" && "option" in resolved;
}

/** How object keys become map keys; null where the type has no such form. */
function keyFromText(type: TypeDescriptor): ((text: string, place: Place) => Value) | null {
  if (type === "string") {
    return (text, place) => scalarFromJson("string", { kind: "string", value: text }, place);
  }
  if (type === "bool") {
    return (text, place) => {
      const isBool = text === "true" || text === "false";
      if (!isBool) return refuseFound(place, "bool as the key", JSON.stringify(text));
      return text === "true";
    };
  }
  if (!isIntType(type)) return null;
  return (text, place) => {
    const key = intFromDecimalText(text, INT_RANGES[type]);
    return key ?? refuseFound(place, `${type} as the key`, JSON.stringify(text));
  };
}

function arrayOf(type: TypeDescriptor, node: JsonNode, place: Place, count?: number): ArrayNode {
  const fits = node.kind === "array" && (count === undefined || node.items.length === count);
  return fits ? node : refuse(place, renderType(type), node);
}

function tellUnknown(
  node: ObjectNode,
  known: ReadonlySet<string>,
  place: Place,
  expected: string,
  tell: (field: ExtraField) => void,
): void {
  for (const [name, value] of node.entries) {
    if (known.has(name)) continue;
    const inner = { parent: place, step: fieldStep(name) };
    tell({ path: renderPlace(inner), expected, found: describe(value) });
  }
}

function refuseExtra({ path, expected, found }: ExtraField): never {
  refuseFound({ parent: null, step: path }, expected, found);
}

/** Name and payload of a variant: `"Name"`, or an object with that one key. */
function variantNode(type: EnumType, node: JsonNode, place: Place): [string, JsonNode | null] {
  if (node.kind === "string") return [node.value, null];
  const [entry, ...more] = node.kind === "object" ? node.entries : [];
  if (entry === undefined || more.length > 0) return refuse(place, variantNames(type), node);
  return [entry[0], entry[1]];
}

function variantNames(type: EnumType): string {
  const names = type.variants.map(([name, payload]) =>
    payload === null ? `"${name}"` : `{"${name}": …}`,
  );
  return `${type.name}: ${names.join(" or ")}`;
}
