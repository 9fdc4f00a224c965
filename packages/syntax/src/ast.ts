// The abstract syntax tree of one module: what the parser saw, before names and types are known.
// Spans are offsets in the document. Broken source gives `error` nodes, never a missing tree.

import type { Span } from "@lumen/core/diagnostic";

/** A name with its place. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** `a.b.c` */
export interface DottedName {
  readonly parts: readonly Name[];
  readonly span: Span;
}

/** A whole module. `directives` include those of the prose (language 18). */
export interface Module {
  readonly directives: readonly Directive[];
  readonly items: readonly Item[];
  /** Top-level statements in order; the compiler collects them into a script cell (language 1). */
  readonly statements: readonly Statement[];
  readonly span: Span;
}

/** `@strict false` */
export interface Directive {
  readonly name: Name;
  readonly value: string | null;
  readonly span: Span;
}

/** `@tile(iter, description: "…")`: arguments in order, names kept. */
export interface Attribute {
  readonly name: Name;
  readonly args: readonly AttributeArg[];
  readonly span: Span;
}

/** One argument of an attribute. */
export interface AttributeArg {
  readonly name: Name | null;
  readonly value: Expr;
}

/** What every item carries. `doc`: the docstring's text, dedented, or null. */
export interface ItemHead {
  readonly attributes: readonly Attribute[];
  readonly doc: string | null;
  readonly isPublic: boolean;
  readonly span: Span;
}

/** A top-level declaration; records, enums and cells may also stand in a body (language 5). */
export type Item =
  | RecordDecl
  | EnumDecl
  | CellDecl
  | TypeAliasDecl
  | ConstDecl
  | ImportDecl
  | ErrorItem;

/** `record Account … end` */
export interface RecordDecl extends ItemHead {
  readonly kind: "record";
  readonly name: Name;
  readonly generics: readonly GenericParam[];
  readonly fields: readonly FieldDecl[];
}

/** `owner: String = "x" where length(owner) > 0` */
export interface FieldDecl {
  readonly attributes: readonly Attribute[];
  readonly name: Name;
  readonly type: TypeExpr;
  readonly default: Expr | null;
  readonly constraint: Expr | null;
  readonly span: Span;
}

/** `enum Shape … end`; its cells are methods. */
export interface EnumDecl extends ItemHead {
  readonly kind: "enum";
  readonly name: Name;
  readonly generics: readonly GenericParam[];
  readonly variants: readonly VariantDecl[];
  readonly methods: readonly CellDecl[];
}

/** `Circle(radius: Float)`; `result` is the GADT type after `->`. */
export interface VariantDecl {
  readonly name: Name;
  readonly payload: readonly VariantField[];
  readonly result: TypeExpr | null;
  readonly span: Span;
}

/** One payload component. */
export interface VariantField {
  readonly label: Name | null;
  readonly type: TypeExpr;
}

/** `cell f[T](x: Int = 1) -> Int / {emit} where x > 0 … end` */
export interface CellDecl extends ItemHead {
  readonly kind: "cell";
  readonly isAsync: boolean;
  readonly name: Name;
  readonly generics: readonly GenericParam[];
  readonly params: readonly Param[];
  readonly result: TypeExpr | null;
  readonly row: EffectRow | null;
  readonly precondition: Expr | null;
  readonly body: Body;
}

/** The expression form `= e`, or statements up to `end`. */
export type Body =
  | { readonly kind: "expr"; readonly value: Expr }
  | { readonly kind: "block"; readonly block: Block };

/** `[T: Ord + Show]` */
export interface GenericParam {
  readonly name: Name;
  readonly bounds: readonly Name[];
}

/** A parameter. `type` null means Any, or the expected type in a lambda. */
export interface Param {
  readonly name: Name;
  readonly isVariadic: boolean;
  readonly isOwned: boolean;
  readonly type: TypeExpr | null;
  readonly default: Expr | null;
  readonly span: Span;
}

/** `/ {a, b}` */
export interface EffectRow {
  readonly effects: readonly Name[];
  readonly span: Span;
}

/** `type Age = Int where self >= 0` */
export interface TypeAliasDecl extends ItemHead {
  readonly kind: "alias";
  readonly name: Name;
  readonly generics: readonly GenericParam[];
  readonly type: TypeExpr;
  readonly constraint: Expr | null;
}

