// From the typed body of a sequence to its items (language 21.3, formats 9): calls become items, other
// operands hidden tiles, branches and loops the blocks of CFS 1.1.

import type {
  ArmDocument,
  BindingDocument,
  ItemDocument,
  OutputDocument,
  SequenceDocument,
  WhenDocument,
} from "@lumen/core/cfs";
import type { Span } from "@lumen/core/diagnostic";
import { encodeValue } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import { required } from "@lumen/core/result";
import { Float, intFromBigint, type TypeDescriptor, type Value } from "@lumen/core/value";
import type { HirCell, HirConst, HirExpr, HirPattern, HirStatement, LocalId } from "../hir/hir.ts";
import type { CellRef, Type } from "../hir/type.ts";
import { freeLocals, someExpr } from "../hir/visit.ts";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { describeType } from "../tiles/descriptor.ts";
import { bindingOf, type Operand, outputsOf, type Place } from "./operand.ts";

/** What extraction needs to know of the program. */
export interface ExtractHost {
  readonly scope: ModuleScope;
  /** The tile or sequence that a cell is, or null. */
  readonly unitOf: (ref: CellRef) => "tile" | "sequence" | null;
  readonly cellOf: (ref: CellRef) => HirCell;
}

/** A sequence's schema and the hidden tiles that its operands became. */
export interface Extracted {
  readonly sequence: SequenceDocument;
  readonly lifted: readonly HirCell[];
}

/** One block under construction. */
interface Block {
  readonly items: ItemDocument[];
  readonly place: Place;
}

/** The state of extracting one sequence. */
interface Extraction {
  readonly host: ExtractHost;
  readonly cell: HirCell;
  readonly lifted: HirCell[];
  readonly values: Map<LocalId, Operand>;
  readonly counters: { branches: number; loops: number };
  failed: boolean;
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
  };
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

function refuse(
  x: Extraction,
  code: "E0806" | "E0809" | "E0810",
  span: Span,
  message: string,
  help?: string,
): void {
  x.failed = true;
  report(x.host.scope, code, span, message, help === undefined ? {} : { help });
}

