// Typing of expressions: the dispatcher, literals, names and strings. Calls, access, control flow,
// operators and lambdas are siblings.

import { builtinByName } from "@lumen/core/builtins";
import type { Span } from "@lumen/core/diagnostic";
import type { Expr, ListItem, Pattern } from "@lumen/syntax";
import type { HirExpr, HirItem, HirMapItem } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { deprecationOf, noteUse } from "../maturity/deprecation.ts";
import { BUILTIN_TYPE_NAMES } from "../resolve/resolve-type.ts";
import { type ConstSymbol, plainName, suggest } from "../resolve/scope.ts";
import { standardHome } from "../resolve/standard-modules.ts";
import { elementType } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import {
  ANY,
  BOOL,
  BYTES,
  FLOAT,
  INT,
  JSON_TYPE,
  listOf,
  NULL,
  STRING,
} from "../types/simple-types.ts";
import { excessOf, LARGE_TYPE_HELP } from "../types/type-size.ts";
import { checkAs, checkComponent, checkField, checkIndex, checkIs, checkRange } from "./access.ts";
import { checkAssertMatches } from "./assert-matches.ts";
import { checkAwaitBlock, checkAwaitFor } from "./await-blocks.ts";
import {
  constant,
  displayed,
  errorExpr,
  haltWith,
  iteratedType,
  temporary,
  visibleNames,
} from "./build.ts";
import { builtinAsValue } from "./builtin-calls.ts";
import { cellAsValue, checkCall, checkPipe } from "./calls.ts";
import { checkComptime } from "./comptime.ts";
import { constantOf } from "./constants.ts";
import { constructVariant } from "./construct.ts";
import { type CellContext, complain, localState, lookupLocal, readLocal } from "./context.ts";
import {
  checkComprehension,
  checkDo,
  checkFor,
  checkIf,
  checkLoop,
  checkMatch,
  checkWhen,
  checkWhile,
} from "./control.ts";
import { convert } from "./convert.ts";
import { checkHandle, checkPerform, checkResume } from "./effects.ts";
import { checkStraySpread } from "./exits.ts";
import { checkCompose, checkLambda } from "./lambdas.ts";
import { localCellAsValue } from "./local-cells.ts";
import { checkNullChain } from "./null-chains.ts";
import { checkBinary, checkChain, checkUnary } from "./operators.ts";
import { checkExpect, checkExpr } from "./recursion.ts";
import { checkPropagate, checkTry, checkUnwrap } from "./results.ts";
import { checkExpectSchema } from "./schemas.ts";
import { checkOffer } from "./sessions.ts";
import { checkAwait, checkNursery } from "./tasks.ts";
import { checkCheckpoint, checkRole } from "./tools.ts";
import { unresolved } from "./unresolved.ts";

/** Types an expression of any kind: the rule behind `checkExpr`. A type too large is E0016. */
export function checkExpression(c: CellContext, e: Expr, expected: Type | null): HirExpr {
  const checked = checkForm(c, e, expected);
  const excess = excessOf(checked.type);
  if (excess === null) return checked;
  complain(c, "E0016", e.span, excess, { help: LARGE_TYPE_HELP });
  return errorExpr(e.span);
}

function checkForm(c: CellContext, e: Expr, expected: Type | null): HirExpr {
  switch (e.kind) {
    case "null":
      return constant({ kind: "null" }, NULL, e.span);
    case "bool":
      return constant({ kind: "bool", value: e.value }, BOOL, e.span);
    case "int":
      return constant({ kind: "int", value: e.value }, INT, e.span);
    case "float":
      return constant({ kind: "float", value: e.value }, FLOAT, e.span);
    case "string":
      return constant({ kind: "string", value: e.value }, STRING, e.span);
    case "bytes":
      return constant({ kind: "bytes", value: e.value }, BYTES, e.span);
    case "interpolation":
      return checkInterpolation(c, e);
    case "name":
      return checkName(c, e.name, e.span, expected);
    case "list":
      return checkList(c, e.items, e.span, expected);
    case "set":
      return checkSet(c, e.items, e.span, expected);
    case "tuple":
      return checkTuple(c, e, expected);
    case "map":
      return checkMap(c, e, expected);
    default:
      return checkCompound(c, e, expected);
  }
}

type Leaf =
  | "null"
  | "bool"
  | "int"
  | "float"
  | "string"
  | "bytes"
  | "interpolation"
  | "name"
  | "list"
  | "set"
  | "tuple"
  | "map";

