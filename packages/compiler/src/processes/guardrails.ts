// Guardrails (language 12): `run` lets a value pass that matches the schema, `check` tells.

import type { CellDecl, Expr, ProcessDecl } from "@lumen/syntax";
import {
  CONFORMS,
  call,
  cell,
  nameAt,
  param,
  prelude,
  read,
  run,
  text,
  typeNamed,
} from "./tree.ts";

/** The value of a config line, or null. */
export function configOf(item: ProcessDecl, name: string): Expr | null {
  return item.configs.findLast((config) => config.name.text === name)?.value ?? null;
}

/** `run(v)` and `check(v)`; without a schema every value passes. */
export function guardrailCells(item: ProcessDecl): readonly CellDecl[] {
  const { span } = item.name;
  const schema = configOf(item, "schema");
  const value = read("value", span);
  const yes: Expr = { kind: "bool", value: true, span };
  const test = schema === null ? yes : call(read(CONFORMS, schema.span), [value, schema], span);
  const shown = schema?.kind === "name" ? schema.name : "schema";
  const pass = prelude("guardrail_run", [test, value, text(shown, span)], span);
  const parameter = param(nameAt("value", span));
  return [
    cell(nameAt("run", span), [parameter], typeNamed("Any", span), [run(pass)]),
    cell(nameAt("check", span), [parameter], typeNamed("Bool", span), [run(test)]),
  ];
}
