// The typed tree between checker and lowering: names resolved, types and conversions explicit,
// surface forms reduced to few. Sequence extraction and lowering read it; nothing after the checker
// sees the AST.

import type { BuiltinName } from "@lumen/core/builtins";
import type { Label, Span, TrapCode } from "@lumen/core/diagnostic";
import type { ToolEntry } from "@lumen/core/program";
import type { CellRef, EnumSymbol, RecordSymbol, Type } from "./type.ts";

/** Index into `HirCell.locals`. */
export type LocalId = number;

/** Identifies a loop inside one cell, for `break` and `continue`. */
export type LoopId = number;

/** A variable, parameter, capture or compiler-made temporary (name null) of one cell. */
export interface HirLocal {
  readonly name: string | null;
  readonly type: Type;
  readonly span: Span;
}

/** What a cell is for; the kinds of lir.md 3. */
export type HirCellKind = "cell" | "lambda" | "tile" | "sequence" | "hidden" | "generator";

/** A cell ready for lowering. `params` and `captures` are locals; captures follow params in LIR. */
export interface HirCell {
  readonly name: string;
  readonly kind: HirCellKind;
  readonly params: readonly HirParam[];
  readonly captures: readonly LocalId[];
  readonly locals: readonly HirLocal[];
  readonly result: Type;
  /** Inferred effects, ascending; for lambdas too. Empty: pure. */
  readonly row: readonly string[];
  /** The body's value is the cell's result, already converted to `result`. */
  readonly body: HirExpr;
  readonly span: Span;
  /** Generic parameters; such a cell is compiled once with them at `any`. */
  readonly generics: readonly string[];
  /** Contracts and hints (language 19.7), for a solver; absent without any. */
  readonly contracts?: readonly HirContract[];
  /** For a cell that tells whether a literal meets its constraint: what to report where not. */
  readonly claim?: HirClaim;
}

/** A constraint over literals, as it is reported when it does not hold (E0300). */
export interface HirClaim {
  /** The literal. */
  readonly span: Span;
  readonly message: string;
  readonly expected: string;
  readonly found: string;
  readonly labels: readonly Label[];
}

/**
 * A contract or hint. `value`: the condition, the measure of `decreases`, what a hint assumes. That
 * of a cell refers to `locals`: its parameters in order, then `result` in `ensures`; that of a loop
 * to the variables of the cell.
 */
export interface HirContract {
  readonly kind: "requires" | "ensures" | "invariant" | "decreases" | "hint";
  readonly value: HirExpr | null;
  readonly locals: readonly HirLocal[];
  readonly span: Span;
}

/** A parameter. `default`: cell that takes the earlier parameters and yields the default. */
export interface HirParam {
  readonly local: LocalId;
  readonly name: string;
  readonly type: Type;
  readonly default: CellRef | null;
}

/** A tile declared in source (language 21.1); its cell has kind `tile` and name `id`. */
export interface HirTile {
  readonly id: string;
  readonly kind: "iter" | "recur";
  readonly description: string | null;
  readonly estimatedCycles: number | null;
  readonly maxMemory: number | null;
  readonly maxIterations: number | null;
  readonly span: Span;
}

/** A sequence declared in source (language 21.3); its cell has kind `sequence` and name `id`. */
export interface HirSequence {
  readonly id: string;
  readonly description: string | null;
  readonly span: Span;
}

/** A checked module. Compiler-made cells stand directly after the cell that they belong to. */
export interface HirModule {
  readonly name: string;
  readonly path: string;
  readonly cells: readonly HirCell[];
  readonly records: readonly RecordSymbol[];
  readonly enums: readonly EnumSymbol[];
  readonly tiles: readonly HirTile[];
  readonly sequences: readonly HirSequence[];
}

/** A constant known at compile time. Int is bigint, Float is number. */
export type HirConst =
  | { readonly kind: "null" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "bytes"; readonly value: Uint8Array };

/** A constant, or a composite value by its wire bytes. */
export type HirEmbedded =
  | HirConst
  | { readonly kind: "value"; readonly type: Type; readonly bytes: Uint8Array };

