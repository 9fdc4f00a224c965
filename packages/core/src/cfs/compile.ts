// Makes a checked schema ready to run from one entry. Sequences are compiled callees first, so that
// nothing recurses deeper than blocks nest.

import { DEFAULT_BOUND } from "../commit/step-record.ts";
import type { Failure } from "../diagnostic/failure.ts";
import { encodeValue } from "../encoding/index.ts";
import { assert, err, ok, type Result, required } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { intFromBigint, type Value } from "../value/value.ts";
import { callOrder } from "./call-graph.ts";
import { checkExternals } from "./check-bindings.ts";
import { externalInputs, externalPositions } from "./inputs.ts";
import type {
  Cfs,
  CfsArm,
  CfsBinding,
  CfsBranchItem,
  CfsItem,
  CfsLoopItem,
  CfsOutput,
  CfsSequence,
  CfsTest,
} from "./model.ts";
import { selectEntry } from "./read.ts";
import type {
  ArmBody,
  ArmTest,
  Block,
  BranchStep,
  Feed,
  LoopStep,
  Schema,
  SequenceBody,
  Step,
} from "./schema.ts";
import {
  armScope,
  blockDistance,
  bodyScope,
  enclosingArm,
  enclosingBlock,
  enclosingLoop,
  headScope,
  outputBindings,
  type Scope,
  sequenceScope,
} from "./scope.ts";
import { combineSilence, stepSilence } from "./silence.ts";
import { TypeTable } from "./type-table.ts";
import { ValueRef } from "./value-ref.ts";
import { outermost, variantsOf } from "./variants.ts";

/**
 * The schema of a run: stage 17 of 9.3 for the requested entry, and stage 13 for what it makes of
 * external arguments.
 */
export function compileSchema(cfs: Cfs, requested?: string): Result<Schema, Failure> {
  const entry = selectEntry(cfs, requested);
  if (!entry.ok) return entry;
  const misplaced = checkExternals(cfs, entry.value);
  if (misplaced !== null) return err(misplaced);
  const sequence = required(cfs.sequenceById.get(entry.value), "a selected entry exists");
  const types = new TypeTable(cfs);
  const compiler = new Compiler(cfs, types, externalPositions(sequence));
  return ok({
    schemaHash: cfs.schemaHash,
    entry: compiler.compileAll(sequence),
    inputs: externalInputs(cfs, sequence, types),
    tiles: cfs.tileById,
  });
}

class Compiler {
  readonly #cfs: Cfs;
  readonly #types: TypeTable;
  readonly #positions: ReadonlyMap<CfsBinding, number>;
  readonly #bodies = new Map<string, SequenceBody>();

  constructor(cfs: Cfs, types: TypeTable, positions: ReadonlyMap<CfsBinding, number>) {
    this.#cfs = cfs;
    this.#types = types;
    this.#positions = positions;
  }

