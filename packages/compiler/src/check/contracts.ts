// Contracts and hints (language 19.7): typed like any expression, kept for a solver, never run.

import type { Attribute, AttributeArg, Expr } from "@lumen/syntax";
import type { HirContract, HirExpr, HirParam } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import type { CellSymbol } from "../resolve/scope.ts";
import { didYouMean } from "../resolve/scope.ts";
import { INT, optionOf } from "../types/simple-types.ts";
import {
  addLocal,
  type CellContext,
  complain,
  finishLocals,
  inBlock,
  lookupLocal,
  makeContext,
  type Session,
  topOf,
} from "./context.ts";
import { convert } from "./convert.ts";
import { asCondition } from "./operators.ts";
import { checkExpr } from "./recursion.ts";

/** Contracts of a cell, over its parameters and, in `@ensures`, `result`. */
export function cellContracts(
  session: Session,
  symbol: CellSymbol,
  params: readonly HirParam[],
  result: Type,
): Contracted {
  const written = symbol.decl.attributes.filter((a) => CONTRACTS.includes(a.name.text));
  const { span } = symbol.decl;
  const contracts = written.flatMap((attribute): readonly HirContract[] => {
    const c = makeContext({
      session,
      scope: symbol.scope,
      name: `${symbol.ref.name}$contract`,
      kind: "hidden",
      generics: new Set(symbol.generics),
      result: null,
      parent: null,
      symbol,
    });
    for (const p of params) addLocal(c, p.name, p.type, span);
    if (attribute.name.text === "ensures") addLocal(c, "result", result, span);
    if (attribute.name.text === "invariant") {
      complain(c, "E0300", attribute.span, "`@invariant` belongs to a loop", {
        help: "Use `@requires` or `@ensures` for a cell.",
      });
      return [];
    }
    const value = checkContract(c, attribute);
    return value === null ? [] : [{ ...value, locals: finishLocals(c, optionOf) }];
  });
  return contracts.length === 0 ? {} : { contracts };
}

/** A cell or loop has the field only where something is written. */
export interface Contracted {
  readonly contracts?: readonly HirContract[];
}

const CONTRACTS: readonly string[] = ["requires", "ensures", "decreases", "invariant", "hint"];
const LOOP_CONTRACTS: readonly string[] = ["invariant", "decreases", "hint"];

/** Contracts of a loop, over the variables of its cell; the cell itself is left as it was. */
export function loopContracts(c: CellContext, attributes: readonly Attribute[]): Contracted {
  const contracts = attributes.flatMap((attribute): readonly HirContract[] => {
    const name = attribute.name.text;
    if (!CONTRACTS.includes(name)) return [];
    if (!LOOP_CONTRACTS.includes(name)) {
      complain(c, "E0300", attribute.span, `\`@${name}\` belongs to a cell`, {
        help: "Use `@invariant` or `@decreases` for a loop.",
      });
      return [];
    }
    const value = withoutTrace(c, () => checkContract(c, attribute));
    return value === null ? [] : [{ ...value, locals: [] }];
  });
  return contracts.length === 0 ? {} : { contracts };
}

/** Before another statement only hints have a meaning. */
export function statementHints(c: CellContext, attributes: readonly Attribute[]): void {
  for (const attribute of attributes) {
    const name = attribute.name.text;
    if (name === "hint") withoutTrace(c, () => checkContract(c, attribute));
    else if (CONTRACTS.includes(name))
      complain(c, "E0300", attribute.span, `\`@${name}\` belongs to a loop or a cell`, {
        help: "Move it before a loop or a cell.",
      });
  }
}

/** A contract is not run: it neither performs effects nor makes cells. */
function withoutTrace<T>(c: CellContext, check: () => T): T {
  const top = topOf(c);
  const before = { causes: c.causes.length, hidden: c.hidden.length, ...top.counters };
  const result = inBlock(c, check);
  c.causes.length = before.causes;
  c.hidden.length = before.hidden;
  top.counters.lambdas = before.lambdas;
  top.counters.comptimes = before.comptimes;
  return result;
}

type Unplaced = Omit<HirContract, "locals">;

function checkContract(c: CellContext, attribute: Attribute): Unplaced | null {
  const { span } = attribute;
  switch (attribute.name.text) {
    case "requires":
    case "ensures":
    case "invariant": {
      const e = onlyArgument(c, attribute);
      const value = e === null ? null : condition(c, e);
      return value === null ? null : { kind: attribute.name.text, value, span };
    }
    case "decreases": {
      const e = onlyArgument(c, attribute);
      if (e === null) return null;
      const value = convert(c, checkExpr(c, e, INT), INT, "@decreases");
      return { kind: "decreases", value, span };
    }
    default:
      return checkHint(c, attribute);
  }
}

function condition(c: CellContext, e: Expr): HirExpr {
  return asCondition(c, checkExpr(c, e, { kind: "bool" }));
}

function onlyArgument(c: CellContext, { name, args, span }: Attribute): Expr | null {
  const [arg, more] = args;
  if (arg !== undefined && more === undefined && arg.name === null) return arg.value;
  complain(c, "E0203", span, `@${name.text} takes one expression, got ${args.length} arguments`);
  return null;
}

const HINTS: readonly string[] = ["induction", "unfold", "depth", "lemma", "assume"];

/** `@hint("text")`, `(induction: n)`, `(unfold: f, depth: 2)`, `(lemma: f)`, `(assume: e)`. */
function checkHint(c: CellContext, attribute: Attribute): Unplaced {
  let value: HirExpr | null = null;
  const names: string[] = [];
  for (const arg of attribute.args) {
    const name = arg.name?.text ?? null;
    if (name === null) checkText(c, arg);
    else if (!HINTS.includes(name)) {
      const message = `unknown hint '${name}'${didYouMean(name, HINTS)}`;
      complain(c, "E0203", arg.name?.span ?? arg.value.span, message, {
        expected: HINTS.join(", "),
        found: name,
      });
    } else if (name === "assume") value = condition(c, arg.value);
    else if (name === "induction") checkVariable(c, arg);
    else if (name === "depth") checkDepth(c, arg);
    else checkCellName(c, arg);
    if (name !== null) names.push(name);
  }
  if (names.includes("depth") && !names.includes("unfold"))
    complain(c, "E0203", attribute.span, "a hint has a `depth` only with `unfold`");
  return { kind: "hint", value, span: attribute.span };
}

function checkText(c: CellContext, { value }: AttributeArg): void {
  if (value.kind === "string") return;
  complain(c, "E0203", value.span, "a hint is a text or has a name", {
    expected: `"text", ${HINTS.join(", ")}`,
  });
}

function checkDepth(c: CellContext, { value }: AttributeArg): void {
  if (value.kind !== "int" || value.value < 1n)
    complain(c, "E0203", value.span, "the depth of a hint is an integer literal of at least 1");
}

function checkVariable(c: CellContext, { value }: AttributeArg): void {
  const name = value.kind === "name" ? value.name : "";
  if (lookupLocal(c, name) !== null) return;
  complain(c, "E0201", value.span, `undefined variable '${name}' in a hint`);
}

function checkCellName(c: CellContext, { value }: AttributeArg): void {
  const name = value.kind === "name" ? value.name : "";
  if (c.scope.cells.has(name)) return;
  const near = didYouMean(name, c.scope.cells.keys());
  complain(c, "E0102", value.span, `unknown cell '${name}' in a hint${near}`);
}
