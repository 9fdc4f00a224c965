// Types as the checker sees them: resolved, with declarations attached. Lowering turns them into
// LIR types, the tile rules into type descriptors.

import type { Span } from "@lumen/core/diagnostic";
import type { ActorDecl, AgentDecl, ProcessDecl, SupervisorDecl } from "@lumen/syntax";

/** Types without parts. `never`: no value arrives; `error`: already reported, fits everything. */
export type SimpleKind =
  | "any"
  | "null"
  | "bool"
  | "int"
  | "float"
  | "string"
  | "bytes"
  | "json"
  | "never"
  | "error";

/** A resolved type. `param` is a generic parameter of the enclosing declaration. */
export type Type =
  | { readonly kind: Exclude<SimpleKind, "any"> }
  /** `isOpen`: nothing is known yet, as of the elements of `[]`; a generic parameter stays free. */
  | { readonly kind: "any"; readonly isOpen?: true }
  | { readonly kind: "list"; readonly item: Type }
  | { readonly kind: "set"; readonly item: Type }
  | { readonly kind: "map"; readonly key: Type; readonly value: Type }
  | { readonly kind: "tuple"; readonly items: readonly Type[] }
  | { readonly kind: "option"; readonly item: Type }
  | { readonly kind: "result"; readonly ok: Type; readonly error: Type }
  | { readonly kind: "record"; readonly decl: RecordSymbol; readonly args: readonly Type[] }
  | { readonly kind: "enum"; readonly decl: EnumSymbol; readonly args: readonly Type[] }
  | {
      readonly kind: "fn";
      readonly params: readonly Type[];
      readonly result: Type;
      /** null: accepts any row, and its effects flow to the caller (language 9.4). */
      readonly row: readonly string[] | null;
    }
  | { readonly kind: "union"; readonly members: readonly Type[] }
  /** `A & B`: any record with at least these fields (language 9.1); Any in LIR. */
  | { readonly kind: "shape"; readonly fields: readonly ShapeField[] }
  /** Something that lives in a machine; invariant, without wire form. */
  | { readonly kind: "opaque"; readonly name: OpaqueName; readonly args: readonly Type[] }
  /** An instance of an agent, process, actor or supervisor (language 12, 13.5). */
  | { readonly kind: "process"; readonly decl: ProcessSymbol }
  /** One side of a session in one of its states (language 19.5); linear. */
  | {
      readonly kind: "endpoint";
      readonly session: SessionSymbol;
      readonly role: SessionRole;
      readonly state: number;
      readonly args: readonly Type[];
    }
  | { readonly kind: "param"; readonly name: string };

/** A field of a shape. */
export interface ShapeField {
  readonly name: string;
  readonly type: Type;
}

/** The opaque types by name, with the number of their type arguments. */
export const OPAQUE_TYPES = {
  Future: 1,
  Generator: 1,
  Sender: 1,
  Receiver: 1,
  TraceRef: 0,
  Nursery: 0,
} as const;

/** Name of an opaque type that can be written. */
export type WrittenOpaque = keyof typeof OPAQUE_TYPES;

/** Name of an opaque type. `Iterator` has one argument: what a `for` over a container gives. */
export type OpaqueName = WrittenOpaque | "Iterator";

/** A declaration whose name constructs an instance; its cells are `Name.cell`. */
export interface ProcessSymbol {
  readonly module: string;
  readonly name: string;
  readonly decl: AgentDecl | ProcessDecl | ActorDecl | SupervisorDecl;
  readonly span: Span;
}

/** Index of a role in `SessionSymbol.roles`. */
export type SessionRole = 0 | 1;

/** A protocol. State 0 is its end. */
export interface SessionSymbol {
  readonly module: string;
  readonly name: string;
  readonly generics: readonly string[];
  readonly roles: readonly [string, string];
  readonly states: readonly SessionState[];
  readonly start: number;
  /** States by the names of places, loops and cases; cases of several choices may share a name. */
  readonly places: ReadonlyMap<string, ReadonlySet<number>>;
  readonly span: Span;
}

/** What happens next, seen from outside; message types are filled in after all names are known. */
export type SessionState =
  | { readonly kind: "end" }
  | { readonly kind: "message"; readonly from: SessionRole; type: Type; readonly next: number }
  | {
      readonly kind: "choice";
      readonly role: SessionRole;
      readonly cases: readonly { readonly label: string; readonly next: number }[];
    };

/** A cell by module and LIR name (`f`, `Shape.area`, `f$lambda0`). */
export interface CellRef {
  readonly module: string;
  readonly name: string;
}

/**
 * A record declaration. Field types may mention `generics`; filled in after all names are known.
 */
export interface RecordSymbol {
  readonly module: string;
  readonly name: string;
  readonly generics: readonly string[];
  readonly fields: readonly FieldSymbol[];
  /** Message of `@deprecated`, or null. */
  readonly deprecation: string | null;
  /** Cell that takes the fields in order and faults where a `where` is false; null without any. */
  readonly check: CellRef | null;
  /** Its text did not parse: it may have more fields. */
  readonly isBroken: boolean;
  readonly span: Span;
}

/** A field. `default`: cell that takes the earlier fields and yields the default. */
export interface FieldSymbol {
  readonly name: string;
  readonly type: Type;
  readonly default: CellRef | null;
  readonly span: Span;
}

/** An enum declaration. */
export interface EnumSymbol {
  readonly module: string;
  readonly name: string;
  readonly generics: readonly string[];
  readonly variants: readonly VariantSymbol[];
  /** Message of `@deprecated`, or null. */
  readonly deprecation: string | null;
  readonly span: Span;
}

/** A variant; its position is its tag. */
export interface VariantSymbol {
  readonly name: string;
  readonly payload: readonly { readonly label: string | null; readonly type: Type }[];
  /** Type arguments of the enum that a value of the variant has (19.2); null: as they come. */
  readonly result: readonly Type[] | null;
  readonly span: Span;
}