/** Binary arithmetic operators of language 4. */
export type ArithOp =
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
  | "++";

/** Comparison operators; `<=>` yields Int, the others Bool. */
export type CompareOp = "==" | "!=" | "<" | "<=" | ">" | ">=" | "<=>";

/** What every expression carries: its type and the source that it came from. */
interface Node {
  readonly type: Type;
  readonly span: Span;
}

/** A typed expression. Operands are evaluated left to right, in the order of the fields. */
export type HirExpr =
  | (Node & { readonly kind: "const"; readonly value: HirConst })
  | (Node & { readonly kind: "local"; readonly local: LocalId })
  /**
   * An implicit or explicit conversion to `type`: `widen` to a supertype, `intToFloat`, `cast`
   * checked at run
   * time (fault E_TRAP_TYPE), `wrapOk` a plain value where a result is due.
   */
  | (Node & {
      readonly kind: "convert";
      readonly how: "widen" | "intToFloat" | "cast" | "wrapOk";
      readonly value: HirExpr;
    })
  | (Node & { readonly kind: "list"; readonly items: readonly HirItem[] })
  | (Node & { readonly kind: "set"; readonly items: readonly HirItem[] })
  | (Node & { readonly kind: "tuple"; readonly items: readonly HirExpr[] })
  | (Node & { readonly kind: "map"; readonly entries: readonly HirMapItem[] })
  /**
   * Fields in declaration order, complete. `decl.check` is called by lowering when it is not null.
   */
  | (Node & {
      readonly kind: "record";
      readonly decl: RecordSymbol;
      readonly fields: readonly HirExpr[];
    })
  /** `decl` null: `ok` (tag 0) or `err` (tag 1) of a result. */
  | (Node & {
      readonly kind: "variant";
      readonly decl: EnumSymbol | null;
      readonly tag: number;
      readonly payload: readonly HirExpr[];
    })
  /** Arguments complete, in parameter order, converted to the parameter types. */
  | (Node & { readonly kind: "call"; readonly callee: CellRef; readonly args: readonly HirExpr[] })
  | (Node & {
      readonly kind: "callClosure";
      readonly callee: HirExpr;
      readonly args: readonly HirExpr[];
    })
  | (Node & {
      readonly kind: "callBuiltin";
      readonly builtin: BuiltinName;
      readonly args: readonly HirExpr[];
    })
  /** `tile!(…)`; `bound` from the tile's max_iterations or the default. */
  | (Node & {
      readonly kind: "callRecur";
      readonly callee: CellRef;
      readonly args: readonly HirExpr[];
      readonly bound: number;
    })
  /**
   * Inside a sequence: a call of a tile with a result type, unwrapped; err is the fault of 21.1.
   */
  | (Node & { readonly kind: "tileResult"; readonly tile: string; readonly call: HirExpr })
  /** A function value. `captures[i]` is copied into capture i of the cell. */
  | (Node & {
      readonly kind: "closure";
      readonly cell: CellRef;
      readonly captures: readonly LocalId[];
    })
  /** `operands`: both Int, both Float, both String (`+` only), or anything. */
  | (Node & {
      readonly kind: "arith";
      readonly op: ArithOp;
      readonly operands: "int" | "float" | "string" | "any";
      readonly left: HirExpr;
      readonly right: HirExpr;
    })
  | (Node & {
      readonly kind: "negate";
      readonly op: "-" | "~";
      readonly operands: "int" | "float" | "any";
      readonly value: HirExpr;
    })
  | (Node & {
      readonly kind: "compare";
      readonly op: CompareOp;
      readonly operands: "int" | "float" | "string" | "any";
      readonly left: HirExpr;
      readonly right: HirExpr;
    })
  | (Node & { readonly kind: "contains"; readonly element: HirExpr; readonly container: HirExpr })
  /** Operands are Bool. */
  | (Node & {
      readonly kind: "logic";
      readonly op: "and" | "or";
      readonly left: HirExpr;
      readonly right: HirExpr;
    })
  | (Node & { readonly kind: "not"; readonly value: HirExpr })
  | (Node & { readonly kind: "truthy"; readonly value: HirExpr })
  /** `left ?? right`: the left operand is an option, a result, or of any type. */
  | (Node & { readonly kind: "coalesce"; readonly left: HirExpr; readonly right: HirExpr })
  | (Node & { readonly kind: "isNull"; readonly value: HirExpr })
  | (Node & { readonly kind: "is"; readonly value: HirExpr; readonly test: TypeTest })
  /** Parts are all String. */
  | (Node & { readonly kind: "concat"; readonly parts: readonly HirExpr[] })
  | (Node & { readonly kind: "display"; readonly value: HirExpr })
  | (Node & { readonly kind: "format"; readonly value: HirExpr; readonly spec: string })
  /** Field of a known record, by number. */
  | (Node & { readonly kind: "field"; readonly value: HirExpr; readonly index: number })
  /** Field or key by name of Any, Json, a map or a union; null where absent. */
  | (Node & { readonly kind: "fieldNamed"; readonly value: HirExpr; readonly name: string })
  | (Node & { readonly kind: "component"; readonly value: HirExpr; readonly index: number })
  /** `.0` or `.label` on an enum value: null where the variant has none. */
  | (Node & { readonly kind: "payloadNamed"; readonly value: HirExpr; readonly name: string })
  /**
   * `list`: Int index into a list; `map`: key lookup, null where absent; `any`: by the kinds at run
   * time.
   */
  | (Node & {
      readonly kind: "index";
      readonly how: "list" | "map" | "any";
      readonly value: HirExpr;
      readonly index: HirExpr;
    })
  /** `value[start..end]`, end excluded. */
  | (Node & {
      readonly kind: "slice";
      readonly value: HirExpr;
      readonly start: HirExpr;
      readonly end: HirExpr;
    })
  /** A list of Int: from start, before end (or up to it), by step (null: 1). */
  | (Node & {
      readonly kind: "range";
      readonly start: HirExpr;
      readonly end: HirExpr;
      readonly inclusive: boolean;
      readonly step: HirExpr | null;
    })
  /** Postfix `?`: the value of ok; on err the cell returns err, converted to its result type. */
  | (Node & { readonly kind: "propagate"; readonly value: HirExpr })
  /** Postfix `!`. */
  | (Node & { readonly kind: "unwrap"; readonly value: HirExpr })
  /** `try e else |x| h`: e has a result type; `binding` holds the error. */
  | (Node & {
      readonly kind: "tryElse";
      readonly value: HirExpr;
      readonly binding: LocalId | null;
      readonly handler: HirExpr;
    })
  /** Statements, then the value (null: the block has type null, or never). */
  | (Node & {
      readonly kind: "block";
      readonly statements: readonly HirStatement[];
      readonly value: HirExpr | null;
    })
  /** Branch values are converted to `type`; without `otherwise` the value is null. */
  | (Node & {
      readonly kind: "if";
      readonly condition: HirCondition;
      readonly consequent: HirExpr;
      readonly otherwise: HirExpr | null;
    })
  /** The subject is a local; arms in order; no arm: null. Arm bodies are converted to `type`. */
  | (Node & {
      readonly kind: "match";
      readonly subject: LocalId;
      readonly arms: readonly HirArm[];
      readonly exhaustive: boolean;
    })
  | (Node & {
      readonly kind: "while";
      readonly loop: LoopId;
      readonly condition: HirCondition;
      readonly body: HirExpr;
      readonly contracts?: readonly HirContract[];
    })
  /** `collect`: the value is the list of the body's values, unless left by `break value`. */
  | (Node & {
      readonly kind: "for";
      readonly loop: LoopId;
      readonly binder: HirPattern;
      /** A range is kept as kind `range`, so that lowering counts instead of building a list. */
      readonly iterable: HirExpr;
      /** Iterate a map as (key, value) tuples. */
      readonly entries: boolean;
      readonly filter: HirExpr | null;
      readonly body: HirExpr;
      readonly collect: "none" | "list" | "set" | "map";
      readonly contracts?: readonly HirContract[];
    })
  /** A `comptime` block: the value of its cell, put into the slot before anything is lowered. */
  | (Node & {
      readonly kind: "comptime";
      readonly cell: CellRef;
      readonly slot: { value: HirEmbedded | null };
    })
  | (Node & {
      readonly kind: "loop";
      readonly loop: LoopId;
      readonly body: HirExpr;
      readonly contracts?: readonly HirContract[];
    })
  /** Type never. */
  | (Node & { readonly kind: "return"; readonly value: HirExpr })
  | (Node & { readonly kind: "break"; readonly loop: LoopId; readonly value: HirExpr | null })
  | (Node & { readonly kind: "continue"; readonly loop: LoopId })
  /** Stops the program with this trap; `message` is a String expression. */
  | (Node & { readonly kind: "fault"; readonly trap: TrapCode; readonly message: HirExpr })
  /** `perform E.op(…)`; `fallback` is called where no handler on the stack has an arm. */
  | (Node & {
      readonly kind: "perform";
      readonly effect: string;
      readonly operation: string;
      readonly args: readonly HirExpr[];
      readonly fallback: CellRef;
    })
  /** Body and arms share the locals of the cell; their values are converted to `type`. */
  | (Node & {
      readonly kind: "handle";
      readonly body: HirExpr;
      readonly arms: readonly HirHandlerArm[];
    })
  /** Continues the computation that the innermost arm around it handles. */
  | (Node & { readonly kind: "resume"; readonly value: HirExpr })
  /** Asks the door, past all handlers. */
  | (Node & {
      readonly kind: "request";
      readonly effect: string;
      readonly operation: string;
      readonly args: readonly HirExpr[];
    })
  /** `input`: a map of Json. */
  | (Node & {
      readonly kind: "callTool";
      readonly tool: ToolEntry;
      readonly input: HirExpr;
      /** A checkpoint follows (language 14). */
      readonly durable: boolean;
    })
  | (Node & {
      readonly kind: "spawn";
      readonly callee: HirExpr;
      readonly args: readonly HirExpr[];
    })
  | (Node & { readonly kind: "await"; readonly value: HirExpr })
  /** `local` is the nursery while the body runs. */
  | (Node & { readonly kind: "nursery"; readonly local: LocalId; readonly body: HirExpr })
  /** Only in cells of kind `generator`. Type null. */
  | (Node & { readonly kind: "yield"; readonly value: HirExpr })
  /** The body runs when the cell is left. Type null. */
  | (Node & { readonly kind: "defer"; readonly body: HirExpr });
