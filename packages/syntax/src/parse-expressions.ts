// Expressions by precedence climbing over the operator table (language 3, 4), and prefix operators.

import type { BinaryOp, Expr } from "./ast.ts";
import { countingLength } from "./foreign.ts";
import { INT_MAGNITUDE_MAX } from "./lex-numbers.ts";
import { CHAIN_LENGTH_MAX } from "./limits.ts";
import { EXPECT_SCHEMA, INFIX, LEVEL, type Operator } from "./operators.ts";
import { parseAwait } from "./parse-await.ts";
import { parsePostfix } from "./parse-postfix.ts";
import { parseType, parseTypeIn } from "./parse-types.ts";
import { type Parser, startsExpression } from "./parser.ts";

/** An expression of any level. */
export function parseExpression(p: Parser): Expr {
  return parseInfix(p, LEVEL.lowest);
}

/** An expression whose operators bind at least as tightly as `level`. */
function parseInfix(p: Parser, level: number): Expr {
  const start = p.tok.start;
  let left = parsePrefix(p);
  let isComparison = false;
  for (let length = 0; ; length += 1) {
    const operator = infixHere(p);
    if (operator === null || operator.level < level) return left;
    if (countingTokens(p) > 0) return parseCounting(p, left);
    if (length === CHAIN_LENGTH_MAX) failChain(p);
    if (operator.form === "range" && left.kind === "range" && left.span.start === start) {
      p.unexpected("no second range operator", "Put one of the ranges into parentheses.");
    }
    const isChained = isComparison && operator.form === "comparison";
    left = isChained ? extendChain(p, left, operator) : parseOperator(p, start, left, operator);
    isComparison = operator.form === "comparison";
  }
}

/** At `i++` and `i--`, with which other languages count. */
function countingTokens(p: Parser): number {
  if (p.tok.kind !== "++" && p.tok.kind !== "-") return 0;
  return countingLength([p.tok, p.peek(), p.peek(2)], p.prevEnd, p.statementColumn);
}

/** Reported at the operator, and read to its end. */
function parseCounting(p: Parser, counted: Expr): Expr {
  const { start } = p.tok;
  const sign = p.at("++") ? "+" : "-";
  for (let length = countingTokens(p); length > 0; length -= 1) p.advance();
  const shown = counted.kind === "name" ? counted.name : "x";
  const message = `expected an operand after \`${sign}${sign}\`, found the end of the line`;
  const help = `Write \`${shown} ${sign}= 1\`.`;
  p.report({ code: "E0015", span: p.spanFrom(start), message, help });
  return { kind: "error", span: p.spanFrom(counted.span.start) };
}

/** E0016 for a chain that would make the tree too deep for the phases behind the parser. */
function failChain(p: Parser): void {
  const span = { start: p.tok.start, end: p.tok.end };
  const message = `this expression has more than ${CHAIN_LENGTH_MAX} operators in a row`;
  p.giveUp(span, message);
}

/** The infix operator here, or null where the expression ends. */
function infixHere(p: Parser): Operator | null {
  if (p.atNewline()) return null;
  const operator = INFIX.get(p.tok.kind);
  if (operator !== undefined) return operator;
  const isExpect = p.atName("expect") && p.peek().kind === "name" && p.peek().text === "schema";
  return isExpect ? EXPECT_SCHEMA : null;
}

function parseOperator(p: Parser, start: number, left: Expr, operator: Operator): Expr {
  const opSpan = { start: p.tok.start, end: p.tok.end };
  switch (operator.form) {
    case "is":
    case "as": {
      p.advance();
      const type = parseTypeIn(p, { arrow: false, union: false });
      const span = p.spanFrom(start);
      if (operator.form === "is") return { kind: "is", value: left, type, span };
      return { kind: "as", value: left, type, span };
    }
    case "expectSchema": {
      p.advance();
      p.advance();
      const type = parseType(p);
      return { kind: "expectSchema", value: left, type, span: p.spanFrom(start) };
    }
    case "range":
      return parseRange(p, start, left);
    default: {
      p.advance();
      const right = parseRightOperand(p, operator);
      const span = p.spanFrom(start);
      if (operator.form === "pipe") return { kind: "pipe", value: left, target: right, span };
      if (operator.form === "compose") {
        return { kind: "compose", first: left, second: right, span };
      }
      const op = operator.op ?? "+";
      return { kind: "binary", op, left, right, opSpan, span };
    }
  }
}

