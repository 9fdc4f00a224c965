// The one table of infix operators (language 4). A higher level binds tighter.

import type { BinaryOp } from "./ast.ts";
import type { TokenKind } from "./token.ts";

/** How an infix operator is built into the tree. */
type OperatorForm =
  | "binary"
  | "comparison"
  | "range"
  | "pipe"
  | "compose"
  | "is"
  | "as"
  | "expectSchema";

/** One row. `op` is null where the node has a kind of its own. */
export interface Operator {
  readonly level: number;
  readonly isRight: boolean;
  readonly form: OperatorForm;
  readonly op: BinaryOp | null;
}

/** Levels that the parser names; the others occur only in the table. */
export const LEVEL = { lowest: 2, range: 10, step: 11 } as const;

function left(level: number, op: BinaryOp): Operator {
  return { level, isRight: false, form: "binary", op };
}

function comparison(op: BinaryOp): Operator {
  return { level: 6, isRight: false, form: "comparison", op };
}

function special(level: number, form: OperatorForm): Operator {
  return { level, isRight: false, form, op: null };
}

const ROWS: readonly (readonly [TokenKind, Operator])[] = [
  ["**", { level: 14, isRight: true, form: "binary", op: "**" }],
  ["*", left(13, "*")],
  ["/", left(13, "/")],
  ["//", left(13, "//")],
  ["%", left(13, "%")],
  ["+", left(12, "+")],
  ["-", left(12, "-")],
  ["<<", left(11, "<<")],
  [">>", left(11, ">>")],
  ["..", special(LEVEL.range, "range")],
  ["..=", special(LEVEL.range, "range")],
  ["++", left(9, "++")],
  ["|>", special(8, "pipe")],
  ["~>", special(8, "compose")],
  ["&", left(8, "&")],
  ["^", left(7, "^")],
  ["==", left(6, "==")],
  ["!=", left(6, "!=")],
  ["<", comparison("<")],
  ["<=", comparison("<=")],
  [">", comparison(">")],
  [">=", comparison(">=")],
  ["<=>", left(6, "<=>")],
  ["in", left(6, "in")],
  ["is", special(6, "is")],
  ["as", special(6, "as")],
  ["|", left(6, "|")],
  ["and", left(5, "and")],
  ["or", left(4, "or")],
  ["??", left(3, "??")],
];

/** Token kind → infix operator. */
export const INFIX: ReadonlyMap<TokenKind, Operator> = new Map(ROWS);

/** `e expect schema T`: two soft keywords, so the parser recognises it by their text. */
export const EXPECT_SCHEMA: Operator = special(LEVEL.lowest, "expectSchema");

/** Compound assignment → the operator it applies (language 6). */
export const COMPOUND: ReadonlyMap<TokenKind, BinaryOp> = new Map<TokenKind, BinaryOp>([
  ["+=", "+"],
  ["-=", "-"],
  ["*=", "*"],
  ["/=", "/"],
  ["//=", "//"],
  ["%=", "%"],
  ["**=", "**"],
  ["&=", "&"],
  ["|=", "|"],
  ["^=", "^"],
  ["<<=", "<<"],
  [">>=", ">>"],
]);
