// The form of tiles and sequences (language 21.1 to 21.3): signature, serialisable types, recur
// shape.

import type { TypeDescriptor } from "@lumen/core/value";
import type { Type } from "../hir/type.ts";
import { type CellSymbol, report } from "../resolve/scope.ts";
import { renderType } from "../types/render-type.ts";
import { sameType } from "../types/simple-types.ts";
import { describeType, type NotSerializable } from "./descriptor.ts";

/** Descriptors of a tile or sequence whose signature is in order. */
export interface TileSignature {
  readonly params: readonly TypeDescriptor[];
  readonly output: TypeDescriptor;
  /** E of a tile that returns result[T, E]. */
  readonly error: TypeDescriptor | null;
}

/** Checks E0804, E0806, E0807 and the reserved names (E0803); null where one was reported. */
export function checkTileSignature(symbol: CellSymbol): TileSignature | null {
  const { decl, scope, nameSpan } = symbol;
  const what = symbol.tile !== null ? "tile" : "sequence";
  const name = symbol.ref.name;
  const refuse = (message: string): null => {
    report(scope, "E0804", nameSpan, `${what} '${name}' ${message}`);
    return null;
  };
  if (symbol.tile !== null && symbol.sequence !== null)
    return refuse("cannot be both tile and sequence");
  if (/__e[0-9]+$/.test(name)) {
    report(scope, "E0803", nameSpan, `the name '${name}' is reserved for lifted tiles`);
    return null;
  }
  if (name.includes(".")) return refuse("is a method; it must be a top-level cell");
  if (!scope.ast.items.includes(decl)) return refuse("is a local cell; move it to the top level");
  if (decl.isAsync) return refuse("cannot be async");
  if (symbol.generics.length > 0)
    return refuse(`has type parameters [${symbol.generics.join(", ")}]`);
  if (symbol.params.some((p) => p.variadic)) return refuse("has a variadic parameter");
  const untyped = symbol.params.find((p) => !p.isTyped);
  if (untyped !== undefined) return refuse(`leaves the type of parameter '${untyped.name}' out`);
  if (symbol.declaredResult === null) return refuse("leaves its result type out");
  if (symbol.declaredResult.kind === "opaque" && symbol.declaredResult.name === "Generator")
    return refuse("is a generator");
  if (symbol.tile?.kind === "recur" && !checkRecur(symbol, symbol.declaredResult)) return null;
  return describe(symbol, symbol.declaredResult);
}

/** `(Bool, S1, …, Sk)` for parameters S1 … Sk (E0807). */
function checkRecur(symbol: CellSymbol, declared: Type): boolean {
  const output = declared.kind === "result" ? declared.ok : declared;
  const params = symbol.params.map((p) => p.type);
  const expected: Type = { kind: "tuple", items: [{ kind: "bool" }, ...params] };
  if (params.length > 0 && sameType(output, expected)) return true;
  const wanted = params.length === 0 ? "at least one parameter" : renderType(expected);
  report(
    symbol.scope,
    "E0807",
    symbol.decl.result?.span ?? symbol.nameSpan,
    `recur tile '${symbol.ref.name}' must return ${wanted}, got ${renderType(declared)}`,
    {
      expected: wanted,
      found: renderType(declared),
    },
  );
  return false;
}

function describe(symbol: CellSymbol, declared: Type): TileSignature | null {
  const isTile = symbol.tile !== null;
  const okType = isTile && declared.kind === "result" ? declared.ok : declared;
  const errorType = isTile && declared.kind === "result" ? declared.error : null;
  let sound = true;
  const descriptor = (type: Type, where: string, around = 0): TypeDescriptor => {
    const found = describeType(type, around);
    if (found.ok) return found.value;
    sound = false;
    reportNotSerializable(symbol, where, found.error);
    return "unit";
  };
  // Several parameters are encoded as one tuple (formats 6).
  const around = symbol.params.length > 1 ? 1 : 0;
  const params = symbol.params.map((p) => descriptor(p.type, `parameter '${p.name}'`, around));
  const output = descriptor(okType, "the result");
  const error = errorType === null ? null : descriptor(errorType, "the error");
  return sound ? { params, output, error } : null;
}

function reportNotSerializable(symbol: CellSymbol, where: string, error: NotSerializable): void {
  const at = error.path === "" ? "" : ` (at ${error.path})`;
  const param = symbol.params.find((p) => where === `parameter '${p.name}'`);
  report(
    symbol.scope,
    "E0806",
    param?.span ?? symbol.decl.result?.span ?? symbol.nameSpan,
    `${where} of '${symbol.ref.name}' cannot be serialised: ${error.reason}${at}`,
    {
      found: error.reason,
    },
  );
}