// A map comprehension is a `for` with collect `map` whose body is a 2-tuple.

/** A list or set element, or `...iterable`. */
export interface HirItem {
  readonly spread: boolean;
  readonly value: HirExpr;
}

/** A map entry, or `...map` (value null). */
export interface HirMapItem {
  readonly key: HirExpr;
  readonly value: HirExpr | null;
}

/** A statement. */
export type HirStatement =
  | { readonly kind: "expr"; readonly value: HirExpr; readonly span: Span }
  | { readonly kind: "let"; readonly local: LocalId; readonly value: HirExpr; readonly span: Span }
  /** Destructuring; a pattern that fails at run time is `pattern match failed in let`. */
  | {
      readonly kind: "letPattern";
      readonly pattern: HirPattern;
      readonly value: HirExpr;
      readonly span: Span;
    }
  /** `local.path = value`; an empty path assigns the variable. */
  | {
      readonly kind: "assign";
      readonly local: LocalId;
      readonly path: readonly HirPlaceStep[];
      readonly value: HirExpr;
      readonly span: Span;
    };

/** One step into a place. */
export type HirPlaceStep =
  | { readonly kind: "index"; readonly index: HirExpr }
  | { readonly kind: "field"; readonly index: number; readonly decl: RecordSymbol }
  | { readonly kind: "component"; readonly index: number }
  | { readonly kind: "named"; readonly name: string };