  compileAll(entry: CfsSequence): SequenceBody {
    for (const sequence of callOrder(this.#cfs).order) {
      const scope = sequenceScope(sequence);
      const block = this.#block(scope);
      const output = this.#output(sequence.output, scope);
      const { id, params } = sequence;
      this.#bodies.set(id, { id, params: params.length, block, output });
    }
    return required(this.#bodies.get(entry.id), "every sequence was compiled");
  }

  #block(scope: Scope): Block {
    const steps = scope.items.map((item, index) => this.#step(item, scope, index));
    return { steps, ...combineSilence(steps.map(stepSilence)) };
  }

  #step(item: CfsItem, scope: Scope, position: number): Step {
    const args = item.args.map((arg) => this.#feed(arg, scope));
    switch (item.kind) {
      case "tile": {
        const tile = required(this.#cfs.tileById.get(item.id), "stage 7 checked callees");
        const bound = item.maxIterations ?? tile.maxIterations ?? DEFAULT_BOUND;
        return { kind: "tile", tile, args, recursive: item.recursive, bound };
      }
      case "sequence": {
        const body = required(this.#bodies.get(item.id), "callees are compiled first");
        return { kind: "sequence", body, args };
      }
      case "branch":
        return this.#branch(item, scope, position);
      case "loop":
        return this.#loop(item, scope, position);
    }
  }

  #branch(item: CfsBranchItem, scope: Scope, position: number): BranchStep {
    const tested = required(item.args[0], "stage 9 counted the arguments");
    const testedType = this.#types.testedType(item);
    const arms = item.arms.map((arm, index) => {
      const inner = armScope(scope, item, { position, arm: index });
      return this.#arm(arm, inner, testedType);
    });
    return { kind: "branch", id: item.id, tested: this.#feed(tested, scope), testedType, arms };
  }

  #arm(arm: CfsArm, scope: Scope, type: TypeDescriptor | null): ArmBody {
    const test = armTest(arm.when, type);
    return { test, block: this.#block(scope), output: this.#output(arm.output, scope) };
  }

  #loop(item: CfsLoopItem, scope: Scope, position: number): LoopStep {
    const { list, element } = this.#types.loopTypes(item);
    const head = headScope(scope, item, position);
    const body = bodyScope(scope, item, position);
    const { condition } = item.head ?? { condition: null };
    const { next, collect } = item.body;
    const collected = collect === null ? null : this.#types.bindingType(collect, body);
    return {
      kind: "loop",
      id: item.id,
      mode: item.mode,
      args: item.args.map((arg) => this.#feed(arg, scope)),
      head: this.#block(head),
      condition: condition === null ? null : this.#feed(condition, head),
      body: this.#block(body),
      next: next.map((binding) => this.#feed(binding, body)),
      collect: collect === null ? null : this.#feed(collect, body),
      bound: item.maxIterations ?? DEFAULT_BOUND,
      listType: list,
      elementType: element,
      collectedType: collected === null ? null : { list: collected },
    };
  }

  #output(output: CfsOutput | null, scope: Scope): readonly Feed[] {
    return outputBindings(output).map((binding) => this.#feed(binding, scope));
  }

  #feed(binding: CfsBinding, scope: Scope): Feed {
    const { source, literal } = binding;
    if (literal !== null) {
      return { kind: "constant", value: new ValueRef({ bytes: literal.bytes }) };
    }
    switch (source.kind) {
      case "external": {
        // Stage 13: only the entry sequence has such arguments, and its frame holds the vector.
        const index = required(this.#positions.get(binding), "stage 13 placed the argument");
        return { kind: "input", up: depth(scope), index };
      }
      case "seq_input":
        return { kind: "input", up: depth(scope), index: source.index };
      case "item_output":
        return this.#itemFeed(binding.whole, source, scope);
      case "arm_input": {
        const arm = required(enclosingArm(scope, source.up), "stage 11 checked `up`");
        return { kind: "input", up: blockDistance(scope, arm), index: source.index };
      }
      case "loop_state": {
        const { up, mode } = this.#loopAround(scope, source.up);
        const first = mode === "for_each" ? 1 : 0;
        return { kind: "input", up, index: source.index + first };
      }
      case "loop_element":
        return { kind: "element", up: this.#loopAround(scope, source.up).up };
      case "loop_index":
        return { kind: "index", up: this.#loopAround(scope, source.up).up };
    }
  }

  #itemFeed(
    whole: boolean,
    source: { readonly item: number; readonly output: number; readonly up: number },
    scope: Scope,
  ): Feed {
    const block = required(enclosingBlock(scope, source.up), "stage 11 checked `up`");
    const item = required(block.items[source.item], "stage 10 checked the item");
    const count = this.#types.outputCount(item);
    const at = { up: source.up, item: source.item };
    if (whole || count === null || count <= 1) return { kind: "output", ...at };
    const type = this.#types.itemType(item);
    const tuple = type !== null && typeof type === "object" && "tuple" in type ? type : null;
    return { kind: "part", ...at, index: source.output, type: tuple, of: item.id };
  }

  #loopAround(scope: Scope, up: number): { readonly up: number; readonly mode: string } {
    const loop = required(enclosingLoop(scope, up), "stage 11 checked `up`");
    const { owner } = loop;
    assert(owner.kind === "head" || owner.kind === "body", "the block is one of a loop");
    return { up: blockDistance(scope, loop), mode: owner.loop.mode };
  }
}

/** Blocks between a scope and the block of its sequence: frames to go up to the parameters. */
function depth(scope: Scope): number {
  let count = 0;
  for (let at = scope.parent; at !== null; at = at.parent) count += 1;
  return count;
}

function armTest(test: CfsTest, type: TypeDescriptor | null): ArmTest {
  switch (test.kind) {
    case "default":
      return { kind: "default" };
    case "bool":
      return { kind: "bytes", bytes: encoded("bool", test.value) };
    case "string":
      return { kind: "bytes", bytes: encoded("string", test.value) };
    case "int": {
      const plain = outermost(required(type, "stage 15 refuses an int test without a type"));
      return { kind: "bytes", bytes: encoded(plain, intFromBigint(test.value)) };
    }
    case "variant": {
      const known = required(type, "stage 15 refuses a variant test without a type");
      const variants = required(variantsOf(known), "stage 15 checked that there are variants");
      const index = variants.findIndex((variant) => variant.name === test.name);
      const variant = required(variants[index], "stage 15 checked the variant");
      return { kind: "variant", index, payload: variant.payload };
    }
  }
}

function encoded(type: TypeDescriptor, value: Value): Uint8Array {
  const bytes = encodeValue(type, value);
  assert(bytes.ok, "stage 15 checked that the constant fits its type");
  return bytes.value;
}
