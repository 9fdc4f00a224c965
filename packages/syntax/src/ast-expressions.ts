// Expressions and patterns of the tree (language 7, 8). Statements and types are in ast.ts.

import type { Span } from "@lumen/core/diagnostic";
import type {
  Attribute,
  Block,
  Body,
  DottedName,
  EffectRow,
  Name,
  Param,
  TypeExpr,
} from "./ast.ts";

/** Binary operators, by their spelling. `|>` and `~>` are expressions of their own kind. */
export type BinaryOp =
  | "+"
  | "-"
  | "*"
  | "/"
  | "//"
  | "%"
  | "**"
  | "&"
  | "|"
  | "^"
  | "<<"
  | ">>"
  | "++"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "<=>"
  | "in"
  | "and"
  | "or"
  | "??";

/** An expression. */
export type Expr =
  | { readonly kind: "null"; readonly span: Span }
  | { readonly kind: "bool"; readonly value: boolean; readonly span: Span }
  | { readonly kind: "int"; readonly value: bigint; readonly span: Span }
  | { readonly kind: "float"; readonly value: number; readonly span: Span }
  | { readonly kind: "string"; readonly value: string; readonly span: Span }
  | { readonly kind: "bytes"; readonly value: Uint8Array; readonly span: Span }
  | {
      readonly kind: "interpolation";
      readonly parts: readonly InterpolationPart[];
      readonly span: Span;
    }
  | { readonly kind: "name"; readonly name: string; readonly span: Span }
  | { readonly kind: "list"; readonly items: readonly ListItem[]; readonly span: Span }
  | { readonly kind: "tuple"; readonly items: readonly Expr[]; readonly span: Span }
  | { readonly kind: "map"; readonly entries: readonly MapItem[]; readonly span: Span }
  | { readonly kind: "set"; readonly items: readonly ListItem[]; readonly span: Span }
  | {
      readonly kind: "comprehension";
      readonly shape: "list" | "set" | "map";
      /** The element, or the key of a map. */
      readonly value: Expr;
      /** The value of a map entry, else null. */
      readonly mapValue: Expr | null;
      readonly clauses: readonly ForClause[];
      readonly filter: Expr | null;
      readonly span: Span;
    }
  | {
      readonly kind: "unary";
      readonly op: "-" | "not" | "~";
      readonly operand: Expr;
      readonly span: Span;
    }
  | {
      readonly kind: "binary";
      readonly op: BinaryOp;
      readonly left: Expr;
      readonly right: Expr;
      readonly opSpan: Span;
      readonly span: Span;
    }
  /** `a < b <= c`: each operand evaluated once. */
  | {
      readonly kind: "chain";
      readonly operands: readonly Expr[];
      readonly ops: readonly ("<" | "<=" | ">" | ">=")[];
      readonly span: Span;
    }
  | {
      readonly kind: "range";
      readonly start: Expr;
      readonly end: Expr;
      readonly inclusive: boolean;
      readonly step: Expr | null;
      readonly span: Span;
    }
  | { readonly kind: "is"; readonly value: Expr; readonly type: TypeExpr; readonly span: Span }
  | { readonly kind: "as"; readonly value: Expr; readonly type: TypeExpr; readonly span: Span }
  | {
      readonly kind: "expectSchema";
      readonly value: Expr;
      readonly type: TypeExpr;
      readonly span: Span;
    }
  | { readonly kind: "pipe"; readonly value: Expr; readonly target: Expr; readonly span: Span }
  | { readonly kind: "compose"; readonly first: Expr; readonly second: Expr; readonly span: Span }
  | {
      readonly kind: "call";
      readonly callee: Expr;
      readonly args: readonly Arg[];
      /** `name!(…)`: macro call or recursive tile invocation, decided by the resolver. */
      readonly bang: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: "field";
      readonly value: Expr;
      readonly name: Name;
      readonly nullSafe: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: "component";
      readonly value: Expr;
      readonly index: number;
      readonly indexSpan: Span;
      readonly span: Span;
    }
  | {
      readonly kind: "index";
      readonly value: Expr;
      /** One index, or type arguments when several. */
      readonly indices: readonly Expr[];
      readonly nullSafe: boolean;
      readonly span: Span;
    }
  /** Postfix `?`. */
  | { readonly kind: "propagate"; readonly value: Expr; readonly span: Span }
  /** Postfix `!`. */
  | { readonly kind: "unwrap"; readonly value: Expr; readonly span: Span }
  | {
      readonly kind: "try";
      readonly value: Expr;
      readonly binding: Name | null;
      readonly handler: Expr | null;
      readonly span: Span;
    }
  | {
      readonly kind: "lambda";
      readonly params: readonly Param[];
      readonly result: TypeExpr | null;
      readonly row: EffectRow | null;
      readonly body: Body;
      readonly span: Span;
    }
  | {
      readonly kind: "if";
      readonly branches: readonly IfBranch[];
      readonly otherwise: Block | null;
      readonly span: Span;
    }
  | {
      readonly kind: "match";
      readonly subject: Expr;
      readonly arms: readonly MatchArm[];
      readonly span: Span;
    }
  | { readonly kind: "when"; readonly arms: readonly WhenArm[]; readonly span: Span }
  | {
      readonly kind: "for";
      readonly attributes: readonly Attribute[];
      readonly label: Name | null;
      readonly binder: Pattern;
      readonly iterable: Expr;
      readonly filter: Expr | null;
      readonly body: Block;
      readonly span: Span;
    }
  | {
      readonly kind: "while";
      readonly attributes: readonly Attribute[];
      readonly label: Name | null;
      readonly condition: Condition;
      readonly body: Block;
      readonly span: Span;
    }
  | {
      readonly kind: "loop";
      readonly attributes: readonly Attribute[];
      readonly label: Name | null;
      readonly body: Block;
      readonly span: Span;
    }
  | { readonly kind: "do"; readonly block: Block; readonly span: Span }
  | { readonly kind: "halt"; readonly value: Expr; readonly span: Span }
  | { readonly kind: "await"; readonly value: Expr; readonly span: Span }
  /** `await parallel … end`: lines, or one loop that spawns its body for every item (13.2). */
  | {
      readonly kind: "awaitBlock";
      readonly combinator: "parallel" | "race" | "vote" | "select";
      readonly branches: readonly AwaitBranch[];
      readonly span: Span;
    }
  | {
      readonly kind: "awaitFor";
      readonly combinator: "parallel" | "race" | "vote" | "select";
      readonly binder: Pattern;
      readonly iterable: Expr;
      readonly body: Block;
      readonly span: Span;
    }
  | {
      readonly kind: "nursery";
      readonly name: Name | null;
      readonly body: Block;
      readonly span: Span;
    }
  | {
      readonly kind: "perform";
      readonly effect: Name;
      readonly operation: Name;
      readonly args: readonly Arg[];
      readonly span: Span;
    }
  | {
      readonly kind: "handle";
      readonly body: Block;
      readonly arms: readonly HandlerArm[];
      readonly span: Span;
    }
  | { readonly kind: "resume"; readonly value: Expr | null; readonly span: Span }
  | { readonly kind: "comptime"; readonly block: Block; readonly span: Span }
  /** `checkpoint` or `checkpoint "label"`. As a statement it may have a payload: metadata. */
  | {
      readonly kind: "checkpoint";
      readonly label: Expr | null;
      readonly payload: string;
      readonly span: Span;
    }
  /** `role system: text`: the String `system: text` (language 11.5). */
  | {
      readonly kind: "role";
      readonly role: Name;
      readonly text: readonly InterpolationPart[];
      readonly span: Span;
    }
  /** `offer ch … end` (language 19.5). */
  | {
      readonly kind: "offer";
      readonly value: Expr;
      readonly arms: readonly OfferArm[];
      readonly span: Span;
    }
  /** `assert_matches(e, p if g)`: its bindings are visible in the rest of the block. */
  | {
      readonly kind: "assertMatches";
      readonly value: Expr;
      readonly pattern: Pattern;
      readonly guard: Expr | null;
      readonly span: Span;
    }
  /** `...e` outside a list, set, map or argument list: parsed, and refused by the checker. */
  | { readonly kind: "spread"; readonly value: Expr; readonly span: Span }
  | { readonly kind: "error"; readonly span: Span };