/** A Bool expression, or a refutable pattern. */
export type HirCondition =
  | { readonly kind: "expr"; readonly value: HirExpr }
  | {
      readonly kind: "let";
      readonly pattern: HirPattern;
      readonly subject: LocalId;
      readonly value: HirExpr;
    };

/** `E.op(params) => body` of a `handle`. */
export interface HirHandlerArm {
  readonly effect: string;
  readonly operation: string;
  readonly params: readonly LocalId[];
  readonly body: HirExpr;
  readonly span: Span;
}

/** One arm; alternatives bind the same locals. */
export interface HirArm {
  readonly patterns: readonly HirPattern[];
  readonly guard: HirExpr | null;
  readonly body: HirExpr;
  readonly span: Span;
}

/** What `is` tests. `named`: type name, record, enum or variant name at run time. */
export type TypeTest =
  | { readonly kind: "type"; readonly type: Type }
  /** A tuple of any length. */
  | { readonly kind: "tuple" }
  /** Every part of the value has the type too. */
  | { readonly kind: "conforms"; readonly type: Type }
  | { readonly kind: "variant"; readonly decl: EnumSymbol; readonly tag: number };

/** A resolved pattern. `subject` is the static type of what it is matched against. */
export type HirPattern =
  | { readonly kind: "wildcard"; readonly span: Span }
  | { readonly kind: "bind"; readonly local: LocalId; readonly subject: Type; readonly span: Span }
  | {
      readonly kind: "const";
      readonly value: HirConst;
      readonly subject: Type;
      readonly span: Span;
    }
  /** Both ends Int or both Float. */
  | {
      readonly kind: "range";
      readonly start: HirConst;
      readonly end: HirConst;
      readonly inclusive: boolean;
      readonly subject: Type;
      readonly span: Span;
    }
  /**
   * `decl` null: result. `args[i]` null: component ignored. Subject: enum, result, option of these,
   * or any.
   */
  | {
      readonly kind: "variant";
      readonly decl: EnumSymbol | null;
      readonly tag: number;
      readonly args: readonly (HirPattern | null)[];
      readonly subject: Type;
      readonly span: Span;
    }
  | {
      readonly kind: "record";
      readonly decl: RecordSymbol;
      /** One entry per field of the declaration; null: ignored. */
      readonly fields: readonly (HirPattern | null)[];
      readonly subject: Type;
      readonly span: Span;
    }
  | {
      readonly kind: "tuple";
      readonly items: readonly HirPattern[];
      readonly subject: Type;
      readonly span: Span;
    }
  | {
      readonly kind: "list";
      readonly before: readonly HirPattern[];
      /** null: exact length; local null: unnamed. */
      readonly rest: { readonly local: LocalId | null } | null;
      readonly after: readonly HirPattern[];
      readonly subject: Type;
      readonly span: Span;
    }
  /** `{a, b}`: any record or map with those fields. */
  | {
      readonly kind: "fields";
      readonly names: readonly string[];
      readonly locals: readonly LocalId[];
      readonly subject: Type;
      readonly span: Span;
    }
  /**
   * What an active pattern extracts (language 19.1). `input` holds the subject for `call`, `value`
   * what the call gives; `done`, if any, says that `value` holds it already.
   */
  | {
      readonly kind: "active";
      readonly extractor: CellRef;
      /** Null means that nothing is extracted. */
      readonly isPartial: boolean;
      readonly isChoice: boolean;
      readonly call: HirExpr;
      readonly input: LocalId;
      readonly value: LocalId;
      readonly done: LocalId | null;
      readonly inner: HirPattern | null;
      /** Type of what `inner` matches. */
      readonly result: Type;
      readonly subject: Type;
      readonly span: Span;
    }
  | {
      readonly kind: "typed";
      readonly test: TypeTest;
      readonly local: LocalId;
      readonly subject: Type;
      readonly span: Span;
    };