function checkCompound(
  c: CellContext,
  e: Exclude<Expr, { kind: Leaf }>,
  expected: Type | null,
): HirExpr {
  switch (e.kind) {
    case "unary":
      return checkUnary(c, e);
    case "binary":
      return checkBinary(c, e, expected);
    case "chain":
      return checkChain(c, e, (value) => temporary(c, value));
    case "range":
      return checkRange(c, e);
    case "is":
      return checkIs(c, e);
    case "as":
      return checkAs(c, e);
    case "expectSchema":
      return checkExpectSchema(c, e);
    case "pipe":
      return checkPipe(c, e, expected);
    case "compose":
      return checkCompose(c, e);
    case "call":
      return checkNullChain(c, e, expected) ?? checkCall(c, e, expected);
    case "field":
      return checkNullChain(c, e, expected) ?? checkField(c, e);
    case "component":
      return checkNullChain(c, e, expected) ?? checkComponent(c, e);
    case "index":
      return checkNullChain(c, e, expected) ?? checkIndex(c, e);
    case "propagate":
      return checkPropagate(c, e);
    case "unwrap":
      return checkUnwrap(c, e);
    case "try":
      return checkTry(c, e, expected);
    case "lambda":
      return checkLambda(c, e, expected);
    case "comptime":
      return checkComptime(c, e, expected);
    default:
      return checkSuspending(c, e, expected);
  }
}

type SuspendingKind =
  | "await"
  | "awaitBlock"
  | "awaitFor"
  | "nursery"
  | "perform"
  | "handle"
  | "resume"
  | "checkpoint"
  | "role"
  | "spread"
  | "offer"
  | "assertMatches";

/** What talks to handlers, tasks, tools or the door. */
function checkSuspending(
  c: CellContext,
  e: Extract<Expr, { kind: ControlKind | SuspendingKind }>,
  expected: Type | null,
): HirExpr {
  switch (e.kind) {
    case "await":
      return checkAwait(c, e);
    case "awaitBlock":
      return checkAwaitBlock(c, e);
    case "awaitFor":
      return checkAwaitFor(c, e);
    case "nursery":
      return checkNursery(c, e, expected);
    case "perform":
      return checkPerform(c, e);
    case "handle":
      return checkHandle(c, e, expected);
    case "resume":
      return checkResume(c, e);
    case "checkpoint":
      return checkCheckpoint(c, e);
    case "role":
      return checkRole(c, e);
    case "spread":
      return checkStraySpread(c, e);
    case "offer":
      return checkOffer(c, e, { wanted: true, expected });
    case "assertMatches":
      return checkAssertMatches(c, e);
    default:
      return checkControl(c, e, expected);
  }
}

type ControlKind =
  | "if"
  | "match"
  | "when"
  | "for"
  | "while"
  | "loop"
  | "do"
  | "halt"
  | "comprehension"
  | "error";

function checkControl(
  c: CellContext,
  e: Extract<Expr, { kind: ControlKind }>,
  expected: Type | null,
): HirExpr {
  switch (e.kind) {
    case "comprehension":
      return checkComprehension(c, e, expected);
    case "if":
      return checkIf(c, e, { wanted: true, expected });
    case "match":
      return checkMatch(c, e, { wanted: true, expected });
    case "when":
      return checkWhen(c, e, { wanted: true, expected });
    case "for":
      return checkFor(c, e, { wanted: true, expected });
    case "while":
      return checkWhile(c, e);
    case "loop":
      return checkLoop(c, e, { wanted: true, expected });
    case "do":
      return checkDo(c, e, { wanted: true, expected });
    case "halt":
      return haltWith(checkExpr(c, e.value, STRING), e.span);
    case "error":
      return errorExpr(e.span);
  }
}

function checkInterpolation(c: CellContext, e: Expr & { kind: "interpolation" }): HirExpr {
  const parts = e.parts.map((part): HirExpr => {
    if (part.kind === "text")
      return constant({ kind: "string", value: part.value }, STRING, e.span);
    const value = checkExpr(c, part.value, null);
    if (part.format === null) return displayed(value);
    checkFormat(c, value.type, part.format.type, part.format.span);
    return { kind: "format", value, spec: part.format.text, type: STRING, span: part.value.span };
  });
  return { kind: "concat", parts, type: STRING, span: e.span };
}

