// Reads fields of plain JSON data and remembers the first thing that does not fit. After a failure
// it hands out harmless values, so that readers stay plain code; whoever uses it asks `failure`
// before using what was read.

import { type Failure, failure } from "../diagnostic/failure.ts";
import { fromHex } from "../hash/index.ts";

/** A JSON object with its JSON pointer. */
export interface ObjectNode {
  readonly path: string;
  readonly fields: { readonly [key: string]: unknown };
}

/** One element of a JSON array with its JSON pointer. */
export interface Element {
  readonly path: string;
  readonly value: unknown;
}

/** Whether a field may be absent, and what the absent one means. */
export interface Optional<T> {
  readonly absent: T;
}

const U64_MAX = 18446744073709551615n;
const UNSIGNED = /^(?:0|[1-9][0-9]*)$/;
const SIGNED = /^(?:0|-?[1-9][0-9]*)$/;

/** JSON pointer of a child. */
export function pointer(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** What a JSON value is, for messages. */
export function describeJson(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "string":
      return value.length <= 40 ? `the string ${JSON.stringify(value)}` : "a string";
    case "number":
    case "bigint":
      return `the number ${value}`;
    case "boolean":
      return `${value}`;
    default:
      return "an object";
  }
}

/** A JSON object, not an array and not null. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An integer in either form of formats 1.1, or null. */
export function integerOf(value: unknown): bigint | null {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : null;
  // 20 digits and a sign hold every 64-bit integer; longer text is not worth converting.
  if (typeof value === "string" && value.length <= 21 && SIGNED.test(value)) return BigInt(value);
  return null;
}

/** Reader of one document; the subject and format go into its failure. */
export class NodeReader {
  failure: Failure | null = null;
  readonly #more: { readonly subject?: string; readonly format: string };

  constructor(more: { readonly subject?: string; readonly format: string }) {
    this.#more = more;
  }

  /** Records the first failure, `E_MALFORMED` at `path`. */
  refuse(path: string, message: string): void {
    const where = path === "" ? "the document" : path;
    this.adopt(failure("E_MALFORMED", "load", `${where}: ${message}`, { path }));
  }

  /** Records a failure that another reader made, if it is the first. */
  adopt(failed: Failure): void {
    this.failure ??= { ...failed, ...this.#more };
  }

  object(path: string, value: unknown): ObjectNode {
    if (isObject(value)) return { path, fields: value };
    this.refuse(path, `expected an object, found ${describeJson(value)}`);
    return { path, fields: {} };
  }

  objectAt(node: ObjectNode, key: string): ObjectNode {
    return this.object(pointer(node.path, key), own(node, key));
  }

  /** Elements of a required array. */
  arrayAt(node: ObjectNode, key: string): readonly Element[] {
    const path = pointer(node.path, key);
    const value = own(node, key);
    if (Array.isArray(value)) {
      return value.map((item: unknown, i) => ({ path: pointer(path, i), value: item }));
    }
    this.refuse(path, `expected an array, found ${describeJson(value)}`);
    return [];
  }

  /** Elements of an array, or null where the field is absent. */
  optionalArrayAt(node: ObjectNode, key: string): readonly Element[] | null {
    return has(node, key) ? this.arrayAt(node, key) : null;
  }

  string(path: string, value: unknown): string {
    if (typeof value === "string") return value;
    this.refuse(path, `expected a string, found ${describeJson(value)}`);
    return "";
  }

  stringAt(node: ObjectNode, key: string): string {
    return this.string(pointer(node.path, key), own(node, key));
  }

  optionalStringAt(node: ObjectNode, key: string): string | null {
    return has(node, key) ? this.stringAt(node, key) : null;
  }

  boolAt(node: ObjectNode, key: string, optional?: Optional<boolean>): boolean {
    const value = own(node, key);
    if (typeof value === "boolean") return value;
    if (optional !== undefined && !has(node, key)) return optional.absent;
    const path = pointer(node.path, key);
    this.refuse(path, `expected true or false, found ${describeJson(value)}`);
    return false;
  }

  /** A non-negative integer that is small enough to count things in memory. */
  countAt(node: ObjectNode, key: string, optional?: Optional<number>): number {
    if (optional !== undefined && !has(node, key)) return optional.absent;
    const value = this.#unsigned(node, key);
    if (value <= 0x7fff_ffffn) return Number(value);
    this.refuse(pointer(node.path, key), "the number is too large");
    return 0;
  }

  /**
   * A bound, at least `least`, or null where absent. What lies beyond 2^53-1 can never be reached
   * and is read as 2^53-1.
   */
  boundAt(node: ObjectNode, key: string, least: number): number | null {
    if (!has(node, key)) return null;
    const value = this.#unsigned(node, key);
    if (value < BigInt(least)) this.refuse(pointer(node.path, key), `must be at least ${least}`);
    return Number(value > 9007199254740991n ? 9007199254740991n : value);
  }

  /** Bytes in lowercase hex; `length` in bytes if it is fixed. */
  hexAt(node: ObjectNode, key: string, length?: number): Uint8Array {
    const path = pointer(node.path, key);
    const text = this.string(path, own(node, key));
    const bytes = fromHex(text);
    if (bytes !== null && (length === undefined || bytes.length === length)) return bytes;
    const expected = length === undefined ? "bytes in hex" : `${2 * length} hex digits`;
    this.refuse(path, `expected ${expected} (lowercase)`);
    return new Uint8Array(length ?? 0);
  }

  #unsigned(node: ObjectNode, key: string): bigint {
    const raw = own(node, key);
    const value = typeof raw === "string" && !UNSIGNED.test(raw) ? null : integerOf(raw);
    if (value !== null && value >= 0n && value <= U64_MAX) return value;
    const path = pointer(node.path, key);
    this.refuse(path, `expected a non-negative integer, found ${describeJson(raw)}`);
    return 0n;
  }
}

/** True where the object has the field itself: `constructor` of a prototype is no field. */
export function has(node: ObjectNode, key: string): boolean {
  return Object.hasOwn(node.fields, key);
}

/** The field's value, undefined where absent. */
export function own(node: ObjectNode, key: string): unknown {
  return has(node, key) ? node.fields[key] : undefined;
}
