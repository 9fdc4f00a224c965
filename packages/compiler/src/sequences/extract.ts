// From the typed body of a sequence to its items (language 21.3, formats 9): calls become items,
// other operands hidden tiles, branches and loops the blocks of CFS 1.1.

import type { ItemDocument, OutputDocument, SequenceDocument } from "@lumen/core/cfs";
import type { Span } from "@lumen/core/diagnostic";
import { encodeValue } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import { required } from "@lumen/core/result";
import { Float, intFromBigint, type Value } from "@lumen/core/value";
import type { HirCell, HirConst, HirExpr, HirPattern, HirStatement } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { someExpr } from "../hir/visit.ts";
import { branchOnBool, branchOnMatch } from "./branches.ts";
import {
  addItem,
  type Block,
  containsUnit,
  describeKind,
  descriptorOf,
  type ExtractHost,
  type Extraction,
  isFold,
  isUnitCall,
  operandOf,
  refuse,
  runStatements,
} from "./extraction.ts";
import { lift } from "./lift.ts";
import { fold, forEach } from "./loops.ts";
import { bindingOf, type Operand, outputsOf } from "./operand.ts";

/** A sequence's schema and the hidden tiles that its operands became. */
export interface Extracted {
  readonly sequence: SequenceDocument;
  readonly lifted: readonly HirCell[];
}

/** Extracts a sequence; E0809 and E0810 are reported at the statement. Null where something was. */
export function extractSequence(cell: HirCell, host: ExtractHost): Extracted | null {
  const x: Extraction = {
    host,
    cell,
    lifted: [],
    values: new Map(),
    counters: { branches: 0, loops: 0 },
    failed: false,
    rules: { operand: operandFor, statements: statementsOf, body: sequenceBody },
  };
  refuseEarlyExits(x, cell.body);
  cell.params.forEach((param, index) => {
    x.values.set(param.local, { kind: "parameter", index });
  });
  const block: Block = { items: [], place: { depth: 0, arms: 0, loops: 0 } };
  const output = sequenceBody(x, block, cell.body, cell.result);
  if (x.failed) return null;
  const sequence: SequenceDocument = {
    id: cell.name,
    input_sources: cell.params.map(() => ({ source: { type: "external" } })),
    items: block.items,
    input_types: cell.params.map((p) => descriptorOf(x, p.type, cell.span)),
    input_names: cell.params.map((p) => p.name),
    output_type: descriptorOf(x, cell.result, cell.span),
    outputs: outputsOf(cell.result),
    ...(output === null ? {} : { output }),
  };
  return x.failed ? null : { sequence, lifted: x.lifted };
}

/** Statements, then the value as the output of the block; null for unit. */
function sequenceBody(
  x: Extraction,
  block: Block,
  body: HirExpr,
  result: Type,
): OutputDocument | null {
  const value = runStatements(x, block, body);
  if (value === null || result.kind === "null") {
    if (value !== null && containsUnit(x, value)) operandOf(x, block, value);
    return null;
  }
  return outputOf(x, block, value);
}

/** Executes the statements of a body into items and yields its final value expression. */
function statementsOf(x: Extraction, block: Block, body: HirExpr): HirExpr | null {
  if (body.kind === "return") return runStatements(x, block, body.value);
  if (body.kind !== "block") return body;
  const last = body.statements.length - 1;
  for (const [i, statement] of body.statements.entries()) {
    const isReturn = statement.kind === "expr" && statement.value.kind === "return";
    if (isReturn && i === last && body.value === null)
      return runStatements(x, block, statement.value);
    runStatement(x, block, statement);
  }
  return body.value === null ? null : runStatements(x, block, body.value);
}

function runStatement(x: Extraction, block: Block, s: HirStatement): void {
  switch (s.kind) {
    case "let": {
      const operand = operandOf(x, block, s.value, x.cell.locals[s.local]?.name ?? null);
      if (operand !== null) x.values.set(s.local, operand);
      return;
    }
    case "letPattern":
      destructure(x, block, s.pattern, s.value);
      return;
    case "expr":
      runEffect(x, block, s.value, s.span);
      return;
    case "assign":
      refuse(
        x,
        "E0809",
        s.span,
        "a sequence has no assignment",
        "Bind a new name with `let`; values carried through a loop go through `reduce`.",
      );
      return;
  }
}

function runEffect(x: Extraction, block: Block, e: HirExpr, span: Span): void {
  if (isUnitCall(x, e)) {
    operandOf(x, block, e);
    return;
  }
  const branches = e.kind === "if" || e.kind === "match" || e.kind === "for" || e.kind === "block";
  if (branches && containsUnit(x, e)) {
    operandOf(x, block, e);
    return;
  }
  if (someExpr(e, isEarlyExit)) return; // reported already
  const what = branches ? "statement that calls no tile or sequence" : describeKind(e);
  const help =
    e.kind === "while" || e.kind === "loop"
      ? "What repeats until it is done is a recur tile: `let (_, n) = step!(n)`."
      : "Move it into a tile, or bind its value with `let`.";
  refuse(x, "E0809", span, `a sequence has no ${what}`, help);
}

/**
 * `return` stands at the end of the sequence only; `break` and `continue` nowhere (language 21.3).
 */
function refuseEarlyExits(x: Extraction, body: HirExpr): void {
  const last = finalReturn(body);
  someExpr(body, (e) => {
    if (isEarlyExit(e) && e !== last) {
      const help =
        "Make the value of the branch the value of the whole: `let x = if … then … else …`.";
      refuse(x, "E0809", e.span, `a sequence has no ${describeKind(e)}`, help);
    }
    return false;
  });
}

function isEarlyExit(e: HirExpr): boolean {
  return e.kind === "return" || e.kind === "break" || e.kind === "continue";
}

