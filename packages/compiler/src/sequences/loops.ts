// `for` and `reduce` of a sequence become loop items (formats 9.7).

import type { ItemDocument } from "@lumen/core/cfs";
import type { HirCell, HirExpr, HirPattern, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import {
  addItem,
  type Block,
  containsUnit,
  type Extraction,
  operandOf,
  refuse,
  runStatements,
  unconverted,
} from "./extraction.ts";
import { bindingOf, type Operand } from "./operand.ts";

/** `for x in list` and `for (i, x) in enumerate(list)`. */
export function forEach(
  x: Extraction,
  block: Block,
  e: HirExpr & { kind: "for" },
  name: string | null,
): Operand | null {
  if (e.filter !== null || e.collect === "set" || e.collect === "map" || e.entries) {
    refuse(
      x,
      "E0809",
      e.span,
      "a loop in a sequence runs over a list, without a filter, and collects a list",
    );
    return null;
  }
  const enumerated =
    e.iterable.kind === "callBuiltin" &&
    e.iterable.builtin === "enumerate" &&
    e.binder.kind === "tuple";
  const [first] = e.iterable.kind === "callBuiltin" ? e.iterable.args : [];
  const source = enumerated && first !== undefined ? first : e.iterable;
  if (source.type.kind !== "list") {
    refuse(x, "E0809", e.iterable.span, "a loop in a sequence runs over a list");
    return null;
  }
  const over = operandOf(x, block, source);
  if (over === null) return null;
  const inner = loopBlock(block);
  const element: Operand = { kind: "loopElement", loop: inner.place.loops };
  if (enumerated && e.binder.kind === "tuple") {
    const [index, item] = e.binder.items;
    if (index?.kind === "bind")
      x.values.set(index.local, { kind: "loopIndex", loop: inner.place.loops });
    if (item?.kind === "bind") x.values.set(item.local, element);
  } else bindElement(x, inner, e.binder, element, source.type.item);
  const wanted = e.collect === "list";
  const value = runStatements(x, inner, e.body);
  const collected = wanted && value !== null ? operandOf(x, inner, value) : null;
  if (!wanted && value !== null && containsUnit(x, value)) operandOf(x, inner, value);
  return addLoop(x, block, inner, [over], [], collected, name);
}

/**
 * The loop variable; components of a tuple element are lifted, since a binding has no parts of it.
 */
function bindElement(
  x: Extraction,
  _inner: Block,
  binder: HirPattern,
  element: Operand,
  type: Type,
): void {
  if (binder.kind === "bind") {
    x.values.set(binder.local, element);
    return;
  }
  if (binder.kind === "wildcard") return;
  refuse(
    x,
    "E0809",
    binder.span,
    `a loop in a sequence binds one name${type.kind === "tuple" ? "" : " per element"}`,
    "Take the components inside a tile.",
  );
}

function loopBlock(block: Block): Block {
  const { depth, arms, loops } = block.place;
  return { items: [], place: { depth: depth + 1, arms, loops: loops + 1 } };
}

function addLoop(
  x: Extraction,
  block: Block,
  inner: Block,
  inputs: readonly Operand[],
  next: readonly Operand[],
  collect: Operand | null,
  name: string | null,
): Operand {
  const id = `l${x.counters.loops}`;
  x.counters.loops += 1;
  const outputs = next.length + (collect === null ? 0 : 1);
  const item: ItemDocument = {
    item_type: "loop",
    item_id: id,
    mode: "for_each",
    input_sources: inputs.map((o) => bindingOf(o, block.place)),
    body: {
      items: inner.items,
      next: next.map((o) => bindingOf(o, inner.place)),
      ...(collect === null ? {} : { collect: bindingOf(collect, inner.place) }),
    },
    outputs,
    ...(name === null ? {} : { name }),
  };
  return addItem(block, item, outputs);
}

export function fold(
  x: Extraction,
  block: Block,
  e: HirExpr & { kind: "call" },
  name: string | null,
): Operand | null {
  const [list, closure, init] = e.args.map(unconverted);
  if (list === undefined || init === undefined || closure?.kind !== "closure") return null;
  const over = operandOf(x, block, list);
  const start = operandOf(x, block, init);
  if (over === null || start === null) return null;
  const lambda = x.host.cellOf(closure.cell);
  const inner = loopBlock(block);
  const step = foldStep(x, inner, lambda, closure.captures);
  return step === null ? null : addLoop(x, block, inner, [over, start], [step], null, name);
}

/**
 * The lambda's body with its own locals: parameters are state and element, captures the outer
 * values.
 */
function foldStep(
  x: Extraction,
  inner: Block,
  lambda: HirCell,
  captured: readonly LocalId[],
): Operand | null {
  const values = new Map<LocalId, Operand>();
  const [acc, element] = lambda.params;
  const { loops } = inner.place;
  if (acc !== undefined) values.set(acc.local, { kind: "loopState", loop: loops, index: 0 });
  if (element !== undefined) values.set(element.local, { kind: "loopElement", loop: loops });
  lambda.captures.forEach((local, i) => {
    const outer = captured[i];
    const operand = outer === undefined ? undefined : x.values.get(outer);
    if (operand !== undefined) values.set(local, operand);
  });
  const body: Extraction = { ...x, cell: { ...lambda, name: x.cell.name }, values };
  const step = operandOf(body, inner, lambda.body);
  x.failed ||= body.failed;
  return step;
}
