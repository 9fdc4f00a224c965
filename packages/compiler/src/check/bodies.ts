// Blocks and bodies: statements in order, and the value that the last one leaves (language 5, 6).

import type { Block, Body, Expr, Statement } from "@lumen/syntax";
import type { HirExpr, HirStatement } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { NEVER, NULL } from "../types/simple-types.ts";
import { errorExpr } from "./build.ts";
import { type CellContext, closeBlock, openBlock, type Want } from "./context.ts";
import { statementHints } from "./contracts.ts";
import { checkControlStatement } from "./control.ts";
import { checkExpr } from "./recursion.ts";
import { blockingSleep, checkStatement } from "./statements.ts";
import { checkRoleStatement } from "./tools.ts";

/** A body whose value is the result: `= e`, or the last statement of a block. */
export function checkBody(c: CellContext, body: Body, expected: Type | null): HirExpr {
  if (body.kind === "expr") return checkExpr(c, body.value, expected);
  return checkBlockHere(c, body.block, { wanted: true, expected });
}

/** A block in a scope of its own. */
export function checkBlock(c: CellContext, block: Block, want: Want): HirExpr {
  const before = openBlock(c);
  const checked = checkBlockHere(c, block, want);
  closeBlock(c, before);
  return checked;
}

/** A block in the scope that is open already. */
export function checkBlockHere(c: CellContext, block: Block, want: Want): HirExpr {
  const statements: HirStatement[] = [];
  let value: HirExpr | null = null;
  let diverges = false;
  const last = block.statements[block.statements.length - 1];
  for (const statement of block.statements) {
    const tail = statement === last && want.wanted ? checkLast(c, statement, want) : null;
    if (tail !== null) {
      statements.push(...tail.statements);
      value = tail.value;
      if (value.type.kind === "never") diverges = true;
      continue;
    }
    for (const s of checkStatement(c, statement)) {
      statements.push(s);
      if (s.kind === "expr" && s.value.type.kind === "never") diverges = true;
    }
  }
  return { kind: "block", statements, value, type: blockType(value, diverges), span: block.span };
}

function blockType(value: HirExpr | null, diverges: boolean): Type {
  if (diverges) return NEVER;
  return value === null ? NULL : value.type;
}

/**
 * The last statement of a block that has a value (language 5, result); null where it gives none.
 */
function checkLast(
  c: CellContext,
  statement: Statement,
  want: Want,
): { readonly statements: readonly HirStatement[]; readonly value: HirExpr } | null {
  switch (statement.kind) {
    case "expr":
      return { statements: [], value: checkTail(c, statement.value, want) };
    case "role":
      return statement.value.kind === "role" ? checkRoleStatement(c, statement.value) : null;
    case "attributed": {
      const { statement: inner } = statement;
      const last = inner === null ? null : checkLast(c, inner, want);
      if (last !== null) statementHints(c, statement.attributes);
      return last;
    }
    case "error":
      // What stood here is reported: nothing is known about the value of the block.
      return { statements: [], value: errorExpr(statement.span) };
    default:
      return null;
  }
}

function checkTail(c: CellContext, e: Expr, want: Want): HirExpr {
  switch (e.kind) {
    case "for": {
      const collects = want.expected?.kind === "list";
      return checkControlStatement(c, e, { wanted: collects, expected: want.expected });
    }
    case "while":
    case "if":
    case "match":
    case "when":
    case "loop":
    case "do":
      return checkControlStatement(c, e, want);
    default:
      return tailSleep(c, e, want.expected) ?? checkExpr(c, e, want.expected);
  }
}

/** The last statement too blocks, unless the cell is declared to yield a future. */
function tailSleep(c: CellContext, e: Expr, expected: Type | null): HirExpr | null {
  const isFuture = expected?.kind === "opaque" && expected.name === "Future";
  return isFuture ? null : blockingSleep(c, e);
}
