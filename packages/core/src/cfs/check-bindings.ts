// Stages 9 to 14 of spec/formats.md 9.3: arity, order and range of references, external arguments,
// cycles. Each check returns the first place in document order that breaks its rule, or null.

import type { Failure } from "../diagnostic/failure.ts";
import { callOrder } from "./call-graph.ts";
import { refusal } from "./check-names.ts";
import { externalPositions } from "./inputs.ts";
import type { CfsBinding, CfsItem, CfsLoopItem, CfsOutput, CfsSequence } from "./model.ts";
import type { CfsShape } from "./read-shape.ts";
import {
  type BindingSite,
  enclosingArm,
  enclosingBlock,
  enclosingLoop,
  type Scope,
  visibleItems,
  walkSequence,
} from "./scope.ts";
import type { TypeTable } from "./type-table.ts";

/** Stage 9: as many arguments as parameters, as many outputs as declared. */
export function checkArity(cfs: CfsShape): Failure | null {
  for (const sequence of cfs.sequences) {
    for (const visit of walkSequence(sequence)) {
      const failed = visit.kind === "item" ? itemArity(cfs, visit.item) : null;
      if (failed !== null) return failed;
    }
    const failed = sequenceOutputs(sequence);
    if (failed !== null) return failed;
  }
  return null;
}

function itemArity(cfs: CfsShape, item: CfsItem): Failure | null {
  switch (item.kind) {
    case "tile":
      return counted(item, cfs.tileById.get(item.id)?.inputs ?? 0);
    case "sequence":
      return counted(item, cfs.sequenceById.get(item.id)?.params.length ?? 0);
    case "branch":
      return counted(item, 1) ?? armOutputs(item.arms, item.outputs);
    case "loop":
      return loopArity(item);
  }
}

function counted(item: CfsItem, expected: number): Failure | null {
  const found = item.args.length;
  if (found === expected) return null;
  const message = `"${item.id}" takes ${expected} arguments, found ${found}`;
  return refusal("E_ARITY", `${item.path}/input_sources`, message);
}

function armOutputs(
  arms: readonly { readonly path: string; readonly output: CfsOutput | null }[],
  outputs: number,
): Failure | null {
  for (const arm of arms) {
    const failed = outputCount(arm.output, outputs, `${arm.path}/output`);
    if (failed !== null) return failed;
  }
  return null;
}

function sequenceOutputs(sequence: CfsSequence): Failure | null {
  const { output, outputs, path } = sequence;
  return outputs === null ? null : outputCount(output, outputs, `${path}/outputs`);
}

/** Only what needs no types: no output is unit, a tuple has its items (9.2). */
function outputCount(output: CfsOutput | null, outputs: number, path: string): Failure | null {
  if (output?.kind === "binding") return null;
  const expected = output === null ? 0 : output.bindings.length;
  if (outputs === expected) return null;
  return refusal("E_ARITY", path, `outputs is ${outputs}, the value has ${expected}`);
}

function loopArity(loop: CfsLoopItem): Failure | null {
  const lists = loop.mode === "for_each" ? 1 : 0;
  if (loop.args.length < lists) {
    return refusal("E_ARITY", `${loop.path}/input_sources`, "a for_each loop needs a list");
  }
  const states = loop.args.length - lists;
  const { next, collect, path } = loop.body;
  if (next.length !== states) {
    const message = `the loop has ${states} states, next has ${next.length}`;
    return refusal("E_ARITY", `${path}/next`, message);
  }
  const outputs = states + (collect === null ? 0 : 1);
  if (loop.outputs === outputs) return null;
  const message = `the loop has ${outputs} outputs, outputs says ${loop.outputs}`;
  return refusal("E_ARITY", `${loop.path}/outputs`, message);
}

/** Stage 10: only earlier items are referenced. */
export function checkOrder(cfs: CfsShape): Failure | null {
  return firstSite(cfs, (site) => {
    const { source, path } = site.binding;
    if (source.kind !== "item_output") return null;
    const block = enclosingBlock(site.scope, source.up);
    // Outside of the sequence nothing can be referenced at all: stage 11.
    if (block === null || source.item < visibleItems(site, source.up)) return null;
    const message = `item ${source.item} does not come before this place`;
    return refusal("E_FORWARD_REF", `${path}/source/item_index`, message);
  });
}

/** Stage 11: every index is in range. */
export function checkRange(cfs: CfsShape, types: TypeTable): Failure | null {
  return firstSite(cfs, (site) => sourceRange(site, types));
}

function sourceRange(site: BindingSite, types: TypeTable): Failure | null {
  const { source, path } = site.binding;
  switch (source.kind) {
    case "external":
      return null;
    case "seq_input":
      return ranged(path, source.index, site.scope.sequence.params.length, "parameters");
    case "item_output": {
      const item = enclosingBlock(site.scope, source.up)?.items[source.item];
      if (item === undefined) return outside(path, "block");
      const outputs = types.outputCount(item);
      if (outputs === null || source.output < Math.max(outputs, 1)) return null;
      const message = `"${item.id}" has ${outputs} outputs, there is no number ${source.output}`;
      return refusal("E_BINDING_RANGE", `${path}/source/output_index`, message);
    }
    case "arm_input":
      return armRange(site, source.up, source.index, types);
    case "loop_state": {
      const loop = loopAround(site.scope, source.up);
      if (loop === null) return outside(path, "loop");
      return ranged(path, source.index, loop.body.next.length, "states");
    }
    case "loop_element":
    case "loop_index": {
      const loop = loopAround(site.scope, source.up);
      if (loop === null) return outside(path, "loop");
      if (loop.mode === "for_each") return null;
      const message = "a while loop has no elements and no index";
      return refusal("E_BINDING_RANGE", `${path}/source`, message);
    }
  }
}