/** `const LIMIT: Int = 10` */
export interface ConstDecl extends ItemHead {
  readonly kind: "const";
  readonly name: Name;
  readonly type: TypeExpr | null;
  readonly value: Expr;
}

/** `import a.b: X, y as z`; `names` null: the module itself; "*": all its public names. */
export interface ImportDecl extends ItemHead {
  readonly kind: "import";
  readonly module: DottedName;
  readonly names: readonly ImportName[] | "*" | null;
}

/** One imported name and its local name. */
export interface ImportName {
  readonly name: Name;
  readonly alias: Name | null;
}

/** Source that is no item; a diagnostic says why. */
export interface ErrorItem extends ItemHead {
  readonly kind: "error";
}

/** A type as written. */
export type TypeExpr =
  | {
      readonly kind: "name";
      readonly name: DottedName;
      readonly args: readonly TypeExpr[];
      readonly span: Span;
    }
  | { readonly kind: "null"; readonly span: Span }
  | { readonly kind: "option"; readonly inner: TypeExpr; readonly span: Span }
  | { readonly kind: "tuple"; readonly items: readonly TypeExpr[]; readonly span: Span }
  | { readonly kind: "union"; readonly members: readonly TypeExpr[]; readonly span: Span }
  | { readonly kind: "intersection"; readonly members: readonly TypeExpr[]; readonly span: Span }
  | {
      readonly kind: "fn";
      readonly params: readonly TypeExpr[];
      readonly result: TypeExpr;
      readonly row: EffectRow | null;
      readonly span: Span;
    }
  | { readonly kind: "generator"; readonly item: TypeExpr; readonly span: Span }
  | { readonly kind: "error"; readonly span: Span };
// `list[T]`, `set[T]`, `map[K, V]`, `result[T, E]`, `tuple[A, B]`, `Int`, `int` … are kind "name",
// spelled as in the source; the resolver knows them.

/** Statements between a header and its `end`. */
export interface Block {
  readonly statements: readonly Statement[];
  readonly span: Span;
}

/** A statement. */
export type Statement =
  | {
      readonly kind: "let";
      readonly attributes: readonly Attribute[];
      readonly isMutable: boolean;
      readonly pattern: Pattern;
      readonly type: TypeExpr | null;
      readonly value: Expr;
      readonly span: Span;
    }
  | {
      readonly kind: "assign";
      readonly place: Place;
      /** null for `=`, else the operator of `op=`. */
      readonly op: BinaryOp | null;
      readonly opSpan: Span;
      readonly value: Expr;
      readonly span: Span;
    }
  | { readonly kind: "expr"; readonly value: Expr; readonly span: Span }
  | { readonly kind: "return"; readonly value: Expr | null; readonly span: Span }
  | {
      readonly kind: "break";
      readonly label: Name | null;
      readonly value: Expr | null;
      readonly span: Span;
    }
  | { readonly kind: "continue"; readonly label: Name | null; readonly span: Span }
  | { readonly kind: "halt"; readonly value: Expr; readonly span: Span }
  | { readonly kind: "emit"; readonly value: Expr; readonly span: Span }
  | {
      readonly kind: "assert";
      readonly condition: Expr;
      readonly message: Expr | null;
      readonly span: Span;
    }
  | { readonly kind: "defer"; readonly block: Block; readonly span: Span }
  | { readonly kind: "item"; readonly item: RecordDecl | EnumDecl | CellDecl; readonly span: Span }
  | { readonly kind: "error"; readonly span: Span };
// `if`, `for`, `while`, `loop`, `match` in statement position are kind "expr" around them.

/** `a.b[i].0`: a variable and the way into it. */
export interface Place {
  readonly root: Name;
  readonly path: readonly PlaceStep[];
  readonly span: Span;
}

/** One step of a place. */
export type PlaceStep =
  | { readonly kind: "field"; readonly name: Name }
  | { readonly kind: "component"; readonly index: number; readonly span: Span }
  | { readonly kind: "index"; readonly index: Expr; readonly span: Span };

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
  | { readonly kind: "error"; readonly span: Span };
// Parentheses leave no node. The conversion functions `int(x)`, `string(x)` … are plain calls.

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
