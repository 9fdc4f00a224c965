// Declarations beyond records, enums, cells, aliases, constants and imports: traits, effects,
// tools, processes, and the unstable and experimental items (language 3, 10 to 13, 19).

import type { Span } from "@lumen/core/diagnostic";
import type {
  Attribute,
  Block,
  Body,
  CellDecl,
  DottedName,
  EffectRow,
  Expr,
  GenericParam,
  ItemHead,
  Name,
  Param,
  Statement,
  TypeExpr,
} from "./ast.ts";

/** The head of a cell without body: of traits, effects and externs. */
export interface CellSignature extends ItemHead {
  readonly kind: "signature";
  readonly isAsync: boolean;
  readonly name: Name;
  readonly generics: readonly GenericParam[];
  readonly params: readonly Param[];
  readonly result: TypeExpr | null;
  readonly row: EffectRow | null;
}

/** `extern cell now() -> Int`: the host binds the name. */
export interface ExternDecl extends ItemHead {
  readonly kind: "extern";
  readonly signature: CellSignature;
}

/** `trait Shape: Show … end`; members with a body have a default. */
export interface TraitDecl extends ItemHead {
  readonly kind: "trait";
  readonly name: Name;
  readonly generics: readonly GenericParam[];
  readonly parents: readonly Name[];
  readonly members: readonly (CellSignature | CellDecl)[];
}

/** `impl[T] Show for Box[T] … end`; `trait` null: inherent methods. */
export interface ImplDecl extends ItemHead {
  readonly kind: "impl";
  readonly generics: readonly GenericParam[];
  readonly trait: { readonly name: Name; readonly args: readonly TypeExpr[] } | null;
  readonly target: TypeExpr & { readonly kind: "name" };
  readonly methods: readonly CellDecl[];
}

/** `effect Ask … end` */
export interface EffectDecl extends ItemHead {
  readonly kind: "effect";
  readonly name: Name;
  readonly operations: readonly CellSignature[];
}

/** `bind effect Ask.ask to Chat` */
export interface BindDecl extends ItemHead {
  readonly kind: "bind";
  readonly effect: DottedName;
  readonly tool: DottedName;
}

/** `handler Console … end` */
export interface HandlerDecl extends ItemHead {
  readonly kind: "handler";
  readonly name: Name;
  readonly operations: readonly HandlerOperation[];
}

/** `handle Ask.ask(q: String) -> String … end` inside a `handler`. */
export interface HandlerOperation {
  readonly name: DottedName;
  readonly params: readonly Param[];
  readonly result: TypeExpr | null;
  readonly row: EffectRow | null;
  readonly body: Body;
  readonly span: Span;
}

/** `use tool llm.chat@1.2 as Chat from "p"` */
export interface UseToolDecl extends ItemHead {
  readonly kind: "useTool";
  readonly tool: ToolRef;
  /** null: the last component of the id; "*": all tools of an MCP server. */
  readonly alias: Name | "*" | null;
  readonly provider: string | null;
}

/** What a `use tool` names. `version` as written, without the `@`. */
export type ToolRef =
  | { readonly kind: "id"; readonly id: DottedName; readonly version: string | null }
  | { readonly kind: "text"; readonly id: string; readonly span: Span }
  | { readonly kind: "mcp"; readonly uri: string; readonly span: Span };

/** `grant Chat max_tokens 512`, or with one constraint a line. */
export interface GrantDecl extends ItemHead {
  readonly kind: "grant";
  readonly tool: DottedName;
  readonly constraints: readonly GrantConstraint[];
}

/** `max_tokens 512` */
export interface GrantConstraint {
  readonly name: Name;
  readonly value: Expr;
}

/** `macro swap!(a, b) … end` */
export interface MacroDecl extends ItemHead {
  readonly kind: "macro";
  readonly name: Name;
  readonly params: readonly Name[];
  readonly body: Block;
}

/** `active pattern Email(s: String) -> (String, String)? … end` */
export interface ActivePatternDecl extends ItemHead {
  readonly kind: "activePattern";
  readonly name: Name;
  readonly params: readonly Param[];
  readonly result: ActivePatternResult;
  readonly body: Body;
}

/** `T`, `T partial`, or `|A|B|C|`. `T?` is a type like any other here. */
export type ActivePatternResult =
  | { readonly kind: "type"; readonly type: TypeExpr; readonly isPartial: boolean }
  | { readonly kind: "choice"; readonly names: readonly Name[]; readonly span: Span };

/** `agent Helper … end` */
export interface AgentDecl extends ItemHead {
  readonly kind: "agent";
  readonly name: Name;
  readonly cells: readonly CellDecl[];
  readonly grants: readonly GrantDecl[];
  readonly tools: readonly UseToolDecl[];
  /** Attributes inside that no member follows. */
  readonly metadata: readonly Attribute[];
  readonly sections: readonly Section[];
}

/** The constructor-backed processes of language 12. */
export type ProcessKind =
  | "pipeline"
  | "orchestration"
  | "machine"
  | "memory"
  | "guardrail"
  | "eval"
  | "pattern";