function armRange(site: BindingSite, up: number, index: number, types: TypeTable): Failure | null {
  const { path } = site.binding;
  const owner = enclosingArm(site.scope, up)?.owner;
  if (owner?.kind !== "arm") return outside(path, "arm");
  const variant = types.armVariant(owner.branch, owner.arm);
  // A variant test on an unknown type, or of an unknown variant, is refused in stage 15.
  if (variant === null && owner.branch.arms[owner.arm]?.when.kind === "variant") return null;
  return ranged(path, index, variant?.payload.length ?? 0, "payload items");
}

function ranged(path: string, index: number, count: number, what: string): Failure | null {
  if (index < count) return null;
  const message = `there are ${count} ${what}, there is no number ${index}`;
  return refusal("E_BINDING_RANGE", `${path}/source/input_index`, message);
}

function outside(path: string, what: string): Failure {
  return refusal("E_BINDING_RANGE", `${path}/source`, `there is no such ${what} around this place`);
}

function loopAround(scope: Scope, up: number): CfsLoopItem | null {
  const owner = enclosingLoop(scope, up)?.owner;
  return owner?.kind === "head" || owner?.kind === "body" ? owner.loop : null;
}

/** Stage 12: a sequence whose value is used says how many outputs it has. */
export function checkSequenceOutputs(cfs: CfsShape, types: TypeTable): Failure | null {
  return firstSite(cfs, (site) => {
    const { source, path } = site.binding;
    if (source.kind !== "item_output") return null;
    const item = enclosingBlock(site.scope, source.up)?.items[source.item];
    if (item === undefined || types.outputCount(item) !== null) return null;
    const message = `the sequence "${item.id}" does not say what its outputs are`;
    return refusal("E_SEQ_OUTPUT_UNKNOWN", `${path}/source/item_index`, message);
  });
}

/** Stage 13: arguments from outside exist in the entry sequence only, at their positions (9.4). */
export function checkExternals(cfs: CfsShape, entry: string | null): Failure | null {
  const entrySequence = entry === null ? undefined : cfs.sequenceById.get(entry);
  const positions = entrySequence === undefined ? null : externalPositions(entrySequence);
  for (const sequence of cfs.sequences) {
    const failed =
      parameterPositions(sequence) ??
      firstSiteIn(sequence, (site) => externalSite(site, positions?.get(site.binding)));
    if (failed !== null) return failed;
  }
  return null;
}

function parameterPositions(sequence: CfsSequence): Failure | null {
  for (const [i, param] of sequence.params.entries()) {
    if (param.externalIndex !== null && param.externalIndex !== i) return misplaced(param, i);
  }
  return null;
}

function externalSite(site: BindingSite, position: number | undefined): Failure | null {
  const { binding } = site;
  if (binding.source.kind === "external" && binding.literal === null && position === undefined) {
    const message =
      site.use.kind === "argument"
        ? "only the entry sequence has arguments from outside"
        : "a value from outside can only be an argument";
    return refusal("E_UNBOUND_ARGUMENT", `${binding.path}/source`, message);
  }
  const { externalIndex } = binding;
  return externalIndex === null || externalIndex === position ? null : misplaced(binding, position);
}

function misplaced(binding: CfsBinding, position: number | undefined): Failure {
  const where = position === undefined ? "this is no external input" : `expected ${position}`;
  const message = `${where}, found ${binding.externalIndex}`;
  return refusal("E_BINDING_RANGE", `${binding.path}/external_index`, message);
}

/** Stage 14: no sequence calls itself, directly or through others. */
export function checkCycles(cfs: CfsShape): Failure | null {
  const { cyclic } = callOrder(cfs);
  for (const sequence of cfs.sequences.filter(({ id }) => cyclic.has(id))) {
    for (const visit of walkSequence(sequence)) {
      if (visit.kind !== "item" || visit.item.kind !== "sequence") continue;
      if (!cyclic.has(visit.item.id)) continue;
      const message = `"${sequence.id}" calls "${visit.item.id}", which leads back to it`;
      return refusal("E_CYCLE", visit.item.path, message);
    }
  }
  return null;
}

function firstSite(cfs: CfsShape, check: (site: BindingSite) => Failure | null): Failure | null {
  for (const sequence of cfs.sequences) {
    const failed = firstSiteIn(sequence, check);
    if (failed !== null) return failed;
  }
  return null;
}

function firstSiteIn(
  sequence: CfsSequence,
  check: (site: BindingSite) => Failure | null,
): Failure | null {
  for (const visit of walkSequence(sequence)) {
    const failed = visit.kind === "binding" ? check(visit) : null;
    if (failed !== null) return failed;
  }
  return null;
}
