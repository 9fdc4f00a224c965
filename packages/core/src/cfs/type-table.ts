// What is known about the types of values that flow through a schema. A type that neither the
// document nor a tile signature gives is null. Computed once, callees first and items in order, so
// that nothing recurses deeper than blocks nest.

import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { callOrder } from "./call-graph.ts";
import type { Cfs, CfsBinding, CfsBranchItem, CfsItem, CfsLoopItem, CfsOutput } from "./model.ts";
import {
  armScope,
  bodyScope,
  enclosingArm,
  enclosingBlock,
  enclosingLoop,
  headScope,
  type Scope,
  sequenceScope,
} from "./scope.ts";
import { outermost, type Variant, variantsOf } from "./variants.ts";

/** A type, or null where unknown. */
export type MaybeType = TypeDescriptor | null;

type Program = Pick<Cfs, "sequences" | "sequenceById" | "tileById">;

/** Types of items, loops and branches of one document. */
export class TypeTable {
  readonly #cfs: Program;
  readonly #items = new Map<CfsItem, MaybeType>();
  readonly #sequences = new Map<string, MaybeType>();
  readonly #loops = new Map<CfsLoopItem, LoopTypes>();
  readonly #tested = new Map<CfsBranchItem, MaybeType>();

  /** Infers over a whole document; total even for documents that later checks refuse. */
  constructor(cfs: Program) {
    this.#cfs = cfs;
    for (const sequence of callOrder(cfs).order) {
      const scope = sequenceScope(sequence);
      this.#inferBlock(scope);
      const type = sequence.outputType ?? this.outputType(sequence.output, scope);
      this.#sequences.set(sequence.id, type);
    }
  }

  /** Type of the whole output of an item. */
  itemType(item: CfsItem): MaybeType {
    return this.#items.get(item) ?? null;
  }

  /** Type of a sequence's value. */
  sequenceType(id: string): MaybeType {
    return this.#sequences.get(id) ?? null;
  }

  /** Type of the value that a branch tests; tests for a bool or string imply it. */
  testedType(branch: CfsBranchItem): MaybeType {
    return this.#tested.get(branch) ?? null;
  }

  /** Types of state, element and list of a loop. */
  loopTypes(loop: CfsLoopItem): LoopTypes {
    return this.#loops.get(loop) ?? { states: [], list: null, element: null };
  }

  /** The variant that an arm takes: null unless it tests for a known one. */
  armVariant(branch: CfsBranchItem, arm: number): Variant | null {
    const when = branch.arms[arm]?.when;
    const type = this.testedType(branch);
    if (when?.kind !== "variant" || type === null) return null;
    return variantsOf(type)?.find((variant) => variant.name === when.name) ?? null;
  }

  /** Number of outputs of an item, null where a sequence does not say. */
  outputCount(item: CfsItem): number | null {
    if (item.kind === "branch" || item.kind === "loop") return item.outputs;
    if (item.kind === "tile") return this.#cfs.tileById.get(item.id)?.outputs ?? null;
    return this.#cfs.sequenceById.get(item.id)?.outputs ?? null;
  }

  /** Type of what a binding gives. */
  bindingType(binding: CfsBinding, scope: Scope): MaybeType {
    const { source } = binding;
    if (binding.literal !== null) return binding.literal.type;
    switch (source.kind) {
      case "external":
        return null;
      case "seq_input":
        return scope.sequence.inputTypes?.[source.index] ?? null;
      case "item_output": {
        const item = enclosingBlock(scope, source.up)?.items[source.item];
        return item === undefined ? null : this.#partType(item, binding.whole, source.output);
      }
      case "arm_input": {
        const owner = enclosingArm(scope, source.up)?.owner;
        if (owner?.kind !== "arm") return null;
        return this.armVariant(owner.branch, owner.arm)?.payload[source.index] ?? null;
      }
      case "loop_state":
        return this.#loopOf(scope, source.up)?.states[source.index] ?? null;
      case "loop_element":
        return this.#loopOf(scope, source.up)?.element ?? null;
      case "loop_index":
        return "i64";
    }
  }

