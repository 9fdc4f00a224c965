// `--input` and `--input-bytes`: from the command line to checked values and their wire bytes
// (formats 5).

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import {
  abiInputType,
  decodeValue,
  encodeValue,
  inputFromJson,
  type JsonNode,
  parseJson,
} from "@lumen/core/encoding";
import { fromHex } from "@lumen/core/hash";
import type { ProgramParam } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { Tuple, type TypeDescriptor, type Value } from "@lumen/core/value";
import type { Scrub } from "@lumen/runtime";
import { readInputFile, textOfBytes } from "./files.ts";
import type { InputRules } from "./input-rules.ts";
import { refuseSecretText } from "./secret-guard.ts";

/** Where the input comes from: JSON text, a file, standard input, wire bytes, or nowhere. */
export interface InputSource {
  readonly json: string | undefined;
  readonly bytesHex: string | undefined;
  /** Reads standard input, for `--input -`; a failure says why it cannot be read. */
  readonly stdin: () => string | Failure;
  /** What a file name is relative to, in hints; the process's folder by default. */
  readonly folder?: string;
  /** Refuses an input that holds the value of a secret: it would be in the trace. */
  readonly scrub?: Scrub | null;
}

/** Values in parameter order, and the wire bytes of each. */
export interface Input {
  readonly values: readonly Value[];
  readonly slots: readonly Uint8Array[];
}

/** A parameter with a wire form. */
export type InputParam = Pick<ProgramParam, "name" | "type">;

/** Reads and checks the input. E_INPUT_JSON, E_INPUT_TYPE with the path, E_DECODE, E_IO. */
export function readInput(
  params: readonly InputParam[],
  source: InputSource,
  rules: InputRules,
): Result<Input, Failure> {
  const values =
    source.bytesHex === undefined
      ? fromJson(params, source, rules)
      : fromBytes(params, source.bytesHex, source.scrub ?? null);
  if (!values.ok) return values;
  const broken = rules.check(params, values.value);
  if (broken !== null) {
    const json = source.bytesHex === undefined ? source.json : undefined;
    return err({ ...broken, subject: json === undefined ? "--input-bytes" : subjectOf(json) });
  }
  const slots: Uint8Array[] = [];
  for (const [i, param] of params.entries()) {
    const encoded = encodeValue(param.type, values.value[i] ?? null);
    if (!encoded.ok) return encoded;
    slots.push(encoded.value);
  }
  return ok({ values: values.value, slots });
}

function fromJson(
  params: readonly InputParam[],
  source: InputSource,
  rules: InputRules,
): Result<readonly Value[], Failure> {
  let node: JsonNode | null = null;
  if (source.json !== undefined) {
    const text = textOf(source.json, source.stdin);
    if (!text.ok) return text;
    const refused = refusedInput(source.scrub ?? null, text.value, subjectOf(source.json));
    if (refused !== null) return err(refused);
    const parsed = parseJson(text.value);
    if (!parsed.ok)
      return err({ ...parsed.error, subject: subjectOf(source.json), ...fileHint(source) });
    node = parsed.value;
  }
  const values = inputFromJson(params, node, { defaults: rules.defaultOf });
  if (values.ok) return values;
  if (source.json !== undefined)
    return err({
      ...values.error,
      subject: subjectOf(source.json),
      ...wrappedHint(params, node, values.error.path ?? "$"),
    });
  return err({ ...values.error, hint: "Give the input with --input JSON or --input @file." });
}

/** For the value of the only parameter inside an object or array of parameters. */
function wrappedHint(
  params: readonly InputParam[],
  node: JsonNode | null,
  path: string,
): { readonly hint?: string } {
  const [only, second] = params;
  if (only === undefined || second !== undefined || node === null) return {};
  // What is wrong further inside is wrong there.
  const isWrapped =
    node.kind === "object"
      ? node.entries.size === 1 && node.entries.has(only.name) && !mayHold(only)
      : node.kind === "array" && node.items.length === 1 && path === "$";
  if (!isWrapped) return {};
  return {
    hint: `'${only.name}' is the only parameter: the input is its value, nothing around it.`,
  };
}

/** Whether values of the parameter may have an entry of its own name. */
function mayHold({ name, type }: InputParam): boolean {
  if (typeof type === "string") return type === "json";
  return "record" in type ? type.record.fields.some(([field]) => field === name) : "map" in type;
}

function refusedInput(scrub: Scrub | null, text: string, subject: string): Failure | null {
  return refuseSecretText(scrub, { text, subject, phase: "decode" });
}

/** For the name of a file where JSON was expected. */
function fileHint({ json, folder }: InputSource): { readonly hint?: string } {
  if (json === undefined || json === "-" || json.startsWith("@")) return {};
  const path = folder === undefined ? resolve(json) : resolve(folder, json);
  return existsSync(path) ? { hint: `Write --input @${json} to read the file.` } : {};
}

function subjectOf(json: string): string {
  if (json === "-") return "standard input";
  return json.startsWith("@") ? json.slice(1) : "--input";
}

function textOf(json: string, stdin: InputSource["stdin"]): Result<string, Failure> {
  if (json === "-") {
    const text = stdin();
    return typeof text === "string" ? ok(text) : err(text);
  }
  if (!json.startsWith("@")) return ok(json);
  const path = json.slice(1);
  const bytes = readInputFile(path);
  return bytes.ok ? textOfBytes(bytes.value, path, "decode") : bytes;
}

function fromBytes(
  params: readonly InputParam[],
  hex: string,
  scrub: Scrub | null,
): Result<readonly Value[], Failure> {
  const refused = refusedInput(scrub, hex, "--input-bytes");
  if (refused !== null) return err(refused);
  const bytes = fromHex(hex);
  if (bytes === null) {
    const hint = "Write pairs of lower-case hexadecimal digits.";
    return err(
      failure("E_DECODE", "decode", "--input-bytes is not hexadecimal", {
        subject: "--input-bytes",
        hint,
      }),
    );
  }
  const type: TypeDescriptor = abiInputType(params.map((p) => p.type));
  const decoded = decodeValue(type, bytes, { subject: "--input-bytes" });
  if (!decoded.ok) return decoded;
  if (params.length === 0) return ok([]);
  const { value } = decoded;
  return ok(params.length > 1 && value instanceof Tuple ? value.items : [value]);
}