// Parentheses leave no node. The conversion functions `int(x)`, `string(x)` … are plain calls.

/** A line of an await block; `name` is bound to its value afterwards. */
export interface AwaitBranch {
  readonly name: Name | null;
  readonly value: Expr;
}

/** `Ask.ask(q) => …` of a `handle`. */
export interface HandlerArm {
  readonly effect: Name;
  readonly operation: Name;
  readonly params: readonly Param[];
  readonly body: Block;
  readonly span: Span;
}

/** `Ok(ch) -> …` of an `offer`; the pattern binds the endpoint in its next state. */
export interface OfferArm {
  readonly label: Name;
  readonly pattern: Pattern | null;
  readonly body: Block;
  readonly span: Span;
}

/** Literal text, or an expression with its format. */
export type InterpolationPart =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "expr"; readonly value: Expr; readonly format: FormatSpec | null };

/** A parsed format spec (language 2.4). */
export interface FormatSpec {
  readonly text: string;
  readonly fill: string;
  readonly align: "<" | ">" | "^" | null;
  readonly sign: "+" | "-" | null;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number | null;
  readonly precision: number | null;
  readonly type: "d" | "x" | "X" | "o" | "b" | "f" | "e" | "E" | "s" | null;
  readonly span: Span;
}

/** An element or `...iterable`. */
export interface ListItem {
  readonly spread: boolean;
  readonly value: Expr;
}

