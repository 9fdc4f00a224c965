// `policy.json` of a program file (spec/formats.md 10.3): what the program says about its own
// requests, for the door of whoever runs it.

import { jsonList, jsonRecord, jsonString, jsonUint } from "../commit/json-form.ts";
import type { Failure } from "../diagnostic/failure.ts";
import { stringifyDocument } from "../encoding/index.ts";
import { ok, type Result } from "../result/result.ts";
import { type DocumentSource, openDocument, readFields } from "./document.ts";
import { jsonToolTable, type ToolEntry } from "./tool-entry.ts";

const VERSION = "1.0";

/** A limit of uses (language 10.4). A use is a request that is one of these. */
export interface Budget {
  /** As the fault tells it: the effect in lower case, or the alias of the tool. */
  readonly name: string;
  /** Uses that are allowed, from 0. */
  readonly limit: number;
  /** Effects of which every request counts, in lower case; ascending. */
  readonly effects: readonly string[];
  /** Operations that count, named as in Request records (15.4); ascending. */
  readonly operations: readonly string[];
}

/** What a program says about its requests. */
export interface ProgramPolicy {
  /** Ascending by name. */
  readonly budgets: readonly Budget[];
  /** Ascending by reference. */
  readonly tools: readonly ToolEntry[];
}

/** A program that says nothing about its requests. */
export const NO_POLICY: ProgramPolicy = { budgets: [], tools: [] };

/** Text of `policy.json`. */
export function writePolicy(policy: ProgramPolicy): string {
  return stringifyDocument(policyJson.write({ formatVersion: VERSION, ...policy }));
}

/** Reads `policy.json`: `E_MALFORMED`, `E_UNSUPPORTED_VERSION`. */
export function readPolicy(text: string, subject: string): Result<ProgramPolicy, Failure> {
  const source: DocumentSource = { format: "policy", subject };
  const doc = openDocument(text, source);
  if (!doc.ok) return doc;
  const fields = readFields(policyJson, doc.value, source);
  if (!fields.ok) return fields;
  const { formatVersion: _version, ...policy } = fields.value;
  return ok(policy);
}

const policyJson = jsonRecord<ProgramPolicy & { readonly formatVersion: string }>({
  formatVersion: jsonString,
  budgets: jsonList(
    jsonRecord<Budget>({
      name: jsonString,
      limit: jsonUint(Number.MAX_SAFE_INTEGER),
      effects: jsonList(jsonString),
      operations: jsonList(jsonString),
    }),
  ),
  tools: jsonToolTable(),
});
