// Shapes of the records and enums of a program: one object per name and parts, whichever module
// declares them, so that equal types compare fast.

import type { LirModule, LirType, TypeIndex } from "@lumen/core/lir";
import type { EnumShape, RecordShape, VariantShape } from "@lumen/core/value";

/** Kinds of types whose values are never marked shared: they have no parts. */
export const SCALAR_KINDS: ReadonlySet<LirType["kind"]> = new Set<LirType["kind"]>([
  "null",
  "bool",
  "int",
  "float",
  "string",
  "bytes",
]);

/** The shape of each type of a module; null for types that are neither record nor enum. */
export type ModuleShapes = readonly (RecordShape | EnumShape | null)[];

/** Makes the shapes of a program's modules. */
export class ShapeTable {
  private readonly known = new Map<string, RecordShape | EnumShape>();

  /** Shapes parallel to the type table of one module. */
  shapesOf(types: readonly LirType[]): ModuleShapes {
    return types.map((type) => {
      if (type.kind === "record") {
        const fields = type.fields.map((field) => field.name);
        const isFloat = type.fields.map((field) => types[field.type]?.kind === "float");
        const floats = isFloat.includes(true) ? { floats: isFloat } : {};
        return this.intern({ name: plainName(type.name), fields, ...floats });
      }
      if (type.kind !== "enum") return null;
      const variants = type.variants.map(
        ({ name, payload }): VariantShape => ({
          name,
          arity: payload.length,
          labels: payload.map((component) => component.label),
        }),
      );
      return this.intern({ name: plainName(type.name), variants });
    });
  }

  private intern(shape: RecordShape | EnumShape): RecordShape | EnumShape {
    const key = JSON.stringify(shape);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.known.set(key, shape);
    return shape;
  }
}

/** Whether a type is the list of Floats: such lists hold the numbers inside them. */
export function isFloatList({ types }: Pick<LirModule, "types">, index: TypeIndex): boolean {
  const type = types[index];
  return type?.kind === "list" && types[type.item]?.kind === "float";
}

/** The name that values carry: generic types append their arguments to it, values do not. */
function plainName(name: string): string {
  const bracket = name.indexOf("[");
  return bracket === -1 ? name : name.slice(0, bracket);
}

/** True when a record has the shape of a type; values from outside bring shapes of their own. */
export function isRecordOf(shape: RecordShape, type: LirType & { kind: "record" }): boolean {
  if (shape.name !== plainName(type.name) || shape.fields.length !== type.fields.length) {
    return false;
  }
  return type.fields.every((field, i) => field.name === shape.fields[i]);
}

/** True when a variant is one of the enum of a type. */
export function isVariantOf(shape: EnumShape, type: LirType & { kind: "enum" }): boolean {
  if (shape.name !== plainName(type.name) || shape.variants.length !== type.variants.length) {
    return false;
  }
  return type.variants.every((variant, i) => variant.name === shape.variants[i]?.name);
}

/** Index of a type of that kind in a table, for tests of values that name no type. */
export function typeAt(types: readonly LirType[], index: TypeIndex): LirType {
  return types[index] ?? { kind: "any" };
}