function checkFormat(c: CellContext, type: Type, letter: string | null, span: Span): void {
  if (
    letter === null ||
    letter === "s" ||
    ["any", "json", "error", "union", "param"].includes(type.kind)
  )
    return;
  const wanted = "feE".includes(letter) ? ["int", "float"] : ["int"];
  if (wanted.includes(type.kind)) return;
  const found = renderType(type);
  const expected = wanted.length === 2 ? "Int or Float" : "Int";
  complain(
    c,
    "E0200",
    span,
    `type mismatch in the format '${letter}': expected ${expected}, got ${found}`,
    {
      expected,
      found,
      help: "Use a format type that fits the value, or none.",
    },
  );
}

function checkName(c: CellContext, name: string, span: Span, expected: Type | null): HirExpr {
  const local = lookupLocal(c, name);
  if (local !== null) {
    const own = localState(c, local).cell;
    return own === null ? readLocal(c, local, span) : localCellAsValue(c, own, name, span);
  }
  const constantSymbol = c.scope.consts.get(name);
  const known = constantOf(c, plainName(name), constantSymbol, span);
  if (known !== null) {
    noteConstUse(c, constantSymbol, span);
    return known;
  }
  const variant = constructVariant(c, name, null, span, expected);
  if (variant !== null) return variant;
  const cell = c.scope.cells.get(name);
  if (cell !== undefined) return cellAsValue(c, cell, span);
  const shown = plainName(name);
  const builtin = builtinByName(shown);
  if (builtin !== undefined) return builtinAsValue(c, builtin, span, expected);
  if (c.kind === "sequence" && isBoundLater(c, name)) {
    complain(c, "E0812", span, `'${name}' is used before its item`);
    return errorExpr(span);
  }
  if (c.scope.tools.has(shown)) {
    complain(c, "E0201", span, `tool '${shown}' is no value`, {
      help: `Call it, or give a function that does: \`fn(x) => ${shown}(x: x)\`.`,
    });
    return errorExpr(span);
  }
  const types = /^[A-Z]/.test(shown) ? c.scope.types.keys() : [];
  const visible = [...visibleNames(c), ...WORDS, ...types];
  const home = standardHome(shown);
  const near = home === null ? suggest(shown, visible) : null;
  // Names in lower case are more likely variables that were forgotten.
  const isType =
    /^[A-Z]/.test(shown) && (c.scope.types.has(name) || BUILTIN_TYPE_NAMES.includes(shown));
  return unresolved(c, span, {
    code: "E0201",
    message: isType
      ? `expected a value, found the type '${shown}'`
      : `undefined variable '${shown}'${near === null ? "" : `; did you mean '${near}'?`}`,
    help: isType
      ? "A type stands behind `:` and `->`."
      : scriptBinds(c, name)
        ? "It is a variable of the script: pass it as an argument, or make it a `const`."
        : home !== null
          ? `The standard library has one: \`import ${home}: ${shown}\`.`
          : near === null
            ? "Declare it with `let`, or correct its name."
            : `Write '${near}', or declare '${shown}' with \`let\`.`,
    fault: `runtime error: undefined variable '${shown}'`,
    name: shown,
    known: home === null ? visible : [],
  });
}

/** Values with a word of their own. */
const WORDS: readonly string[] = ["null", "true", "false", "self"];

/** True for a variable of the top level, which cells do not see (language 1, scripts). */
function scriptBinds(c: CellContext, name: string): boolean {
  return c.scope.script.some(
    (s) => s.kind === "let" && s.pattern.kind === "name" && s.pattern.name === name,
  );
}

function noteConstUse(c: CellContext, symbol: ConstSymbol | undefined, span: Span): void {
  if (symbol === undefined) return;
  const { attributes, name } = symbol.decl;
  noteUse(c.scope, deprecationOf(attributes), `constant '${name.text}'`, span);
}

/** True when a later `let` of the sequence binds the name. */
function isBoundLater(c: CellContext, name: string): boolean {
  const body = c.scope.cells.get(c.name)?.decl.body;
  if (body?.kind !== "block") return false;
  const binds = (p: Pattern): boolean =>
    (p.kind === "name" && p.name === name) || (p.kind === "tuple" && p.items.some(binds));
  return body.block.statements.some((s) => s.kind === "let" && binds(s.pattern));
}

/** Elements of a list or set literal, and the type that they have in common. */
function checkItems(
  c: CellContext,
  items: readonly ListItem[],
  hint: Type | null,
): { readonly items: HirItem[]; readonly item: Type } {
  const checked = items.map((item): HirItem => {
    const spreadHint = hint === null ? null : listOf(hint);
    return {
      spread: item.spread,
      value: checkExpr(c, item.value, item.spread ? spreadHint : hint),
    };
  });
  const types = checked.map((item) =>
    item.spread ? iteratedType(c, item.value) : item.value.type,
  );
  return { items: checked, item: hint ?? elementType(types) };
}