  /** Type of a block's value; no output is unit. */
  outputType(output: CfsOutput | null, scope: Scope): MaybeType {
    if (output === null) return "unit";
    if (output.kind === "binding") return this.bindingType(output.binding, scope);
    return composed(
      output.bindings.map((binding) => this.bindingType(binding, scope)),
      "tuple",
    );
  }

  #loopOf(scope: Scope, up: number): LoopTypes | null {
    const owner = enclosingLoop(scope, up)?.owner;
    return owner?.kind === "head" || owner?.kind === "body" ? this.loopTypes(owner.loop) : null;
  }

  #partType(item: CfsItem, whole: boolean, output: number): MaybeType {
    const type = this.itemType(item);
    const count = this.outputCount(item);
    if (whole || count === null || count <= 1) return type;
    return type !== null && typeof type === "object" && "tuple" in type
      ? (type.tuple[output] ?? null)
      : null;
  }

  #inferBlock(scope: Scope): void {
    for (const [index, item] of scope.items.entries()) {
      this.#items.set(item, this.#inferItem(item, scope, index));
    }
  }

  #inferItem(item: CfsItem, scope: Scope, position: number): MaybeType {
    switch (item.kind) {
      case "tile":
        return this.#cfs.tileById.get(item.id)?.outputType ?? null;
      case "sequence":
        return this.sequenceType(item.id);
      case "branch":
        return this.#inferBranch(item, scope, position);
      case "loop":
        return this.#inferLoop(item, scope, position);
    }
  }

  #inferBranch(branch: CfsBranchItem, parent: Scope, position: number): MaybeType {
    const tested = branch.args[0];
    const known = tested === undefined ? null : this.bindingType(tested, parent);
    this.#tested.set(branch, known ?? impliedType(branch));
    let type: MaybeType = null;
    for (const [arm, { output }] of branch.arms.entries()) {
      const scope = armScope(parent, branch, { position, arm });
      this.#inferBlock(scope);
      type ??= this.outputType(output, scope);
    }
    return type;
  }

  #inferLoop(loop: CfsLoopItem, parent: Scope, position: number): MaybeType {
    const given = loop.args.map((arg) => this.bindingType(arg, parent));
    const list = loop.mode === "for_each" ? (given[0] ?? null) : null;
    const states = loop.mode === "for_each" ? given.slice(1) : given;
    this.#loops.set(loop, { states, list, element: elementType(list) });
    if (loop.head !== null) this.#inferBlock(headScope(parent, loop, position));
    const scope = bodyScope(parent, loop, position);
    this.#inferBlock(scope);
    // An unknown initial state has the type of what follows it.
    const known = states.map((type, i) => type ?? this.#nextType(loop, i, scope));
    this.#loops.set(loop, { states: known, list, element: elementType(list) });
    if (loop.body.collect === null) return composed(known, "value");
    const collected = this.bindingType(loop.body.collect, scope);
    return composed([...known, collected === null ? null : { list: collected }], "value");
  }

  #nextType(loop: CfsLoopItem, index: number, scope: Scope): MaybeType {
    const next = loop.body.next[index];
    return next === undefined ? null : this.bindingType(next, scope);
  }
}

/** Bytes alone decide a bool or string test, so an untyped value is taken to be one. */
function impliedType(branch: CfsBranchItem): MaybeType {
  const test = branch.arms.find(({ when }) => when.kind === "bool" || when.kind === "string")?.when;
  return test?.kind === "bool" || test?.kind === "string" ? test.kind : null;
}

/** Types inside a loop. `list` and `element` are null in a `while` loop. */
export interface LoopTypes {
  readonly states: readonly MaybeType[];
  readonly list: MaybeType;
  readonly element: MaybeType;
}

/** Item type of a list, null for anything else. */
export function elementType(list: MaybeType): MaybeType {
  const type = list === null ? null : outermost(list);
  return type !== null && typeof type === "object" && "list" in type ? type.list : null;
}

/** Several values as one: as a tuple always, or as a value by the rule of formats 6. */
function composed(types: readonly MaybeType[], form: "tuple" | "value"): MaybeType {
  const known = types.filter((type) => type !== null);
  const [first] = types;
  if (types.length === 0) return "unit";
  if (types.length === 1 && form === "value") return first ?? null;
  return known.length === types.length ? { tuple: known } : null;
}
