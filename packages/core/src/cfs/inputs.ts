// The external input vector of a run (spec/formats.md 9.4): the entry sequence's parameters in
// order, then one slot per argument that comes from outside.

import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { expectedType } from "./check-types.ts";
import type { Cfs, CfsBinding, CfsSequence } from "./model.ts";
import { walkSequence } from "./scope.ts";
import type { TypeTable } from "./type-table.ts";

/** One value that a run needs from outside. */
export interface ExternalInput {
  /** Position in the vector, from 0 over parameters and slots. */
  readonly position: number;
  /** Name of the parameter, or `callee.parameter` of a slot; null where nothing names it. */
  readonly name: string | null;
  /** Null where the document has no types. */
  readonly type: TypeDescriptor | null;
  /** JSON pointer of the binding that declares it. */
  readonly path: string;
}

/** Position of every external binding of a sequence, were it the entry: parameters, then slots. */
export function externalPositions(sequence: CfsSequence): ReadonlyMap<CfsBinding, number> {
  const positions = new Map<CfsBinding, number>();
  for (const param of sequence.params) positions.set(param, positions.size);
  for (const binding of slots(sequence)) positions.set(binding, positions.size);
  return positions;
}

/** The vector of a run that enters at `sequence`, in order. */
export function externalInputs(
  cfs: Cfs,
  sequence: CfsSequence,
  types: TypeTable,
): readonly ExternalInput[] {
  const inputs: ExternalInput[] = sequence.params.map((param, position) => ({
    position,
    name: sequence.inputNames?.[position] ?? null,
    type: sequence.inputTypes?.[position] ?? null,
    path: param.path,
  }));
  for (const visit of walkSequence(sequence)) {
    if (visit.kind !== "binding" || !isSlot(visit.binding)) continue;
    const { use, binding } = visit;
    if (use.kind !== "argument") continue;
    const callee = cfs.tileById.get(use.item.id) ?? cfs.sequenceById.get(use.item.id);
    const called = use.item.kind === "tile" || use.item.kind === "sequence";
    const name = called ? callee?.inputNames?.[use.index] : undefined;
    inputs.push({
      position: inputs.length,
      name: name === undefined ? null : `${use.item.id}.${name}`,
      type: expectedType(cfs, types, visit),
      path: binding.path,
    });
  }
  return inputs;
}

/** Item arguments from outside, depth first: an item's own, then what its blocks contain. */
function slots(sequence: CfsSequence): CfsBinding[] {
  const found: CfsBinding[] = [];
  for (const visit of walkSequence(sequence)) {
    if (visit.kind !== "binding" || visit.use.kind !== "argument") continue;
    if (isSlot(visit.binding)) found.push(visit.binding);
  }
  return found;
}

function isSlot(binding: CfsBinding): boolean {
  return binding.source.kind === "external" && binding.literal === null;
}