function descriptorOf(x: Extraction, type: Type, span: Span): TypeDescriptor {
  const described = describeType(type);
  if (described.ok) return described.value;
  refuse(
    x,
    "E0806",
    span,
    `a value of sequence '${x.cell.name}' cannot be serialised: ${described.error.reason}`,
  );
  return "unit";
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
function runStatements(x: Extraction, block: Block, body: HirExpr): HirExpr | null {
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
  if (e.kind === "if" || e.kind === "match" || e.kind === "for" || e.kind === "block") {
    if (containsUnit(x, e)) operandOf(x, block, e);
    return;
  }
  if (isUnitCall(x, e)) {
    operandOf(x, block, e);
    return;
  }
  refuse(x, "E0809", span, `a sequence has no ${describeKind(e)} here`);
}

const KIND_WORDS: Readonly<Partial<Record<HirExpr["kind"], string>>> = {
  while: "`while`",
  loop: "`loop`",
  return: "early `return`",
  break: "`break`",
  continue: "`continue`",
  propagate: "`?`",
  tryElse: "`try`",
  closure: "lambda",
  fault: "`halt`",
};

function describeKind(e: HirExpr): string {
  return KIND_WORDS[e.kind] ?? "statement that is no call, let, branch or loop";
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
function operandOf(
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

/** A call of a tile or sequence, directly or as the one expression of a conversion. */
function isUnitCall(x: Extraction, e: HirExpr): boolean {
  if (e.kind === "tileResult" || e.kind === "callRecur") return true;
  if (e.kind === "call") return x.host.unitOf(e.callee) !== null || isFold(x, e);
  return false;
}

function containsUnit(x: Extraction, e: HirExpr): boolean {
  return someExpr(
    e,
    (part) => isUnitCall(x, part) || (part.kind === "closure" && lambdaCallsUnit(x, part.cell)),
  );
}

function lambdaCallsUnit(x: Extraction, ref: CellRef): boolean {
  const cell = x.host.cellOf(ref);
  return cell.kind === "lambda" && someExpr(cell.body, (part) => isUnitCall(x, part));
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

function addItem(block: Block, item: ItemDocument, outputs: number): Operand {
  block.items.push(item);
  return {
    kind: "item",
    depth: block.place.depth,
    index: block.items.length - 1,
    output: null,
    outputs,
  };
}

/** Compiles a pure expression to a hidden tile over its free names and calls it. */
function lift(x: Extraction, block: Block, e: HirExpr): Operand | null {
  const forbidden = findForbidden(x, e);
  if (forbidden !== null) {
    refuse(x, forbidden.code, forbidden.span, forbidden.message, forbidden.help);
    return null;
  }
  const free = freeLocals(e);
  const id = `${x.cell.name}__e${x.lifted.length}`;
  const params = free.map((local) => {
    const declared = required(x.cell.locals[local], "a free local is declared");
    return { local, name: declared.name ?? `v${local}`, type: declared.type, default: null };
  });
  for (const param of params) descriptorOf(x, param.type, e.span);
  descriptorOf(x, e.type, e.span);
  x.lifted.push({
    name: id,
    kind: "tile",
    params,
    captures: [],
    locals: x.cell.locals,
    result: e.type,
    row: [],
    body: e,
    span: e.span,
    generics: [],
  });
  const inputs: BindingDocument[] = [];
  for (const local of free) {
    const operand = x.values.get(local);
    if (operand === undefined) return null;
    inputs.push(bindingOf(operand, block.place));
  }
  const item: ItemDocument = { item_type: "tile", item_id: id, input_sources: inputs };
  return addItem(block, item, outputsOf(e.type));
}

interface Forbidden {
  readonly code: "E0809" | "E0810";
  readonly span: Span;
  readonly message: string;
  readonly help?: string;
}

/** What no operand may hold: calls of tiles, lambdas, jumps out of the expression. */
function findForbidden(x: Extraction, e: HirExpr): Forbidden | null {
  let found: Forbidden | null = null;
  someExpr(e, (part) => {
    if (isUnitCall(x, part) || (part.kind === "closure" && lambdaCallsUnit(x, part.cell))) {
      found = {
        code: "E0809",
        span: part.span,
        message: "a tile or sequence cannot be called inside an expression of a sequence",
        help: "Bind the call with `let` first.",
      };
    } else if (["while", "loop", "propagate", "tryElse", "return", "closure"].includes(part.kind)) {
      found = {
        code: "E0809",
        span: part.span,
        message: `a sequence has no ${describeKind(part)}`,
        help: "Move it into a tile.",
      };
    }
    return found !== null;
  });
  return found;
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

function branchOnBool(
  x: Extraction,
  block: Block,
  e: HirExpr & { kind: "if" },
  name: string | null,
): Operand | null {
  if (e.condition.kind === "let") {
    refuse(x, "E0809", e.span, "a sequence has no `if let`", "Use `match`.");
    return null;
  }
  const tested = operandOf(x, block, e.condition.value);
  if (tested === null) return null;
  const arms = [
    armOf(x, block, { bool: true }, e.consequent, e.type, []),
    armOf(x, block, { default: true }, e.otherwise, e.type, []),
  ];
  return addBranch(x, block, tested, arms, e.type, name);
}

function addBranch(
  x: Extraction,
  block: Block,
  tested: Operand,
  arms: readonly ArmDocument[],
  type: Type,
  name: string | null,
): Operand {
  const id = `b${x.counters.branches}`;
  x.counters.branches += 1;
  const outputs = outputsOf(type);
  const item: ItemDocument = {
    item_type: "branch",
    item_id: id,
    input_sources: [bindingOf(tested, block.place)],
    arms,
    outputs,
    ...(name === null ? {} : { name }),
  };
  return addItem(block, item, outputs);
}

/** One arm; `payload` are the locals that the variant's payload binds, by position. */
function armOf(
  x: Extraction,
  block: Block,
  when: WhenDocument,
  body: HirExpr | null,
  type: Type,
  payload: readonly (LocalId | null)[],
): ArmDocument {
  const { depth, arms, loops } = block.place;
  const inner: Block = { items: [], place: { depth: depth + 1, arms: arms + 1, loops } };
  payload.forEach((local, index) => {
    if (local !== null) x.values.set(local, { kind: "armInput", arm: arms + 1, index });
  });
  const output = body === null ? null : sequenceBody(x, inner, body, type);
  return { when, items: inner.items, ...(output === null ? {} : { output }) };
}

function branchOnMatch(
  x: Extraction,
  block: Block,
  e: HirExpr & { kind: "match" },
  name: string | null,
): Operand | null {
  const tested = x.values.get(e.subject);
  if (tested === undefined) return null;
  if (!e.exhaustive) {
    refuse(x, "E0809", e.span, "a match in a sequence must be exhaustive", "Add a `_` arm.");
    return null;
  }
  const arms: ArmDocument[] = [];
  for (const arm of e.arms) {
    const [pattern, second] = arm.patterns;
    if (pattern === undefined || second !== undefined || arm.guard !== null) {
      refuse(x, "E0809", arm.span, "an arm in a sequence has one pattern and no guard");
      return null;
    }
    const test = testOf(x, pattern, tested);
    if (test === null) return null;
    arms.push(armOf(x, block, test.when, arm.body, e.type, test.payload));
  }
  return addBranch(x, block, tested, arms, e.type, name);
}

interface ArmTest {
  readonly when: WhenDocument;
  readonly payload: readonly (LocalId | null)[];
}

function testOf(x: Extraction, p: HirPattern, tested: Operand): ArmTest | null {
  switch (p.kind) {
    case "wildcard":
      return { when: { default: true }, payload: [] };
    case "bind":
      x.values.set(p.local, tested);
      return { when: { default: true }, payload: [] };
    case "const":
      if (p.value.kind === "bool") return { when: { bool: p.value.value }, payload: [] };
      if (p.value.kind === "int")
        return { when: { int: intFromBigint(p.value.value) }, payload: [] };
      if (p.value.kind === "string") return { when: { string: p.value.value }, payload: [] };
      break;
    case "variant": {
      if (
        p.decl === null ||
        p.args.some((a) => a !== null && a.kind !== "bind" && a.kind !== "wildcard")
      )
        break;
      const payload = p.args.map((a) => (a?.kind === "bind" ? a.local : null));
      return { when: { variant: p.decl.variants[p.tag]?.name ?? "" }, payload };
    }
    default:
      break;
  }
  refuse(x, "E0809", p.span, "an arm in a sequence tests a literal, a variant with names, or `_`");
  return null;
}

/** `for x in list` and `for (i, x) in enumerate(list)`. */
function forEach(
  x: Extraction,
  block: Block,
  e: HirExpr & { kind: "for" },
  name: string | null,
): Operand | null {
  if (e.filter !== null || e.collect === "set" || e.collect === "map" || e.entries) {
    refuse(
      x,
      "E0809",
      e.span,
      "a loop in a sequence runs over a list, without a filter, and collects a list",
    );
    return null;
  }
  const enumerated =
    e.iterable.kind === "callBuiltin" &&
    e.iterable.builtin === "enumerate" &&
    e.binder.kind === "tuple";
  const [first] = e.iterable.kind === "callBuiltin" ? e.iterable.args : [];
  const source = enumerated && first !== undefined ? first : e.iterable;
  if (source.type.kind !== "list") {
    refuse(x, "E0809", e.iterable.span, "a loop in a sequence runs over a list");
    return null;
  }
  const over = operandOf(x, block, source);
  if (over === null) return null;
  const inner = loopBlock(block);
  const element: Operand = { kind: "loopElement", loop: inner.place.loops };
  if (enumerated && e.binder.kind === "tuple") {
    const [index, item] = e.binder.items;
    if (index?.kind === "bind")
      x.values.set(index.local, { kind: "loopIndex", loop: inner.place.loops });
    if (item?.kind === "bind") x.values.set(item.local, element);
  } else bindElement(x, inner, e.binder, element, source.type.item);
  const wanted = e.collect === "list";
  const value = runStatements(x, inner, e.body);
  const collected = wanted && value !== null ? operandOf(x, inner, value) : null;
  if (!wanted && value !== null && containsUnit(x, value)) operandOf(x, inner, value);
  return addLoop(x, block, inner, [over], [], collected, name);
}

/** The loop variable; components of a tuple element are lifted, since a binding has no parts of it. */
function bindElement(
  x: Extraction,
  _inner: Block,
  binder: HirPattern,
  element: Operand,
  type: Type,
): void {
  if (binder.kind === "bind") {
    x.values.set(binder.local, element);
    return;
  }
  if (binder.kind === "wildcard") return;
  refuse(
    x,
    "E0809",
    binder.span,
    `a loop in a sequence binds one name${type.kind === "tuple" ? "" : " per element"}`,
    "Take the components inside a tile.",
  );
}

function loopBlock(block: Block): Block {
  const { depth, arms, loops } = block.place;
  return { items: [], place: { depth: depth + 1, arms, loops: loops + 1 } };
}

function addLoop(
  x: Extraction,
  block: Block,
  inner: Block,
  inputs: readonly Operand[],
  next: readonly Operand[],
  collect: Operand | null,
  name: string | null,
): Operand {
  const id = `l${x.counters.loops}`;
  x.counters.loops += 1;
  const outputs = next.length + (collect === null ? 0 : 1);
  const item: ItemDocument = {
    item_type: "loop",
    item_id: id,
    mode: "for_each",
    input_sources: inputs.map((o) => bindingOf(o, block.place)),
    body: {
      items: inner.items,
      next: next.map((o) => bindingOf(o, inner.place)),
      ...(collect === null ? {} : { collect: bindingOf(collect, inner.place) }),
    },
    outputs,
    ...(name === null ? {} : { name }),
  };
  return addItem(block, item, outputs);
}

/** `reduce(list, fn(acc, x) => step(acc, x), init)` with a tile or sequence as step. */
function isFold(x: Extraction, e: HirExpr & { kind: "call" }): boolean {
  if (e.callee.module !== "std.prelude" || e.callee.name !== "reduce") return false;
  const lambda = unconverted(e.args[1]);
  return lambda?.kind === "closure" && lambdaCallsUnit(x, lambda.cell);
}

function unconverted(e: HirExpr | undefined): HirExpr | undefined {
  return e?.kind === "convert" ? unconverted(e.value) : e;
}

function fold(
  x: Extraction,
  block: Block,
  e: HirExpr & { kind: "call" },
  name: string | null,
): Operand | null {
  const [list, closure, init] = e.args.map(unconverted);
  if (list === undefined || init === undefined || closure?.kind !== "closure") return null;
  const over = operandOf(x, block, list);
  const start = operandOf(x, block, init);
  if (over === null || start === null) return null;
  const lambda = x.host.cellOf(closure.cell);
  const inner = loopBlock(block);
  const step = foldStep(x, inner, lambda, closure.captures);
  return step === null ? null : addLoop(x, block, inner, [over, start], [step], null, name);
}

/** The lambda's body with its own locals: parameters are state and element, captures the outer values. */
function foldStep(
  x: Extraction,
  inner: Block,
  lambda: HirCell,
  captured: readonly LocalId[],
): Operand | null {
  const values = new Map<LocalId, Operand>();
  const [acc, element] = lambda.params;
  const { loops } = inner.place;
  if (acc !== undefined) values.set(acc.local, { kind: "loopState", loop: loops, index: 0 });
  if (element !== undefined) values.set(element.local, { kind: "loopElement", loop: loops });
  lambda.captures.forEach((local, i) => {
    const outer = captured[i];
    const operand = outer === undefined ? undefined : x.values.get(outer);
    if (operand !== undefined) values.set(local, operand);
  });
  const body: Extraction = { ...x, cell: { ...lambda, name: x.cell.name }, values };
  const step = operandOf(body, inner, lambda.body);
  x.failed ||= body.failed;
  return step;
}
