// `if` and `match` of a sequence become branch items (formats 9.7).

import type { ArmDocument, ItemDocument, WhenDocument } from "@lumen/core/cfs";
import { intFromBigint } from "@lumen/core/value";
import type { HirExpr, HirPattern, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { addItem, type Block, type Extraction, operandOf, refuse } from "./extraction.ts";
import { bindingOf, type Operand, outputsOf } from "./operand.ts";

export function branchOnBool(
  x: Extraction,
  block: Block,
  e: HirExpr & { kind: "if" },
  name: string | null,
): Operand | null {
  if (e.condition.kind === "let") {
    refuse(x, "E0809", e.span, "a sequence has no `if let`", "Use `match`.");
    return null;
  }
  if (e.type.kind !== "null" && lacksElse(e)) {
    const message = "an `if` that gives a value has an `else`";
    refuse(x, "E0809", e.span, message, "Add an `else` with a value for the other case.");
    return null;
  }
  const tested = operandOf(x, block, e.condition.value);
  if (tested === null) return null;
  const arms = [
    armOf(x, block, { bool: true }, e.consequent, e.type, []),
    armOf(x, block, { default: true }, e.otherwise, e.type, []),
  ];
  return addBranch(x, block, tested, arms, e.type, name);
}

function lacksElse({ otherwise }: HirExpr & { kind: "if" }): boolean {
  return otherwise === null || (otherwise.kind === "if" && lacksElse(otherwise));
}

export function branchOnMatch(
  x: Extraction,
  block: Block,
  e: HirExpr & { kind: "match" },
  name: string | null,
): Operand | null {
  const tested = x.values.get(e.subject);
  if (tested === undefined) return null;
  if (!e.exhaustive) {
    refuse(x, "E0809", e.span, "a match in a sequence must be exhaustive", "Add a `_` arm.");
    return null;
  }
  const arms: ArmDocument[] = [];
  for (const arm of e.arms) {
    const [pattern, second] = arm.patterns;
    if (pattern === undefined || second !== undefined || arm.guard !== null) {
      refuse(x, "E0809", arm.span, "an arm in a sequence has one pattern and no guard");
      return null;
    }
    const test = testOf(x, pattern, tested);
    if (test === null) return null;
    arms.push(armOf(x, block, test.when, arm.body, e.type, test.payload));
  }
  return addBranch(x, block, tested, arms, e.type, name);
}

function addBranch(
  x: Extraction,
  block: Block,
  tested: Operand,
  arms: readonly ArmDocument[],
  type: Type,
  name: string | null,
): Operand {
  const id = `b${x.counters.branches}`;
  x.counters.branches += 1;
  const outputs = outputsOf(type);
  const item: ItemDocument = {
    item_type: "branch",
    item_id: id,
    input_sources: [bindingOf(tested, block.place)],
    arms,
    outputs,
    ...(name === null ? {} : { name }),
  };
  return addItem(block, item, outputs);
}

/** One arm; `payload` are the locals that the variant's payload binds, by position. */
function armOf(
  x: Extraction,
  block: Block,
  when: WhenDocument,
  body: HirExpr | null,
  type: Type,
  payload: readonly (LocalId | null)[],
): ArmDocument {
  const { depth, arms, loops } = block.place;
  const inner: Block = { items: [], place: { depth: depth + 1, arms: arms + 1, loops } };
  payload.forEach((local, index) => {
    if (local !== null) x.values.set(local, { kind: "armInput", arm: arms + 1, index });
  });
  const output = body === null ? null : x.rules.body(x, inner, body, type);
  return { when, items: inner.items, ...(output === null ? {} : { output }) };
}

interface ArmTest {
  readonly when: WhenDocument;
  readonly payload: readonly (LocalId | null)[];
}

function testOf(x: Extraction, p: HirPattern, tested: Operand): ArmTest | null {
  switch (p.kind) {
    case "wildcard":
      return { when: { default: true }, payload: [] };
    case "bind":
      x.values.set(p.local, tested);
      return { when: { default: true }, payload: [] };
    case "const":
      if (p.value.kind === "bool") return { when: { bool: p.value.value }, payload: [] };
      if (p.value.kind === "int")
        return { when: { int: intFromBigint(p.value.value) }, payload: [] };
      if (p.value.kind === "string") return { when: { string: p.value.value }, payload: [] };
      break;
    case "variant": {
      if (
        p.decl === null ||
        p.args.some((a) => a !== null && a.kind !== "bind" && a.kind !== "wildcard")
      )
        break;
      const payload = p.args.map((a) => (a?.kind === "bind" ? a.local : null));
      return { when: { variant: p.decl.variants[p.tag]?.name ?? "" }, payload };
    }
    default:
      break;
  }
  refuse(x, "E0809", p.span, "an arm in a sequence tests a literal, a variant with names, or `_`");
  return null;
}