/** `machine Door … end`. Members that a kind does not use are kept and ignored. */
export interface ProcessDecl extends ItemHead {
  readonly kind: "process";
  readonly process: ProcessKind;
  readonly name: Name;
  /** `memory Notes: store`. Metadata. */
  readonly base: Name | null;
  readonly cells: readonly CellDecl[];
  readonly grants: readonly GrantDecl[];
  readonly tools: readonly UseToolDecl[];
  /** Attributes inside that no member follows. */
  readonly metadata: readonly Attribute[];
  readonly stages: readonly DottedName[];
  readonly initial: Name | null;
  readonly states: readonly MachineState[];
  readonly configs: readonly Config[];
  readonly sections: readonly Section[];
}

/** `name: expr` of a process or supervisor. */
export interface Config {
  readonly name: Name;
  readonly value: Expr;
}

/** A line that no rule knows, with its indented payload: metadata. `name` of an attribute: `@x`. */
export interface Section {
  readonly name: string;
  /** What follows the name: lines without the blanks around them, blank lines left out. */
  readonly text: string;
  readonly span: Span;
}

/** `state Locked(tries: Int) … end` of a machine. */
export interface MachineState {
  readonly attributes: readonly Attribute[];
  readonly name: Name;
  readonly params: readonly Param[];
  readonly isTerminal: boolean;
  readonly guard: Expr | null;
  readonly transitions: readonly Transition[];
  readonly hooks: readonly Hook[];
  readonly span: Span;
}

/** `transition Open(x + 1) if x > 0`. `args` null: written without parentheses. */
export interface Transition {
  readonly target: Name;
  readonly args: readonly Expr[] | null;
  readonly condition: Expr | null;
  readonly span: Span;
}

/** `on_enter … end`, `on_event(e) … end`, `on_timeout … end`. */
export interface Hook {
  readonly event: "on_enter" | "on_event" | "on_timeout";
  readonly params: readonly Param[];
  readonly row: EffectRow | null;
  readonly body: readonly HookStep[];
  readonly span: Span;
}

/** A hook runs statements and takes transitions, in the order of its lines. */
export type HookStep =
  | { readonly kind: "statement"; readonly statement: Statement }
  | { readonly kind: "transition"; readonly transition: Transition };

/** `typestate File … end` */
export interface TypestateDecl extends ItemHead {
  readonly kind: "typestate";
  readonly name: Name;
  readonly states: readonly Name[];
  readonly initial: Name | null;
  readonly transitions: readonly TypestateTransition[];
}

/** `transition close: Open -> Closed` */
export interface TypestateTransition {
  readonly method: Name;
  readonly from: Name;
  readonly to: Name;
  readonly span: Span;
}

/** `session Login … end` */
export interface SessionDecl extends ItemHead {
  readonly kind: "session";
  readonly name: Name;
  readonly generics: readonly GenericParam[];
  readonly steps: readonly SessionStep[];
}

/** One step of a protocol. */
export type SessionStep =
  | {
      readonly kind: "message";
      readonly from: Name;
      readonly to: Name;
      readonly type: TypeExpr;
      readonly span: Span;
    }
  | {
      readonly kind: "choice";
      readonly role: Name;
      readonly cases: readonly { readonly label: Name; readonly steps: readonly SessionStep[] }[];
      readonly span: Span;
    }
  | {
      readonly kind: "loop";
      readonly label: Name;
      readonly steps: readonly SessionStep[];
      readonly span: Span;
    }
  | { readonly kind: "continue"; readonly label: Name; readonly span: Span }
  /** `state Waiting`: no step, but a name for the place where it stands. */
  | { readonly kind: "state"; readonly name: Name; readonly span: Span };

/** `actor Counter(start: Int) … end` */
export interface ActorDecl extends ItemHead {
  readonly kind: "actor";
  readonly name: Name;
  readonly params: readonly Param[];
  readonly states: readonly ActorState[];
  readonly messages: readonly ActorMessage[];
  readonly cells: readonly CellDecl[];
}

/** `state n: Int = start` of an actor. */
export interface ActorState {
  readonly name: Name;
  readonly type: TypeExpr | null;
  readonly value: Expr;
  readonly span: Span;
}

/** `on Add(k: Int) … end` */
export interface ActorMessage {
  readonly name: Name;
  readonly params: readonly Param[];
  readonly result: TypeExpr | null;
  readonly row: EffectRow | null;
  readonly body: Body;
  readonly span: Span;
}

/** `supervisor Root … end` */
export interface SupervisorDecl extends ItemHead {
  readonly kind: "supervisor";
  readonly name: Name;
  readonly configs: readonly Config[];
  readonly children: readonly SupervisedChild[];
}

/** `child counter = Counter(0) restart: permanent` */
export interface SupervisedChild {
  readonly name: Name;
  readonly value: Expr;
  readonly restart: "permanent" | "transient" | "temporary";
  readonly span: Span;
}
