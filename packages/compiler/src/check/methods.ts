// Which methods the values of a type have, and which traits it implements, over the whole program
// (language 5, 7).

import type { Type } from "../hir/type.ts";
import {
  type Bounds,
  type CellSymbol,
  type ImplSymbol,
  type ModuleScope,
  report,
  type TraitSymbol,
} from "../resolve/scope.ts";
import { isAncestor, memberOf } from "../resolve/traits.ts";

/** What identifies a type whatever its arguments: its declaration, or the name of its kind. */
type TypeKey = object | string;

/** Methods and impls of all types. */
export interface MethodTable {
  readonly byType: ReadonlyMap<TypeKey, ReadonlyMap<string, CellSymbol>>;
  /** Impls of a trait and of those that have it as an ancestor. */
  readonly implsOf: ReadonlyMap<TraitSymbol, readonly ImplSymbol[]>;
}

/** Null for types that no impl can be for. */
export function typeKey(type: Type): TypeKey | null {
  switch (type.kind) {
    case "record":
    case "enum":
    case "process":
      return type.decl;
    case "opaque":
      return type.name;
    case "param":
    case "union":
    case "error":
    case "never":
    case "any":
      return null;
    default:
      return type.kind;
  }
}

/** Collects the methods of all modules; a second impl of a trait for a type is E0105. */
export function collectMethods(scopes: readonly ModuleScope[]): MethodTable {
  const byType = new Map<TypeKey, Map<string, CellSymbol>>();
  const enter = (type: Type, name: string, cell: CellSymbol): void => {
    const key = typeKey(type);
    if (key === null) return;
    const methods = byType.get(key) ?? new Map<string, CellSymbol>();
    byType.set(key, methods);
    if (!methods.has(name)) methods.set(name, cell);
  };
  for (const scope of scopes) {
    for (const [name, cell] of scope.cells) {
      if (cell.scope !== scope || cell.self === null || !name.includes(".")) continue;
      enter(cell.self, name.slice(name.lastIndexOf(".") + 1), cell);
    }
  }
  const impls = scopes.flatMap((scope) => scope.impls);
  for (const impl of impls)
    for (const [name, cell] of defaultsOf(impl)) enter(impl.target, name, cell);
  reportRepeated(impls);
  return { byType, implsOf: implsByTrait(impls) };
}

/** Impls of traits, and of those that have them as an ancestor, in the order of the program. */
function implsByTrait(impls: readonly ImplSymbol[]): MethodTable["implsOf"] {
  const byTrait = new Map<TraitSymbol, ImplSymbol[]>();
  for (const impl of impls) {
    const traits = new Set(impl.trait === null ? [] : [impl.trait]);
    // The set grows while it is walked.
    for (const trait of traits) {
      for (const parent of trait.parents) traits.add(parent);
      const known = byTrait.get(trait);
      if (known === undefined) byTrait.set(trait, [impl]);
      else known.push(impl);
    }
  }
  return byTrait;
}

/** Methods with a default body, of the trait of an impl and its ancestors. */
function defaultsOf(impl: ImplSymbol): readonly (readonly [string, CellSymbol])[] {
  const collect = (trait: TraitSymbol): readonly (readonly [string, CellSymbol])[] => [
    ...[...trait.members].flatMap(([name, member]): readonly (readonly [string, CellSymbol])[] => {
      const cell = trait.scope.cells.get(`${trait.decl.name.text}.${name}`);
      return member.hasDefault && cell !== undefined ? [[name, cell]] : [];
    }),
    ...trait.parents.flatMap(collect),
  ];
  return impl.trait === null ? [] : collect(impl.trait);
}

function reportRepeated(impls: readonly ImplSymbol[]): void {
  const seen = new Map<TypeKey, ImplSymbol[]>();
  for (const impl of impls) {
    const key = typeKey(impl.target);
    if (key === null || impl.trait === null) continue;
    const earlier = seen.get(key) ?? [];
    seen.set(key, [...earlier, impl]);
    const other = earlier.find((x) => x.trait === impl.trait);
    // Methods of one name are reported as cells that are declared twice.
    if (other === undefined || sharesMethod(impl, other)) continue;
    const message = `trait '${impl.trait.decl.name.text}' is implemented twice for this type`;
    report(impl.scope, "E0105", impl.decl.target.span, message);
  }
}

function sharesMethod(a: ImplSymbol, b: ImplSymbol): boolean {
  const names = new Set(b.decl.methods.map((m) => m.name.text));
  return a.scope === b.scope && a.decl.methods.some((m) => names.has(m.name.text));
}

/** The method of a name that values of a type have, or undefined. */
export function methodOf(table: MethodTable, type: Type, name: string): CellSymbol | undefined {
  const key = typeKey(type);
  return key === null ? undefined : table.byType.get(key)?.get(name);
}

/** Names of the methods that values of a type have, but for those that the compiler made. */
export function methodNames(table: MethodTable, type: Type): readonly string[] {
  const key = typeKey(type);
  const names = key === null ? [] : [...(table.byType.get(key)?.keys() ?? [])];
  return names.filter((name) => !name.includes("$"));
}

/** True when a type has all methods of a trait, by an impl or by its bounds. */
export function implementsTrait(
  table: MethodTable,
  bounds: Bounds,
  type: Type,
  trait: TraitSymbol,
): boolean {
  if (type.kind === "any" || type.kind === "error" || type.kind === "never") return true;
  if (type.kind === "param") {
    return (bounds.get(type.name) ?? []).some((b) => b === trait || isAncestor(b, trait));
  }
  const key = typeKey(type);
  return table.implsOf.get(trait)?.some((impl) => typeKey(impl.target) === key) === true;
}

/** The member that a bounded parameter's traits give a method name, or null. */
export function boundMember(
  bounds: Bounds,
  type: Type,
  name: string,
): { readonly trait: TraitSymbol; readonly symbol: CellSymbol } | null {
  if (type.kind !== "param") return null;
  for (const bound of bounds.get(type.name) ?? []) {
    const found = memberOf(bound, name);
    const symbol = found?.trait.members.get(name)?.symbol;
    if (found !== null && symbol !== undefined) return { trait: found.trait, symbol };
  }
  return null;
}
