// Input rules of a compiled program: defaults and constraints are computed by its own cells.

import { type Failure, failure } from "@lumen/core/diagnostic";
import type { Program, ProgramCell } from "@lumen/core/program";
import { ok, type Result } from "@lumen/core/result";
import {
  debugValue,
  isList,
  listItems,
  MapValue,
  mapEntries,
  RecordValue,
  recordField,
  recordFields,
  SetValue,
  setItems,
  Tuple,
  type Value,
  VariantValue,
  variantParts,
} from "@lumen/core/value";
import { type LinkedProgram, linkProgram, runPure } from "@lumen/vm";
import type { InputRules } from "./input-rules.ts";

/** The rules of a program; E_LIR_INVALID where it cannot be linked. */
export function programRules(program: Program): Result<InputRules, Failure> {
  const linked = linkProgram(program.modules);
  if (!linked.ok) return linked;
  const checks = new Map(
    program.recordChecks.map((c): [string, ProgramCell] => [c.record, c.cell]),
  );
  return ok({
    defaultOf: (record, field, previous) => {
      const found = program.fieldDefaults.find(
        (d) => d.record === plainName(record) && d.field === field,
      );
      if (found === undefined) return undefined;
      const run = runPure(linked.value, found.cell, previous);
      return run.ok ? run.value : undefined;
    },
    check: (params, values) => {
      for (const [i, param] of params.entries()) {
        const path = params.length === 1 ? "$" : `$.${param.name}`;
        const broken = firstBroken(values[i] ?? null, path, checks, linked.value);
        if (broken !== null) return broken;
      }
      return null;
    },
  });
}

/** The record's name without the arguments of a generic instance. */
function plainName(record: string): string {
  const bracket = record.indexOf("[");
  return bracket < 0 ? record : record.slice(0, bracket);
}

/** Depth first, innermost records before those that hold them. */
function firstBroken(
  value: Value,
  path: string,
  checks: ReadonlyMap<string, ProgramCell>,
  linked: LinkedProgram,
): Failure | null {
  for (const [part, step] of partsOf(value)) {
    const broken = firstBroken(part, path + step, checks, linked);
    if (broken !== null) return broken;
  }
  if (!(value instanceof RecordValue)) return null;
  const check = checks.get(plainName(value.shape.name));
  if (check === undefined) return null;
  const run = runPure(linked, check, recordFields(value));
  if (run.ok) return null;
  const reason = run.fault.message.replace(/^runtime error: /, "");
  const field = /field '([^']+)'/.exec(reason)?.[1];
  const constraint = /: (expected .*)$/.exec(reason)?.[1] ?? reason;
  const at = field === undefined ? path : `${path}.${field}`;
  const index = field === undefined ? -1 : value.shape.fields.indexOf(field);
  const found = shorten(debugValue(index < 0 ? value : recordField(value, index)));
  return failure(
    "E_INPUT_TYPE",
    "decode",
    `${at}: ${constraint} by the \`where\` of ${value.shape.name}, found ${found}`,
    {
      path: at,
      details: {
        expected: constraint.replace(/^expected /, ""),
        found,
      },
    },
  );
}

/** Longest text of a value within a message. */
const SHOWN_MAX = 40;

function shorten(text: string): string {
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}

function partsOf(value: Value): readonly (readonly [Value, string])[] {
  if (isList(value)) return listItems(value).map((item, i) => [item, `[${i}]`] as const);
  if (value instanceof Tuple) return value.items.map((item, i) => [item, `[${i}]`] as const);
  if (value instanceof RecordValue) {
    return recordFields(value).map((item, i) => [item, `.${value.shape.fields[i]}`] as const);
  }
  if (value instanceof VariantValue) return variantParts(value).map((item) => [item, ""] as const);
  if (value instanceof MapValue)
    return mapEntries(value).map((e) => [e.value, `[${String(e.key)}]`] as const);
  if (value instanceof SetValue) return setItems(value).map((item, i) => [item, `[${i}]`] as const);
  return [];
}
