// Reads `@tile(…)` and `@sequence(…)` (language 21.1, 21.3): kind and arguments, not the cell's
// form.

import type { Attribute, AttributeArg, CellDecl } from "@lumen/syntax";
import type { HirSequence, HirTile } from "../hir/hir.ts";
import { type ModuleScope, report } from "../resolve/scope.ts";

const TILE_NUMBERS = ["estimated_cycles", "max_memory", "max_iterations"] as const;

/** The tile that a cell declares, or null. E0800 to E0802 are reported here. */
export function readTile(scope: ModuleScope, decl: CellDecl): HirTile | null {
  const attribute = decl.attributes.find((a) => a.name.text === "tile");
  if (attribute === undefined) return null;
  const kind = readKind(scope, attribute);
  if (kind === null) return null;
  const named = readNamed(scope, attribute, attribute.args.slice(1), [
    "description",
    ...TILE_NUMBERS.filter((n) => n !== "max_iterations" || kind === "recur"),
  ]);
  const number = (name: (typeof TILE_NUMBERS)[number], least: number): number | null =>
    readNumber(scope, named.get(name), name, least);
  return {
    id: decl.name.text,
    kind,
    description: readText(scope, named.get("description")) ?? decl.doc,
    estimatedCycles: number("estimated_cycles", 0),
    maxMemory: number("max_memory", 0),
    maxIterations: number("max_iterations", 1),
    span: decl.name.span,
  };
}

/** The sequence that a cell declares, or null. */
export function readSequence(scope: ModuleScope, decl: CellDecl): HirSequence | null {
  const attribute = decl.attributes.find((a) => a.name.text === "sequence");
  if (attribute === undefined) return null;
  const named = readNamed(scope, attribute, attribute.args, ["description"]);
  return {
    id: decl.name.text,
    description: readText(scope, named.get("description")) ?? decl.doc,
    span: decl.name.span,
  };
}

function readKind(scope: ModuleScope, attribute: Attribute): "iter" | "recur" | null {
  const first = attribute.args[0];
  if (first === undefined || first.name !== null) {
    report(scope, "E0800", attribute.span, "a tile needs its kind first", {
      expected: "@tile(iter) or @tile(recur)",
      found: first === undefined ? "@tile" : `${first.name?.text}: …`,
    });
    return null;
  }
  const word = first.value.kind === "name" ? first.value.name : null;
  if (word === "iter" || word === "recur") return word;
  const found = word ?? "an expression";
  report(
    scope,
    "E0801",
    first.value.span,
    `unknown tile kind: expected iter or recur, found ${found}`,
    {
      expected: "iter or recur",
      found,
    },
  );
  return null;
}

function readNamed(
  scope: ModuleScope,
  attribute: Attribute,
  args: readonly AttributeArg[],
  known: readonly string[],
): ReadonlyMap<string, AttributeArg> {
  const named = new Map<string, AttributeArg>();
  for (const arg of args) {
    const name = arg.name?.text ?? null;
    const list = known.join(", ");
    if (name === null) {
      report(
        scope,
        "E0802",
        arg.value.span,
        `@${attribute.name.text} takes named arguments here: ${list}`,
      );
    } else if (!known.includes(name)) {
      report(scope, "E0802", arg.value.span, `unknown argument '${name}'; known are ${list}`);
    } else if (named.has(name)) {
      report(scope, "E0802", arg.value.span, `argument '${name}' is given twice`);
    } else named.set(name, arg);
  }
  return named;
}

function readText(scope: ModuleScope, arg: AttributeArg | undefined): string | null {
  if (arg === undefined) return null;
  if (arg.value.kind === "string") return arg.value.value;
  report(scope, "E0802", arg.value.span, "the description is a string literal");
  return null;
}

function readNumber(
  scope: ModuleScope,
  arg: AttributeArg | undefined,
  name: string,
  least: number,
): number | null {
  if (arg === undefined) return null;
  const value = arg.value;
  if (value.kind === "int" && value.value >= BigInt(least) && value.value <= 2n ** 53n - 1n) {
    return Number(value.value);
  }
  report(scope, "E0802", value.span, `${name} is an integer literal of at least ${least}`);
  return null;
}
