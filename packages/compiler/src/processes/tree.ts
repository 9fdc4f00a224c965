// Small trees that processes are expanded to: cells, calls, names, literals, all at one span.

import type { Span } from "@lumen/core/diagnostic";
import type { Arg, Block, CellDecl, Expr, Name, Param, Statement, TypeExpr } from "@lumen/syntax";

/** Before the name of a cell of the prelude, where the name must not mean anything else. */
export const PRELUDE_PREFIX = "std.prelude.";

/** Name of the call that tests deeply whether a value has a type; see check/conforms.ts. */
export const CONFORMS = "std.conforms";

/** A name at a place. */
export function nameAt(text: string, span: Span): Name {
  return { text, span };
}

/** `x` */
export function read(name: string, span: Span): Expr {
  return { kind: "name", name, span };
}

/** `"text"` */
export function text(value: string, span: Span): Expr {
  return { kind: "string", value, span };
}

/** `[a, b]` */
export function list(items: readonly Expr[], span: Span): Expr {
  return { kind: "list", items: items.map((value) => ({ spread: false, value })), span };
}

/** `{"key": value, …}` */
export function record(entries: Readonly<Record<string, Expr>>, span: Span): Expr {
  return {
    kind: "map",
    entries: Object.entries(entries).map(([key, value]) => ({
      kind: "entry",
      key: text(key, span),
      keyInParens: false,
      value,
    })),
    span,
  };
}

/** `callee(a, b)` */
export function call(callee: Expr, args: readonly Expr[], span: Span): Expr {
  const list = args.map((value): Arg => ({ name: null, spread: false, value }));
  return { kind: "call", callee, args: list, bang: false, span };
}

/** A call of a cell of the prelude. */
export function prelude(name: string, args: readonly Expr[], span: Span): Expr {
  return call(read(`${PRELUDE_PREFIX}${name}`, span), args, span);
}

/** `value[index]` */
export function at(value: Expr, index: number, span: Span): Expr {
  const position: Expr = { kind: "int", value: BigInt(index), span };
  return { kind: "index", value, indices: [position], nullSafe: false, span };
}

/** `self.name` */
export function methodOf(name: string, span: Span): Expr {
  const value = read("self", span);
  return { kind: "field", value, name: nameAt(name, span), nullSafe: false, span };
}

/** `fn(params) => body` or with a block. */
export function lambda(params: readonly Param[], body: Expr | Block, span: Span): Expr {
  const isBlock = "statements" in body;
  return {
    kind: "lambda",
    params,
    result: null,
    row: null,
    body: isBlock ? { kind: "block", block: body } : { kind: "expr", value: body },
    span,
  };
}

/** `let name: type = value` */
export function bind(name: Name, type: TypeExpr | null, value: Expr): Statement {
  return {
    kind: "let",
    attributes: [],
    isMutable: false,
    pattern: { kind: "name", name: name.text, span: name.span },
    type,
    value,
    span: name.span,
  };
}

/** `name = value` */
export function assign(name: Name, value: Expr): Statement {
  const { span } = name;
  const place = { root: name, path: [], span };
  return { kind: "assign", place, op: null, opSpan: span, value, span };
}

/** An expression as a statement. */
export function run(value: Expr): Statement {
  return { kind: "expr", value, span: value.span };
}

/** Statements as a block. */
export function block(statements: readonly Statement[], span: Span): Block {
  return { statements, span };
}

/** A parameter without a type, or with one. */
export function param(name: Name, type: TypeExpr | null = null): Param {
  return { name, isVariadic: false, isOwned: false, type, default: null, span: name.span };
}

/** `...name`: the rest of the arguments. */
export function rest(name: Name): Param {
  return { ...param(name), isVariadic: true };
}

/** A type by its name. */
export function typeNamed(name: string, span: Span): TypeExpr {
  const dotted = { parts: [nameAt(name, span)], span };
  return { kind: "name", name: dotted, args: [], typestate: null, span };
}

/** A cell made by the compiler. */
export function cell(
  name: Name,
  params: readonly Param[],
  result: TypeExpr | null,
  statements: readonly Statement[],
): CellDecl {
  return {
    kind: "cell",
    attributes: [],
    doc: null,
    isPublic: false,
    isAsync: false,
    name,
    generics: [],
    params,
    result,
    row: null,
    precondition: null,
    body: { kind: "block", block: block(statements, name.span) },
    span: name.span,
  };
}