function checkList(
  c: CellContext,
  items: readonly ListItem[],
  span: Span,
  expected: Type | null,
): HirExpr {
  const hint = itemHint(expected, "list");
  const checked = checkItems(c, items, hint);
  const fitted = checked.items.map((i) =>
    i.spread ? i : { ...i, value: convert(c, i.value, checked.item, "list element") },
  );
  return { kind: "list", items: fitted, type: listOf(checked.item), span };
}

function checkSet(
  c: CellContext,
  items: readonly ListItem[],
  span: Span,
  expected: Type | null,
): HirExpr {
  const checked = checkItems(c, items, itemHint(expected, "set"));
  const fitted = checked.items.map((i) =>
    i.spread ? i : { ...i, value: convert(c, i.value, checked.item, "set element") },
  );
  return { kind: "set", items: fitted, type: { kind: "set", item: checked.item }, span };
}

/** The element type that an expected type gives; Json lists hold Json. */
function itemHint(expected: Type | null, kind: "list" | "set"): Type | null {
  if (expected === null) return null;
  if (expected.kind === "option") return itemHint(expected.item, kind);
  if (expected.kind === "result") return itemHint(expected.ok, kind);
  if (expected.kind === kind) return known(expected.item);
  return expected.kind === "json" && kind === "list" ? JSON_TYPE : null;
}

/** A hint, unless it is one that is not solved yet. */
function known(type: Type): Type | null {
  return type.kind === "error" ? null : type;
}

function checkTuple(c: CellContext, e: Expr & { kind: "tuple" }, expected: Type | null): HirExpr {
  const shape =
    expected?.kind === "result"
      ? expected.ok
      : expected?.kind === "option"
        ? expected.item
        : expected;
  const hints =
    shape?.kind === "tuple" && shape.items.length === e.items.length ? shape.items : null;
  const items = e.items.map((item, i) => {
    const hint = hints?.[i];
    return hint === undefined || hint.kind === "error"
      ? checkExpr(c, item, null)
      : checkExpect(c, item, hint, "tuple component");
  });
  return {
    kind: "tuple",
    items,
    type: { kind: "tuple", items: items.map((i) => i.type) },
    span: e.span,
  };
}

function checkMap(c: CellContext, e: Expr & { kind: "map" }, expected: Type | null): HirExpr {
  const shape = expected?.kind === "option" ? expected.item : expected;
  if (e.entries.length === 0 && shape?.kind === "set") {
    return { kind: "set", items: [], type: shape, span: e.span };
  }
  const hint =
    shape?.kind === "map"
      ? shape
      : shape?.kind === "json"
        ? ({ kind: "map", key: STRING, value: JSON_TYPE } as const)
        : null;
  const entries = e.entries.map((entry, i): HirMapItem => {
    if (entry.kind === "spread") return { key: checkExpr(c, entry.value, hint), value: null };
    return {
      key: checkKey(c, entry.key, entry.keyInParens, i === 0, hint?.key ?? null),
      value: checkExpr(c, entry.value, hint === null ? null : known(hint.value)),
    };
  });
  const keyTypes = entries.map((x) => (x.value === null ? mapPart(x.key.type, "key") : x.key.type));
  const valueTypes = entries.map((x) =>
    x.value === null ? mapPart(x.key.type, "value") : x.value.type,
  );
  const key = hint === null ? elementType(keyTypes) : (known(hint.key) ?? elementType(keyTypes));
  const value =
    hint === null ? elementType(valueTypes) : (known(hint.value) ?? elementType(valueTypes));
  const type: Type = { kind: "map", key, value };
  const fitted = entries.map((x) =>
    x.value === null
      ? x
      : { key: convert(c, x.key, key, "map key"), value: convert(c, x.value, value, "map value") },
  );
  return { kind: "map", entries: fitted, type, span: e.span };
}

function mapPart(type: Type, part: "key" | "value"): Type {
  return type.kind === "map" ? type[part] : ANY;
}

/**
 * Rule 1 of section 3: a bare name is a string key, in the first entry only where no variable has
 * it.
 */
function checkKey(
  c: CellContext,
  key: Expr,
  inParens: boolean,
  first: boolean,
  hint: Type | null,
): HirExpr {
  if (key.kind === "name" && !inParens && (!first || lookupLocal(c, key.name) === null)) {
    return constant({ kind: "string", value: key.name }, STRING, key.span);
  }
  return checkExpr(c, key, hint === null ? null : known(hint));
}