/** `key: value` or `...map`. A bare identifier key is kind "name": the resolver decides (3.1). */
export type MapItem =
  | {
      readonly kind: "entry";
      readonly key: Expr;
      readonly keyInParens: boolean;
      readonly value: Expr;
    }
  | { readonly kind: "spread"; readonly value: Expr };

/** `for x in xs` of a comprehension. */
export interface ForClause {
  readonly binder: Pattern;
  readonly iterable: Expr;
}

/** A positional, named or spread argument. */
export interface Arg {
  readonly name: Name | null;
  readonly spread: boolean;
  readonly value: Expr;
}

/** A plain condition, or `let P = e`. */
export type Condition =
  | { readonly kind: "expr"; readonly value: Expr }
  | { readonly kind: "let"; readonly pattern: Pattern; readonly value: Expr };

/** One `if` or `elif` with its block. The inline form has a block of one expression statement. */
export interface IfBranch {
  readonly condition: Condition;
  readonly block: Block;
}

/** `p | q if guard -> body`; an alternative is in `patterns`. */
export interface MatchArm {
  readonly patterns: readonly Pattern[];
  readonly guard: Expr | null;
  readonly body: Block;
  readonly span: Span;
}

/** `c -> body`; condition null for `_`. */
export interface WhenArm {
  readonly condition: Expr | null;
  readonly body: Block;
  readonly span: Span;
}

/** A pattern (language 8). */
export type Pattern =
  | { readonly kind: "wildcard"; readonly span: Span }
  /** A binder, or a variant without payload: the checker decides (language 8.1). */
  | { readonly kind: "name"; readonly name: string; readonly span: Span }
  | { readonly kind: "literal"; readonly value: LiteralValue; readonly span: Span }
  | {
      readonly kind: "range";
      readonly start: number | bigint;
      readonly end: number | bigint;
      readonly isFloat: boolean;
      readonly inclusive: boolean;
      readonly span: Span;
    }
  /** `V(p, label: q, ..)`, `E.V(p)`, `R(f: p)`, `ok(p)`; `args` null without parentheses. */
  | {
      readonly kind: "constructor";
      readonly name: DottedName;
      readonly args: readonly PatternArg[] | null;
      readonly rest: boolean;
      readonly span: Span;
    }
  | { readonly kind: "tuple"; readonly items: readonly Pattern[]; readonly span: Span }
  | {
      readonly kind: "list";
      readonly before: readonly Pattern[];
      /** null: exact length; name null: unnamed rest. */
      readonly rest: { readonly name: Name | null } | null;
      readonly after: readonly Pattern[];
      readonly span: Span;
    }
  /** `{a, b}` */
  | { readonly kind: "fields"; readonly names: readonly Name[]; readonly span: Span }
  | { readonly kind: "typed"; readonly name: Name; readonly type: TypeExpr; readonly span: Span }
  | { readonly kind: "error"; readonly span: Span };

/** A literal in a pattern. Int values are bigint, Float values are number. */
export type LiteralValue = null | boolean | bigint | number | string;

/** `p`, `label: p`, or `label:` (pattern null binds the label). */
export interface PatternArg {
  readonly label: Name | null;
  readonly pattern: Pattern | null;
}
