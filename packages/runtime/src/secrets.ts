// Secrets (language 11.7): the program cannot ask for them, and their values are removed from all
// that passes the door, before anything is recorded, reported or seen by the program.

import {
  isList,
  listItems,
  MapValue,
  makeList,
  makeRecord,
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
} from "@lumen/core/value";
import { type DoorAnswer, type DoorRequest, type Layer, operationName } from "./door.ts";

/** A configured secret: the variable of the environment that holds it; null where it is not set. */
export interface Secret {
  readonly name: string;
  readonly value: string | null;
}

/** Fewest scalar values of a secret that is removed from texts: a shorter one is in any text. */
export const SECRET_LENGTH_MIN = 8;

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

/** Layers for these secrets. */
export function secretLayers(secrets: readonly Secret[]): SecretLayers {
  const names = new Set(secrets.map((s) => s.name));
  const scrub = scrubber(secrets);
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
  return scrubber(secrets)?.text ?? ((text) => text);
}

/** Removes the values from texts and from bytes. */
interface Scrub {
  readonly text: (text: string) => string;
  readonly bytes: (bytes: Uint8Array) => Uint8Array;
}

/** Null where there is nothing to remove. */
function scrubber(secrets: readonly Secret[]): Scrub | null {
  const forms = secrets.flatMap(({ name, value }) =>
    value === null || [...value].length < SECRET_LENGTH_MIN
      ? []
      : formsOf(value).map((form): Form => ({ form, mark: `[secret ${name}]` })),
  );
  if (forms.length === 0) return null;
  // Longer ones first: one secret may be part of another.
  forms.sort((a, b) => b.form.length - a.form.length || (a.form < b.form ? -1 : 1));
  const raw = forms.map(({ form, mark }) => ({ form: perByte(form), mark: perByte(mark) }));
  return {
    text: (text) => replaced(text, forms),
    bytes: (bytes) => {
      const before = Buffer.from(bytes).toString("latin1");
      const after = replaced(before, raw);
      return after === before ? bytes : new Uint8Array(Buffer.from(after, "latin1"));
    },
  };
}

interface Form {
  readonly form: string;
  readonly mark: string;
}

/** The UTF-8 bytes of a text, each as one character: bytes can be searched like a text. */
function perByte(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function replaced(text: string, forms: readonly Form[]): string {
  return forms.reduce((rest, { form, mark }) => rest.replaceAll(form, () => mark), text);
}

/** A value as it is and as URLs, headers and JSON carry it. */
function formsOf(value: string): readonly string[] {
  const base64 = Buffer.from(value, "utf8").toString("base64");
  const forms = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), base64];
  return [...new Set(forms)];
}

function scrubbedRequest(request: DoorRequest, scrub: Scrub): DoorRequest {
  return { ...request, args: request.args.map((value) => scrubbed(value, scrub, 0)) };
}

function scrubbedAnswer(answer: DoorAnswer, scrub: Scrub): DoorAnswer {
  return answer.ok
    ? { ...answer, value: scrubbed(answer.value, scrub, 0) }
    : { ...answer, message: scrub.text(answer.message) };
}

/**
 * The value with every text in it scrubbed; what is no text and has no parts stays. What is nested
 * deeper than any value that can be shown or written down stays, too: the journal refuses it.
 */
function scrubbed(value: Value, scrub: Scrub, depth: number): Value {
  if (typeof value === "string") return scrub.text(value);
  if (value instanceof Uint8Array) return scrub.bytes(value);
  if (depth > VALUE_DEPTH_MAX) return value;
  const inner = (part: Value): Value => scrubbed(part, scrub, depth + 1);
  if (isList(value)) return makeList(listItems(value).map(inner));
  if (value instanceof Tuple) return new Tuple(value.items.map(inner));
  if (value instanceof SetValue) return setFromItems(setItems(value).map(inner));
  if (value instanceof MapValue) {
    const entries = mapEntries(value);
    return mapFromEntries(entries.map((e) => ({ key: inner(e.key), value: inner(e.value) })));
  }
  if (value instanceof RecordValue) return makeRecord(value.shape, recordFields(value).map(inner));
  if (value instanceof VariantValue)
    return new VariantValue(value.shape, value.tag, value.payload.map(inner));
  return value instanceof Some ? new Some(inner(value.value)) : value;
}