/** The `return` that ends the sequence, if it ends with one. */
function finalReturn(body: HirExpr): HirExpr | null {
  if (body.kind === "return") return body;
  if (body.kind !== "block") return null;
  if (body.value !== null) return finalReturn(body.value);
  const last = body.statements.at(-1);
  return last?.kind === "expr" ? finalReturn(last.value) : null;
}

/** `let (a, _) = call` binds outputs; of anything else the components are lifted. */
function destructure(x: Extraction, block: Block, pattern: HirPattern, value: HirExpr): void {
  const operand = operandOf(x, block, value);
  if (operand === null) return;
  bindPattern(x, block, pattern, operand, value);
}

function bindPattern(
  x: Extraction,
  block: Block,
  pattern: HirPattern,
  operand: Operand,
  value: HirExpr,
): void {
  if (pattern.kind === "wildcard") return;
  if (pattern.kind === "bind") {
    x.values.set(pattern.local, operand);
    return;
  }
  if (pattern.kind !== "tuple") {
    refuse(x, "E0809", pattern.span, "a sequence destructures tuples of names and `_` only");
    return;
  }
  pattern.items.forEach((item, k) => {
    if (item.kind === "wildcard") return;
    const type = value.type.kind === "tuple" ? (value.type.items[k] ?? value.type) : value.type;
    const part: HirExpr = { kind: "component", value, index: k, type, span: item.span };
    const found = componentOf(operand, k) ?? lift(x, block, part);
    if (found !== null) bindPattern(x, block, item, found, part);
  });
}

/** Output k of an item whose whole value the operand is. */
function componentOf(operand: Operand, k: number): Operand | null {
  if (operand.kind !== "item" || operand.output !== null || operand.outputs < 2) return null;
  return { ...operand, output: k };
}

/** The operand that an expression is, after the items that it needs. */
function operandFor(
  x: Extraction,
  block: Block,
  e: HirExpr,
  name: string | null = null,
): Operand | null {
  switch (e.kind) {
    case "const":
      return literal(x, e.value, e.type, e.span);
    case "local": {
      const known = x.values.get(e.local);
      const declared = x.cell.locals[e.local]?.type;
      if (known !== undefined && declared !== undefined) return known;
      return null;
    }
    case "component": {
      const inner = e.value.kind === "local" ? operandOf(x, block, e.value) : null;
      const part = inner === null ? null : componentOf(inner, e.index);
      return part ?? lift(x, block, e);
    }
    case "tileResult":
      return operandOf(x, block, e.call, name);
    case "call":
      return callOperand(x, block, e, name);
    case "callRecur":
      return addCall(x, block, e, "tile", name);
    case "block":
    case "return": {
      if (!containsUnit(x, e)) return lift(x, block, e);
      const value = runStatements(x, block, e);
      return value === null ? null : operandOf(x, block, value, name);
    }
    case "if":
      return containsUnit(x, e) ? branchOnBool(x, block, e, name) : lift(x, block, e);
    case "match":
      return containsUnit(x, e) ? branchOnMatch(x, block, e, name) : lift(x, block, e);
    case "for":
      return containsUnit(x, e) ? forEach(x, block, e, name) : lift(x, block, e);
    default:
      return lift(x, block, e);
  }
}

function literal(x: Extraction, value: HirConst, type: Type, span: Span): Operand {
  const descriptor = descriptorOf(x, type, span);
  const encoded = encodeValue(descriptor, constantValue(value));
  return { kind: "literal", type: descriptor, bytes: encoded.ok ? toHex(encoded.value) : "" };
}

function constantValue(value: HirConst): Value {
  switch (value.kind) {
    case "null":
      return null;
    case "int":
      return intFromBigint(value.value);
    case "float":
      return new Float(value.value);
    default:
      return value.value;
  }
}

function callOperand(
  x: Extraction,
  block: Block,
  e: HirExpr & { kind: "call" },
  name: string | null,
): Operand | null {
  const unit = x.host.unitOf(e.callee);
  if (unit !== null) return addCall(x, block, e, unit, name);
  if (isFold(x, e)) return fold(x, block, e, name);
  return lift(x, block, e);
}

function addCall(
  x: Extraction,
  block: Block,
  e: HirExpr & { kind: "call" | "callRecur" },
  unit: "tile" | "sequence",
  name: string | null,
): Operand | null {
  const args = e.args.map((arg) => operandOf(x, block, arg));
  if (args.some((a) => a === null)) return null;
  const inputs = args.map((a) =>
    bindingOf(required(a, "every argument is an operand"), block.place),
  );
  const item: ItemDocument = {
    item_type: unit,
    item_id: e.callee.name,
    input_sources: inputs,
    ...(e.kind === "callRecur" ? { recursive: true } : {}),
    ...(name === null ? {} : { name }),
  };
  return addItem(block, item, outputsOf(resultOf(x, e)));
}

/** The output type of a call as the schema sees it: T of a tile that returns result[T, E]. */
function resultOf(x: Extraction, e: HirExpr & { kind: "call" | "callRecur" }): Type {
  const cell = x.host.cellOf(e.callee);
  return cell.kind === "tile" && cell.result.kind === "result" ? cell.result.ok : cell.result;
}

/** The value of a block: one binding, or a tuple of them. */
function outputOf(x: Extraction, block: Block, e: HirExpr): OutputDocument | null {
  if (e.kind === "tuple" && e.items.length >= 2) {
    const operands = e.items.map((item) => operandOf(x, block, item));
    if (operands.some((o) => o === null)) return null;
    return {
      tuple: operands.map((o) =>
        bindingOf(required(o, "every component is an operand"), block.place),
      ),
    };
  }
  const operand = operandOf(x, block, e);
  return operand === null ? null : bindingOf(operand, block.place);
}