function parseRightOperand(p: Parser, operator: Operator): Expr {
  if (!operator.isRight) return parseInfix(p, operator.level + 1);
  p.enter();
  const right = parseInfix(p, operator.level);
  p.leave();
  return right;
}

/** `a..b`, `a..=b`, optionally `step n`. */
function parseRange(p: Parser, start: number, left: Expr): Expr {
  const inclusive = p.at("..=");
  p.advance();
  const end = parseInfix(p, LEVEL.step);
  let step: Expr | null = null;
  if (p.atName("step") && p.onSameLine() && startsExpression(p.peek())) {
    p.advance();
    step = parseInfix(p, LEVEL.step);
  }
  return { kind: "range", start: left, end, inclusive, step, span: p.spanFrom(start) };
}

type ComparisonOp = "<" | "<=" | ">" | ">=";

function comparisonOp(op: BinaryOp | null): ComparisonOp {
  return op === "<=" || op === ">" || op === ">=" ? op : "<";
}

/** `a < b` and one more `< c`: one node, so that `b` is evaluated once. */
function extendChain(p: Parser, left: Expr, operator: Operator): Expr {
  p.advance();
  const right = parseInfix(p, operator.level + 1);
  const op = comparisonOp(operator.op);
  const span = p.spanFrom(left.kind === "error" ? right.span.start : left.span.start);
  if (left.kind === "chain") {
    return { kind: "chain", operands: [...left.operands, right], ops: [...left.ops, op], span };
  }
  if (left.kind !== "binary") return { kind: "error", span };
  const operands = [left.left, left.right, right];
  return { kind: "chain", operands, ops: [comparisonOp(left.op), op], span };
}

/** Prefix operators, then the operand with its postfix operators. */
function parsePrefix(p: Parser): Expr {
  const { kind } = p.tok;
  if (p.isPastLine()) {
    p.unexpected("an expression");
    return { kind: "error", span: { start: p.prevEnd, end: p.prevEnd } };
  }
  switch (kind) {
    case "-": {
      const next = p.peek();
      if (next.kind === "int" && next.value === INT_MAGNITUDE_MAX) return parseMinInt(p);
      return parseUnary(p, "-");
    }
    case "not":
    case "~":
      return parseUnary(p, kind);
    case "try":
      return parseTry(p);
    case "await":
      return parseAwait(p, parsePrefix);
    case "...":
      return parseSpread(p);
    default:
      return parsePostfix(p);
  }
}

function parseUnary(p: Parser, op: "-" | "not" | "~"): Expr {
  const { start } = p.tok;
  p.enter();
  p.mark("prefix");
  p.advance();
  const operand = parsePrefix(p);
  p.leave();
  return { kind: "unary", op, operand, span: p.spanFrom(start) };
}

/** `...e` as an operand: parsed, and refused by the checker. */
function parseSpread(p: Parser): Expr {
  const { start } = p.tok;
  p.enter();
  p.mark("prefix");
  p.advance();
  const value = parseExpression(p);
  p.leave();
  return { kind: "spread", value, span: p.spanFrom(start) };
}

/** `-9223372036854775808` is accepted as a unit (language 2.3). */
function parseMinInt(p: Parser): Expr {
  const { start } = p.tok;
  p.mark("prefix");
  p.advance();
  p.advance();
  return { kind: "int", value: -INT_MAGNITUDE_MAX, span: p.spanFrom(start) };
}

/** `try e`, with the nearest `else` on its line. */
function parseTry(p: Parser): Expr {
  const { start } = p.tok;
  p.enter();
  p.advance();
  const value = parseExpression(p);
  let binding = null;
  let handler: Expr | null = null;
  if (p.at("else") && p.onSameLine()) {
    p.advance();
    if (p.at("|")) {
      p.mark("barOpen");
      p.advance();
      binding = p.name("the name of the error");
      p.mark("barClose");
      p.expect("|", "`|` after the name of the error");
    }
    handler = parseExpression(p);
  }
  p.leave();
  return { kind: "try", value, binding, handler, span: p.spanFrom(start) };
}
