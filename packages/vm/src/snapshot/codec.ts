// Codecs of the parts of a snapshot (formats 30): both directions of one part in one place, built
// from combinators, as the wire codecs of core are.

import type { SnapshotReader } from "./reader.ts";
import type { SnapshotWriter } from "./writer.ts";

/** Both directions of one part. `bytesMin`: no part has fewer bytes. */
export interface Codec<T> {
  readonly write: (out: SnapshotWriter, part: T) => void;
  readonly read: (input: SnapshotReader) => T;
  readonly bytesMin: number;
}

/** A whole number from 0 to 2^53-1. */
export const count: Codec<number> = {
  write: (out, part) => out.wire.varint(part),
  read: (input) => input.count(),
  bytesMin: 1,
};

/** An integer of either sign that a double holds. */
export const integer: Codec<number> = {
  write: (out, part) => out.wire.i64(part),
  read: (input) => input.integer(),
  bytesMin: 1,
};

export const bool: Codec<boolean> = {
  write: (out, part) => out.wire.bool(part),
  read: (input) => input.wire.bool(),
  bytesMin: 1,
};

export const text: Codec<string> = {
  write: (out, part) => out.wire.string(part),
  read: (input) => input.wire.string(),
  bytesMin: 1,
};

/** Nothing is written, the part is always the same. */
export function always<T>(part: T): Codec<T> {
  return { write: () => undefined, read: () => part, bytesMin: 0 };
}

/** Null, or a part. */
export function option<T>(inner: Codec<T>): Codec<T | null> {
  return {
    write: (out, part) => {
      out.wire.bool(part !== null);
      if (part !== null) inner.write(out, part);
    },
    read: (input) => (input.wire.bool() ? inner.read(input) : null),
    bytesMin: 1,
  };
}

/** A count and the parts. */
export function list<T>(inner: Codec<T>): Codec<readonly T[]> {
  return {
    write: (out, parts) => {
      out.wire.varint(parts.length);
      for (const part of parts) inner.write(out, part);
    },
    read: (input) => {
      const length = input.wire.count(inner.bytesMin);
      const parts: T[] = [];
      for (let i = 0; i < length; i += 1) parts.push(inner.read(input));
      return parts;
    },
    bytesMin: 1,
  };
}

/** A list that is kept in another form. */
export function mapped<A, B>(
  inner: Codec<A>,
  { to, from }: { readonly to: (part: B) => A; readonly from: (part: A) => B },
): Codec<B> {
  return {
    write: (out, part) => inner.write(out, to(part)),
    read: (input) => from(inner.read(input)),
    bytesMin: inner.bytesMin,
  };
}

/** Codecs of the fields of a record. */
export type Fields<T> = { readonly [K in keyof T]: Codec<T[K]> };

/** The fields one after the other, in the order of the table. */
export function record<T extends object>(fields: Fields<T>): Codec<T> {
  const entries = Object.entries(fields) as [keyof T, Codec<T[keyof T]>][];
  return {
    write: (out, part) => {
      for (const [name, codec] of entries) codec.write(out, part[name]);
    },
    read: (input) => {
      const part: Partial<T> = {};
      for (const [name, codec] of entries) part[name] = codec.read(input);
      return part as T;
    },
    bytesMin: entries.reduce((sum, [, codec]) => sum + codec.bytesMin, 0),
  };
}

/** One of several records, told apart by `kind`: the position in the table, then the record. */
export function union<T extends { readonly kind: string }>(
  cases: {
    readonly [K in T["kind"]]: Codec<Extract<T, { readonly kind: K }>>;
  },
): Codec<T> {
  const entries = Object.entries(cases) as [string, Codec<T>][];
  return {
    write: (out, part) => {
      const at = entries.findIndex(([kind]) => kind === part.kind);
      out.wire.u8(at);
      entries[at]?.[1].write(out, part);
    },
    read: (input) => {
      const at = input.wire.offset;
      const entry = entries[input.wire.u8()];
      return entry === undefined ? input.fail("there is no such case", at) : entry[1].read(input);
    },
    bytesMin: 1,
  };
}
