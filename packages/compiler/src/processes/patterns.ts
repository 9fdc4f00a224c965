// Patterns (language 12): `run(s)` matches a string against literal parts and captures.

import type { CellDecl, Expr, ProcessDecl } from "@lumen/syntax";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { configOf } from "./guardrails.ts";
import { cell, list, nameAt, param, prelude, read, run, text, typeNamed } from "./tree.ts";

/** `run(s)`: the captures by name, or null. */
export function patternCells(scope: ModuleScope, item: ProcessDecl): readonly CellDecl[] {
  const { span } = item.name;
  const written = configOf(item, "pattern");
  if (written !== null && written.kind !== "string" && written.kind !== "interpolation") {
    report(scope, "E0200", written.span, "type mismatch in 'pattern': expected a string literal", {
      expected: 'pattern: "literal {capture} …"',
    });
  }
  const { literals, names } = partsOf(written);
  const matched = prelude(
    "pattern_run",
    [
      read("value", span),
      list(
        literals.map((l) => text(l, span)),
        span,
      ),
      list(
        names.map((n) => text(n, span)),
        span,
      ),
    ],
    span,
  );
  const parameter = param(nameAt("value", span), typeNamed("String", span));
  return [cell(nameAt("run", span), [parameter], typeNamed("Any", span), [run(matched)])];
}

/** Literal parts around captures: one more than there are captures. */
function partsOf(pattern: Expr | null): {
  readonly literals: readonly string[];
  readonly names: readonly string[];
} {
  if (pattern?.kind === "string") return { literals: [pattern.value], names: [] };
  if (pattern?.kind !== "interpolation") return { literals: [""], names: [] };
  const literals = [""];
  const names: string[] = [];
  for (const part of pattern.parts) {
    if (part.kind === "text") literals.push(`${literals.pop() ?? ""}${part.value}`);
    else {
      names.push(part.value.kind === "name" ? part.value.name : `${names.length}`);
      literals.push("");
    }
  }
  return { literals, names };
}
