// Finds values of secrets in texts and bytes, in every form that language 11.7 promises.

import { isBlank, type View, viewsOf, withoutBlanks } from "./secret-views.ts";
import type { Secret } from "./secrets.ts";

/** Fewest scalar values of a secret that is looked for: a shorter one is in any text. */
export const SECRET_LENGTH_MIN = 8;

/** Where a secret stands in bytes. */
export interface Found {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Where values of secrets stand in bytes: in order, none overlapping another. */
export type SecretSearch = (bytes: Uint8Array) => readonly Found[];

/** Bytes to be looked for. `around`: characters of base64 beside them hold some bits of it, too. */
interface Form {
  readonly name: string;
  readonly bytes: Buffer;
  readonly around: { readonly before: number; readonly after: number };
}

interface Forms {
  readonly name: string;
  readonly value: Buffer;
  /** As they stand, and as they stand in bytes without blanks. */
  readonly written: readonly Form[];
  readonly joined: readonly Form[];
}

/** Null where there is nothing to look for. */
export function secretSearch(secrets: readonly Secret[]): SecretSearch | null {
  const known = secrets.flatMap(({ name, value }) =>
    value === null || [...value].length < SECRET_LENGTH_MIN ? [] : [formsOf(name, value)],
  );
  if (known.length === 0) return null;
  const written = known.flatMap((forms) => forms.written);
  const joined = known.flatMap((forms) => forms.joined);
  return (bytes) => {
    const found: Found[] = [];
    for (const view of viewsOf(bytes)) {
      collect(view, written, found);
      const dense = withoutBlanks(view);
      if (dense !== view) collect(dense, joined, found);
    }
    const whole = separate(found);
    const parts = known
      .flatMap((forms) => cutOff(bytes, forms))
      .filter((part) => whole.every(({ start, end }) => part.start < start || part.end > end));
    return parts.length === 0 ? whole : separate([...whole, ...parts]);
  };
}

const AS_IT_IS = { before: 0, after: 0 };

function formsOf(name: string, value: string): Forms {
  const bytes = Buffer.from(value, "utf8");
  const plain = (form: Buffer): Form => ({ name, bytes: form, around: AS_IT_IS });
  const wide = Buffer.from(value, "utf16le");
  const hex = bytes.toString("hex");
  const pairs = hex.replace(/..(?=.)/g, "$&:");
  const digits = [hex, hex.toUpperCase(), pairs, pairs.toUpperCase()];
  // Forms of the Web write a blank as a plus.
  const texts = [value, value.replaceAll(" ", "+")];
  const written = [...new Set([...texts, ...digits])].map((text) => plain(Buffer.from(text)));
  written.push(plain(wide), plain(Buffer.from(wide).swap16()), ...base64Forms(name, bytes));
  const dense = bytes.filter(isInk);
  const joined = written.map((form) => ({ ...form, bytes: Buffer.from(form.bytes.filter(isInk)) }));
  const isLong = dense.length >= SECRET_LENGTH_MIN;
  return { name, value: bytes, written, joined: isLong ? joined : base64Forms(name, bytes) };
}

function isInk(byte: number): boolean {
  return !isBlank(byte);
}

/**
 * What a value becomes inside of something longer that is written in base64: it depends on how many
 * bytes stand before it, and characters at the ends hold bits of what stands beside it.
 */
function base64Forms(name: string, value: Buffer): readonly Form[] {
  return [0, 1, 2].flatMap((skipped) => {
    const text = Buffer.concat([Buffer.alloc(skipped), value]).toString("base64");
    const bits = 8 * (skipped + value.length);
    const first = Math.ceil((8 * skipped) / 6);
    const core = text.slice(first, Math.floor(bits / 6));
    const around = { before: skipped === 0 ? 0 : 1, after: bits % 6 === 0 ? 0 : 3 };
    const forms = new Set([core, core.replaceAll("+", "-").replaceAll("/", "_")]);
    return [...forms].map((form) => ({ name, bytes: Buffer.from(form), around }));
  });
}

/** Where the forms stand in a view, told by places of the original. */
function collect({ bytes, places }: View, forms: readonly Form[], found: Found[]): void {
  const where = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { name, bytes: form, around } of forms) {
    for (let at = where.indexOf(form); at >= 0; at = where.indexOf(form, at + form.length)) {
      const first = extended(where, at, -1, around.before);
      const last = extended(where, at + form.length - 1, 1, around.after);
      const start = places?.from[first] ?? first;
      found.push({ name, start, end: places?.to[last] ?? last + 1 });
    }
  }
}

const BASE64 = /[A-Za-z0-9+/_-]/;

/** One character of base64 beside `at`, and behind it what fills up. */
function extended(bytes: Buffer, at: number, step: 1 | -1, most: number): number {
  let place = at;
  for (let i = 0; i < most; i += 1) {
    const next = String.fromCharCode(bytes[place + step] ?? 0);
    if (!(i === 0 ? BASE64.test(next) || next === "=" : next === "=")) break;
    place += step;
  }
  return place;
}

const ELLIPSIS = Buffer.from("…");

/** Half of a value or more at the end or the beginning: texts are cut somewhere. */
function cutOff(bytes: Uint8Array, { name, value }: Forms): readonly Found[] {
  const where = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isCut = where.subarray(-ELLIPSIS.length).equals(ELLIPSIS);
  const end = isCut ? where.length - ELLIPSIS.length : where.length;
  const least = Math.max(SECRET_LENGTH_MIN, Math.ceil(value.length / 2));
  const found: Found[] = [];
  for (let length = Math.min(value.length - 1, end); length >= least; length -= 1) {
    if (where.subarray(end - length, end).equals(value.subarray(0, length))) {
      found.push({ name, start: end - length, end });
      break;
    }
  }
  for (let length = Math.min(value.length - 1, end); length >= least; length -= 1) {
    if (where.subarray(0, length).equals(value.subarray(value.length - length))) {
      found.push({ name, start: 0, end: length });
      break;
    }
  }
  return found;
}

/** Of those that overlap one, from the first place on; it has the name of the longest there. */
function separate(found: readonly Found[]): readonly Found[] {
  const ordered = [...found].sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: Found[] = [];
  for (const next of ordered) {
    const last = apart.at(-1);
    if (last === undefined || next.start >= last.end) apart.push(next);
    else if (next.end > last.end) apart[apart.length - 1] = { ...last, end: next.end };
  }
  return apart;
}
