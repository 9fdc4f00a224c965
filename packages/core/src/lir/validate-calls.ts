// Rules of the opcodes that call and make functions (lir.md 8, clause 5): arity, types, rows.

import { builtinByNumber, builtinRow } from "../builtins/builtins.ts";
import { ANY_EFFECT, type LirType, type TypeIndex } from "./types.ts";
import { handlesOperation } from "./validate-contexts.ts";
import {
  firstOf,
  flows,
  isKind,
  numberAt,
  type Signature,
  type Site,
  shapeOf,
  typeAt,
  typesAt,
} from "./validate-site.ts";

/** `call w c R` */
export function checkCall(site: Site): string | null {
  return withCallee(site, 1, (callee) =>
    firstOf(
      () => checkDirect(site, callee, typesAt(site, 2)),
      () => flows(site, callee.result, typeAt(site, 0), `the result of '${callee.name}'`),
    ),
  );
}

/** `tail_call c R`: the result is that of the calling cell. */
export function checkTailCall(site: Site): string | null {
  const { cell, offset } = site.context;
  return withCallee(site, 0, (callee) =>
    firstOf(
      () => checkDirect(site, callee, typesAt(site, 1)),
      () => flows(site, callee.result, cell.result + offset, `the result of '${callee.name}'`),
    ),
  );
}

/** `call_recur w c R i`: a recur tile; its result has the type that one run has. */
export function checkRecurCall(site: Site): string | null {
  return withCallee(site, 1, (callee) =>
    firstOf(
      () => (callee.kind === "tile" ? null : `'${callee.name}' is not a tile`),
      () => checkRecurResult(site, callee),
      () => checkDirect(site, callee, typesAt(site, 2)),
      () => flows(site, callee.result, typeAt(site, 0), `the result of '${callee.name}'`),
    ),
  );
}

/** `(Bool, S1, …, Sk)` for parameters S1 … Sk, or a result of it. */
function checkRecurResult(site: Site, callee: Signature): string | null {
  const whole = shapeOf(site, callee.result);
  const tuple = whole.kind === "result" ? shapeOf(site, whole.ok) : whole;
  const [done, ...state] = tuple.kind === "tuple" ? tuple.items : [];
  const { isSame } = site.context.relations;
  const fits =
    done !== undefined &&
    shapeOf(site, done).kind === "bool" &&
    state.length === callee.params.length &&
    state.every((type, i) => isSame(type, callee.params[i] ?? -1));
  return fits ? null : `'${callee.name}' does not have the result of a recur tile`;
}

/** `call_closure w r R` */
export function checkClosureCall(site: Site): string | null {
  const type = shapeOf(site, typeAt(site, 1));
  if (type.kind !== "fn") return isKind(site, 1, "fn");
  return firstOf(
    () => checkArguments(site, "the function", type.params, typesAt(site, 2)),
    () => flows(site, type.result, typeAt(site, 0), "the result"),
    () =>
      checkRow(
        site,
        "the function",
        type.row.filter((effect) => effect !== ANY_EFFECT),
      ),
  );
}

/** `call_builtin w b R`: the effect is part of the row. */
export function checkBuiltinCall(site: Site): string | null {
  const name = builtinByNumber(numberAt(site, 1));
  if (name === undefined) return `builtin ${numberAt(site, 1)} does not exist`;
  const { effect } = builtinRow(name);
  return effect === "" ? null : checkRow(site, `builtin '${name}'`, [effect]);
}

/** `closure w c R`: captures fit, and the callee has the function type that is written. */
export function checkClosure(site: Site): string | null {
  const type = shapeOf(site, typeAt(site, 0));
  if (type.kind !== "fn") return isKind(site, 0, "fn");
  return withCallee(site, 1, (callee) =>
    firstOf(
      () => checkArguments(site, `captures of '${callee.name}'`, callee.captures, typesAt(site, 2)),
      () => checkFunctionType(site, callee, type),
    ),
  );
}

function checkFunctionType(
  site: Site,
  callee: Signature,
  type: LirType & { kind: "fn" },
): string | null {
  const { name, params, result, row } = callee;
  const open = type.row.includes(ANY_EFFECT);
  const missing = open ? undefined : row.find((effect) => !type.row.includes(effect));
  if (missing !== undefined) return `'${name}' has effect '${missing}', its function type has not`;
  return firstOf(
    () => checkArguments(site, `'${name}'`, params, type.params),
    () => flows(site, result, type.result, `the result of '${name}'`),
    // Nobody counts an open row where the function is called, so it is counted where it is made.
    () => (open ? checkRow(site, `'${name}'`, row) : null),
  );
}

/** Null for a callee that is not looked at now. */
export function withCallee(
  site: Site,
  operand: number,
  rule: (callee: Signature) => string | null,
): string | null {
  const callee = site.context.signatureOf(numberAt(site, operand));
  return callee === null ? null : rule(callee);
}

function checkDirect(site: Site, callee: Signature, given: readonly TypeIndex[]): string | null {
  if (callee.captures.length > 0) return `'${callee.name}' has captures: only a closure calls it`;
  return firstOf(
    () => checkArguments(site, `'${callee.name}'`, callee.params, given),
    () => checkRow(site, `'${callee.name}'`, callee.row),
  );
}

/** As many arguments as parameters, each fitting. */
export function checkArguments(
  site: Site,
  what: string,
  params: readonly TypeIndex[],
  given: readonly TypeIndex[],
): string | null {
  if (params.length !== given.length)
    return `${given.length} arguments for ${what}, expected ${params.length}`;
  for (const [i, type] of given.entries()) {
    const to = params[i] ?? -1;
    const text = flows(site, type, to, `argument ${i + 1} of ${what}`);
    if (text !== null) return text;
  }
  return null;
}

/** Each effect is in the row of the cell, or a handle around the site takes it. */
export function checkRow(site: Site, what: string, row: readonly string[]): string | null {
  const { cell, module } = site.context;
  const takes = (effect: string): boolean =>
    handlesOperation({ cell, context: site.place }, (constant) => {
      const named = module.constants[constant];
      const operation = named?.kind === "string" ? named.value : "";
      return operation.toLowerCase().startsWith(`${effect}.`);
    });
  const missing = row.find((effect) => !cell.row.includes(effect) && !takes(effect));
  return missing === undefined ? null : `${what} has effect '${missing}', which the row has not`;
}
