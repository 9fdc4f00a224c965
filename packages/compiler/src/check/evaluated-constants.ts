// Constants whose value takes more than folding: what stands behind `=` is a `comptime` block, a
// hidden cell that the compiler runs (language 5, 14).

import type { HirCell } from "../hir/hir.ts";
import type { CellRef } from "../hir/type.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import type { ConstSymbol, ConstValue } from "../resolve/scope.ts";
import { joinTypes } from "../types/relations.ts";
import { NULL, optionOf } from "../types/simple-types.ts";
import { finishLocals, makeContext, type Session } from "./context.ts";
import { convert } from "./convert.ts";
import { checkExpr } from "./recursion.ts";

/** Types the value of a constant; what is wrong with it is reported in its module. */
export function checkEvaluated(session: Session, symbol: ConstSymbol): ConstValue {
  const { decl, scope } = symbol;
  const { name } = decl;
  const { span } = decl.value;
  const code = `${name.text}$const$comptime0`;
  const generics: ReadonlySet<string> = new Set();
  const declared = decl.type === null ? null : resolveType(decl.type, { scope, generics });
  const inner = makeContext({
    session,
    scope,
    name: code,
    kind: "hidden",
    generics,
    result: null,
    parent: null,
  });
  const natural = checkExpr(inner, decl.value, declared);
  const type = declared ?? (natural.type.kind === "never" ? NULL : joinTypes([natural.type]));
  const body = convert(inner, natural, type, `constant '${name.text}'`);
  const cell: CellRef = { module: scope.source.name, name: code };
  const use = { kind: "comptime", cell, slot: { value: null }, type, span } as const;
  const base = { kind: "hidden", params: [], captures: [], row: [], span, generics: [] } as const;
  const hidden = (cellOf: Pick<HirCell, "name" | "locals" | "result" | "body">): HirCell => ({
    ...base,
    ...cellOf,
  });
  const locals = finishLocals(inner, optionOf);
  const asks = { name: `${name.text}$const`, locals: [], result: type, body: use };
  return {
    kind: "evaluated",
    type,
    use,
    cells: [
      {
        cell: hidden({ name: code, locals, result: type, body }),
        scope,
        symbol: null,
        causes: inner.causes,
        hidden: inner.hidden,
      },
      { cell: hidden(asks), scope, symbol: null, causes: [], hidden: [] },
    ],
  };
}
