// Pure operands become hidden tiles over their free names (language 21.3, formats 9.6).

import type { BindingDocument, ItemDocument } from "@lumen/core/cfs";
import type { Span } from "@lumen/core/diagnostic";
import { required } from "@lumen/core/result";
import type { HirExpr } from "../hir/hir.ts";
import { freeLocals, someExpr } from "../hir/visit.ts";
import { sameType } from "../types/simple-types.ts";
import {
  addItem,
  type Block,
  describeKind,
  descriptorOf,
  type Extraction,
  isUnitCall,
  lambdaCallsUnit,
  refuse,
} from "./extraction.ts";
import { bindingOf, type Operand, outputsOf } from "./operand.ts";

/** Compiles a pure expression to a hidden tile over its free names and calls it. */
export function lift(x: Extraction, block: Block, e: HirExpr): Operand | null {
  const forbidden = findForbidden(x, e);
  if (forbidden !== null) {
    refuse(x, forbidden.code, forbidden.span, forbidden.message, forbidden.help);
    return null;
  }
  const free = freeLocals(e);
  const id = `${x.cell.name}__e${x.lifted.length}`;
  const params = free.map((local) => {
    const declared = required(x.cell.locals[local], "a free local is declared");
    return { local, name: declared.name ?? `v${local}`, type: declared.type, default: null };
  });
  // Several parameters are encoded as one tuple (formats 6).
  const levelsAround = params.length > 1 ? 1 : 0;
  const types = params.map((param) => param.type);
  // One report for one type.
  const others = types.filter((type, i) => types.findIndex((t) => sameType(t, type)) === i);
  for (const type of others) descriptorOf(x, type, e.span, levelsAround);
  descriptorOf(x, e.type, e.span);
  x.lifted.push({
    name: id,
    kind: "tile",
    params,
    captures: [],
    locals: x.cell.locals,
    result: e.type,
    row: [],
    body: e,
    span: e.span,
    generics: [],
  });
  const inputs: BindingDocument[] = [];
  for (const local of free) {
    const operand = x.values.get(local);
    if (operand === undefined) return null;
    inputs.push(bindingOf(operand, block.place));
  }
  const item: ItemDocument = { item_type: "tile", item_id: id, input_sources: inputs };
  return addItem(block, item, outputsOf(e.type));
}

interface Forbidden {
  readonly code: "E0809" | "E0810";
  readonly span: Span;
  readonly message: string;
  readonly help?: string;
}

/** What no operand may hold: calls of tiles, lambdas, jumps out of the expression. */
function findForbidden(x: Extraction, e: HirExpr): Forbidden | null {
  let found: Forbidden | null = null;
  someExpr(e, (part) => {
    if (isUnitCall(x, part) || (part.kind === "closure" && lambdaCallsUnit(x, part.cell))) {
      found = {
        code: "E0809",
        span: part.span,
        message: "a tile or sequence cannot be called inside an expression of a sequence",
        help: "Bind the call with `let` first.",
      };
    } else if (["while", "loop", "propagate", "tryElse", "return", "closure"].includes(part.kind)) {
      found = {
        code: "E0809",
        span: part.span,
        message: `a sequence has no ${describeKind(part)}`,
        help: "Move it into a tile.",
      };
    }
    return found !== null;
  });
  return found;
}
