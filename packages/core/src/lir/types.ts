// The types of LIR: what a register may hold. A module refers to them by index into its type table.

/** Index into the type table of a module. */
export type TypeIndex = number;

/** A typed, named part of a record. */
export interface LirField {
  readonly name: string;
  readonly type: TypeIndex;
}

/** One payload component of a variant. */
export interface LirComponent {
  readonly label: string | null;
  readonly type: TypeIndex;
}

/** One variant of an enum; its position is its tag. */
export interface LirVariant {
  readonly name: string;
  readonly payload: readonly LirComponent[];
}

/** In the row of a function type: any effects, those of the function at hand (language.md 9.4). */
export const ANY_EFFECT = "*";

/** The effect under which a `request` calls a cell of the host (lir.md 8, clause 5). */
export const EXTERN_EFFECT = "extern";

/** A type. Records and enums are nominal: equal names and equal parts, compared through indices. */
export type LirType =
  | { readonly kind: "any" }
  | { readonly kind: "null" }
  | { readonly kind: "bool" }
  | { readonly kind: "int" }
  | { readonly kind: "float" }
  | { readonly kind: "string" }
  | { readonly kind: "bytes" }
  | { readonly kind: "json" }
  | { readonly kind: "list"; readonly item: TypeIndex }
  | { readonly kind: "set"; readonly item: TypeIndex }
  | { readonly kind: "map"; readonly key: TypeIndex; readonly value: TypeIndex }
  | { readonly kind: "tuple"; readonly items: readonly TypeIndex[] }
  | { readonly kind: "option"; readonly item: TypeIndex }
  | { readonly kind: "result"; readonly ok: TypeIndex; readonly error: TypeIndex }
  | { readonly kind: "record"; readonly name: string; readonly fields: readonly LirField[] }
  | { readonly kind: "enum"; readonly name: string; readonly variants: readonly LirVariant[] }
  | {
      readonly kind: "fn";
      readonly params: readonly TypeIndex[];
      readonly result: TypeIndex;
      readonly row: readonly string[];
    }
  | { readonly kind: "union"; readonly members: readonly TypeIndex[] }
  /** Something that lives in a machine: `Iterator`, later futures, generators, channel ends. */
  | { readonly kind: "opaque"; readonly name: string; readonly args: readonly TypeIndex[] };
