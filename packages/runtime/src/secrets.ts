// Secrets (language 11.7): the program cannot ask for them, and their values are removed from all
// that passes the door and from what a run ends with, before anything is recorded or reported.

import {
  isList,
  listItems,
  MapValue,
  makeList,
  makeRecord,
  makeVariant,
  mapEntries,
  mapFromEntries,
  RecordValue,
  recordFields,
  SetValue,
  Some,
  setFromItems,
  setItems,
  Tuple,
  VALUE_DEPTH_MAX,
  type Value,
  VariantValue,
  variantParts,
} from "@lumen/core/value";
import { type DoorAnswer, type DoorRequest, type Layer, operationName } from "./door.ts";
import { type Found, secretSearch } from "./secret-search.ts";

/** A configured secret: the variable of the environment that holds it; null where it is not set. */
export interface Secret {
  readonly name: string;
  readonly value: string | null;
}

/** Secrets by name, from variables of an environment. */
export function secretsOf(
  names: readonly string[],
  environment: { readonly [name: string]: string | undefined },
): readonly Secret[] {
  return names.map((name) => ({ name, value: environment[name] ?? null }));
}

/** The environment without its secrets: what the program and its processes may see of it. */
export function withoutSecrets(
  environment: { readonly [name: string]: string | undefined },
  secrets: readonly Secret[],
): { readonly [name: string]: string | undefined } {
  const names = new Set(secrets.map((s) => s.name));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.has(name)));
}

/** The two places at which secrets are kept in. */
export interface SecretLayers {
  /**
   * Outermost: refuses the question for a secret, and takes values out of what is asked, so that
   * neither the journal nor a provider gets them from the program.
   */
  readonly questions: Layer;
  /** Behind the journal: takes values out of what providers answer, errors too. */
  readonly answers: Layer;
}

/** Takes values of secrets out of what is told; what holds none comes back as it is. */
export interface Scrub {
  readonly text: (text: string) => string;
  readonly bytes: (bytes: Uint8Array) => Uint8Array;
  readonly value: (value: Value) => Value;
  /** The name of a secret whose value is in the bytes in any form; null where there is none. */
  readonly heldBy: (bytes: Uint8Array) => string | null;
}

/** Null where there is nothing to take out. */
export function makeScrub(secrets: readonly Secret[]): Scrub | null {
  const search = secretSearch(secrets);
  if (search === null) return null;
  const bytes = (whole: Uint8Array): Uint8Array => replaced(whole, search(whole));
  const text = (whole: string): string => {
    const before = Buffer.from(whole, "utf8");
    const after = bytes(before);
    return after === before ? whole : Buffer.from(after).toString("utf8");
  };
  return {
    text,
    bytes,
    value: (value) => scrubbed(value, { text, bytes }, 0),
    heldBy: (whole) => search(whole)[0]?.name ?? null,
  };
}

/** Layers for these secrets. */
export function secretLayers(secrets: readonly Secret[]): SecretLayers {
  const names = new Set(secrets.map((s) => s.name));
  const scrub = makeScrub(secrets);
  return {
    questions: {
      name: "secrets",
      handle: async (request, next) => {
        const asked = operationName(request) === "env.get_env" ? request.args[0] : null;
        if (typeof asked === "string" && names.has(asked)) return refusal(asked);
        return next(scrub === null ? request : scrubbedRequest(request, scrub));
      },
    },
    answers: {
      name: "scrub",
      handle: async (request, next) => {
        const answer = await next(request);
        return scrub === null ? answer : scrubbedAnswer(answer, scrub);
      },
    },
  };
}

function refusal(name: string): DoorAnswer {
  const message = `policy violation for 'env.get_env': '${name}' is a secret`;
  return { ok: false, code: "E_POLICY", message };
}

/** Takes the values out of a text, for what is told in other ways than through the door. */
export function textScrubber(secrets: readonly Secret[]): (text: string) => string {
  return makeScrub(secrets)?.text ?? ((text) => text);
}

function replaced(bytes: Uint8Array, found: readonly Found[]): Uint8Array {
  if (found.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const { name, start, end: next } of found) {
    parts.push(bytes.subarray(end, start), Buffer.from(`[secret ${name}]`, "utf8"));
    end = next;
  }
  return new Uint8Array(Buffer.concat([...parts, bytes.subarray(end)]));
}

function scrubbedRequest(request: DoorRequest, scrub: Scrub): DoorRequest {
  return { ...request, args: request.args.map(scrub.value) };
}

function scrubbedAnswer(answer: DoorAnswer, scrub: Scrub): DoorAnswer {
  return answer.ok
    ? { ...answer, value: scrub.value(answer.value) }
    : { ...answer, message: scrub.text(answer.message) };
}

/**
 * The value with every text in it scrubbed; what is no text and has no parts stays. What is nested
 * deeper than any value that can be shown or written down stays, too: the journal refuses it.
 */
function scrubbed(value: Value, scrub: Pick<Scrub, "text" | "bytes">, depth: number): Value {
  if (typeof value === "string") return scrub.text(value);
  if (value instanceof Uint8Array) return scrub.bytes(value);
  if (depth > VALUE_DEPTH_MAX) return value;
  const parts = (before: readonly Value[], make: (after: readonly Value[]) => Value): Value => {
    const after = before.map((part) => scrubbed(part, scrub, depth + 1));
    return after.every((part, i) => part === before[i]) ? value : make(after);
  };
  if (isList(value)) return parts(listItems(value), (items) => makeList([...items]));
  if (value instanceof Tuple) return parts(value.items, (items) => new Tuple([...items]));
  if (value instanceof SetValue) return parts(setItems(value), setFromItems);
  if (value instanceof MapValue) {
    const entries = mapEntries(value);
    const keys = entries.length;
    return parts([...entries.map((e) => e.key), ...entries.map((e) => e.value)], (after) =>
      mapFromEntries(
        entries.map((_, i) => ({ key: after[i] ?? null, value: after[keys + i] ?? null })),
      ),
    );
  }
  if (value instanceof RecordValue)
    return parts(recordFields(value), (fields) => makeRecord(value.shape, [...fields]));
  if (value instanceof VariantValue)
    return parts(variantParts(value), (payload) =>
      makeVariant(value.variant.shape, value.variant.tag, payload),
    );
  return value instanceof Some ? parts([value.value], ([inner = null]) => new Some(inner)) : value;
}
