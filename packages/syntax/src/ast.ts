// The abstract syntax tree of one module: what the parser saw, before names and types are known.
// Spans are offsets in the document. Broken source gives `error` nodes, never a missing tree.

import type { Span } from "@lumen/core/diagnostic";
import type {
  ActivePatternDecl,
  ActorDecl,
  AgentDecl,
  BindDecl,
  EffectDecl,
  ExternDecl,
  GrantDecl,
  HandlerDecl,
  ImplDecl,
  MacroDecl,
  ProcessDecl,
  Section,
  SessionDecl,
  SupervisorDecl,
  TraitDecl,
  TypestateDecl,
  UseToolDecl,
} from "./ast-declarations.ts";
import type { BinaryOp, Expr, Pattern } from "./ast-expressions.ts";

export type {
  ActivePatternDecl,
  ActivePatternResult,
  ActorDecl,
  ActorMessage,
  ActorState,
  AgentDecl,
  BindDecl,
  CellSignature,
  Config,
  EffectDecl,
  ExternDecl,
  GrantConstraint,
  GrantDecl,
  HandlerDecl,
  HandlerOperation,
  Hook,
  HookStep,
  ImplDecl,
  MachineState,
  MacroDecl,
  ProcessDecl,
  ProcessKind,
  Section,
  SessionDecl,
  SessionStep,
  SupervisedChild,
  SupervisorDecl,
  ToolRef,
  TraitDecl,
  Transition,
  TypestateDecl,
  TypestateTransition,
  UseToolDecl,
} from "./ast-declarations.ts";
export type {
  Arg,
  AwaitBranch,
  BinaryOp,
  Condition,
  Expr,
  ForClause,
  FormatSpec,
  HandlerArm,
  IfBranch,
  InterpolationPart,
  ListItem,
  LiteralValue,
  MapItem,
  MatchArm,
  OfferArm,
  Pattern,
  PatternArg,
  WhenArm,
} from "./ast-expressions.ts";

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
  /** False: no statement of the source declares anything, so that nobody has to look. */
  readonly hasLocalItems: boolean;
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
  /** Lines indented deeper than the attribute: metadata, like {@link Section}.text; else empty. */
  readonly payload: string;
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
  | ExternDecl
  | TraitDecl
  | ImplDecl
  | EffectDecl
  | BindDecl
  | HandlerDecl
  | UseToolDecl
  | GrantDecl
  | MacroDecl
  | ActivePatternDecl
  | AgentDecl
  | ProcessDecl
  | TypestateDecl
  | SessionDecl
  | ActorDecl
  | SupervisorDecl
  | ErrorItem;

/** `record Account … end` */
export interface RecordDecl extends ItemHead {
  readonly kind: "record";
  readonly name: Name;
  readonly generics: readonly GenericParam[];
  readonly fields: readonly FieldDecl[];
  /** `migrate … end`: metadata. */
  readonly migrations: readonly Section[];
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
  /** `granting {…}` (language 17.3), or null. */
  readonly granting: Granting | null;
}

/** What imported code may ask for. */
export type Granting =
  | { readonly kind: "none"; readonly span: Span }
  | { readonly kind: "all"; readonly span: Span }
  | { readonly kind: "list"; readonly capabilities: readonly Capability[]; readonly span: Span };

/** `fs: read_only` or `http: ["api.example.com"]`: the value is a name or a list. */
export interface Capability {
  readonly name: Name;
  readonly value: Expr;
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
      /** `File@Open` or `File@Open -> Closed` (language 19.6), else null. */
      readonly typestate: { readonly from: Name; readonly to: Name | null } | null;
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
  | { readonly kind: "yield"; readonly value: Expr; readonly span: Span }
  /** `role system: text`: its string joins the role prelude of the cell (language 11.5). */
  | { readonly kind: "role"; readonly value: Expr; readonly span: Span }
  /**
   * `approve …`, `with … in … end`: metadata; only `body` runs. `text`: the rest of the line and
   * the payload, like {@link Section}.text.
   */
  | {
      readonly kind: "addon";
      readonly word: "approve" | "escalate" | "observe" | "with";
      readonly text: string;
      readonly body: Block | null;
      readonly span: Span;
    }
  /** Attributes before a statement that has no place for them, or (null) before nothing. */
  | {
      readonly kind: "attributed";
      readonly attributes: readonly Attribute[];
      readonly statement: Statement | null;
      readonly span: Span;
    }
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
