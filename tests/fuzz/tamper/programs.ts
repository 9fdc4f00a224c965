// Generated programs: schemas with branches, loops of every kind and recursion. The same seed and
// index give the same program everywhere.

import type {
  ArmDocument,
  BindingDocument,
  CfsDocument,
  ItemDocument,
  OutputDocument,
  SequenceDocument,
} from "@lumen/core/cfs";
import { encodeWith, wire } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import { type Random, randomOf } from "../random.ts";
import { NUMBER_TILES, TILE_DOCUMENTS } from "./tiles.ts";

/** A schema and the wire bytes of its inputs. */
export interface TamperProgram {
  readonly cfs: CfsDocument;
  readonly inputs: readonly Uint8Array[];
}

/** A number that a block can use, as it is bound there. */
type Ref = BindingDocument;

/** What can be referred to in a block; a nested one sees it through one more border. */
interface Scope {
  readonly numbers: readonly Ref[];
  readonly depth: number;
}

const DEPTH_MAX = 2;

/** The program of this number. */
export function programAt(seed: number, index: number): TamperProgram {
  const random = randomOf(seed, index);
  const helper = new Generator(random, []).sequence("helper");
  const main = new Generator(random, ["helper"]).sequence("main");
  const cfs: CfsDocument = {
    project: "tampered",
    encoding: "postcard",
    tiles: TILE_DOCUMENTS,
    sequences: [helper, main],
  };
  return { cfs, inputs: [encodeWith(wire.i64, random.below(60))] };
}

class Generator {
  readonly #random: Random;
  /** Sequences that can be called. */
  readonly #callees: readonly string[];

  constructor(random: Random, callees: readonly string[]) {
    this.#random = random;
    this.#callees = callees;
  }

  sequence(id: string): SequenceDocument {
    const param: Ref = { source: { type: "seq_input", input_index: 0 } };
    const block = new BlockBuilder({ numbers: [param], depth: 0 });
    // Every program has a loop or a recursion, so that each kind of tampering finds its place.
    if (id === "main") this.#repeat(block);
    const output = this.#fill(block, 2);
    return {
      id,
      input_sources: [{ source: { type: "external" } }],
      input_types: ["i64"],
      items: block.items,
      output_type: "i64",
      output,
      outputs: 1,
    };
  }

  /** Up to `more` further items; the number that the block gives. */
  #fill(block: BlockBuilder, more: number): Ref {
    const count = 1 + this.#random.below(more);
    for (let i = 0; i < count; i += 1) this.#item(block);
    return block.last();
  }

  #item(block: BlockBuilder): void {
    if (block.scope.depth >= DEPTH_MAX) return this.#tile(block);
    switch (this.#random.below(8)) {
      case 0:
        return this.#branch(block);
      case 1:
      case 2:
        return this.#repeat(block);
      case 3:
        return this.#call(block);
      default:
        return this.#tile(block);
    }
  }

  #repeat(block: BlockBuilder): void {
    switch (this.#random.below(3)) {
      case 0:
        return this.#while(block);
      case 1:
        return this.#forEach(block);
      default:
        return this.#recursion(block);
    }
  }

  #tile(block: BlockBuilder): void {
    if (this.#random.below(4) === 0) {
      const args = [this.#number(block.scope), this.#number(block.scope)];
      block.number(callOf("sub", args));
      return;
    }
    block.number(callOf(this.#random.pick(NUMBER_TILES), [this.#number(block.scope)]));
  }

  #call(block: BlockBuilder): void {
    const [callee] = this.#callees;
    if (callee === undefined) return this.#tile(block);
    block.number({
      item_type: "sequence",
      item_id: callee,
      input_sources: [this.#number(block.scope)],
    });
  }

  #recursion(block: BlockBuilder): void {
    const call = callOf("climb", [this.#number(block.scope)]);
    block.add({ ...call, recursive: true });
    block.bind({ source: { type: "item_output", item_index: block.at, output_index: 1 } });
  }

  #branch(block: BlockBuilder): void {
    block.add(callOf("even", [this.#number(block.scope)]));
    const tested: Ref = { source: { type: "item_output", item_index: block.at, output_index: 0 } };
    const arms = [{ bool: true } as const, { default: true } as const].map((when): ArmDocument => {
      const arm = new BlockBuilder(nested(block.scope));
      const output = this.#random.below(3) === 0 ? arm.last() : this.#fill(arm, 2);
      return { when, items: arm.items, output };
    });
    block.number({
      item_type: "branch",
      item_id: `b${block.items.length}`,
      input_sources: [tested],
      arms,
      outputs: 1,
    });
  }

  /** Counts a small number down. */
  #while(block: BlockBuilder): void {
    block.number(callOf("few", [this.#number(block.scope)]));
    const state: Ref = { source: { type: "loop_state", input_index: 0 } };
    const head = new BlockBuilder(nested(block.scope));
    head.add(callOf("positive", [state]));
    const condition: Ref = { source: { type: "item_output", item_index: 0, output_index: 0 } };
    const body = new BlockBuilder(withNumbers(nested(block.scope), [state]));
    body.number(callOf("less", [state]));
    const next = body.last();
    if (this.#random.below(2) === 0) this.#item(body);
    block.number({
      item_type: "loop",
      item_id: `w${block.items.length}`,
      mode: "while",
      input_sources: [block.last()],
      head: { items: head.items, condition },
      body: { items: body.items, next: [next] },
      max_iterations: 20,
      outputs: 1,
    });
  }

  /** Over a constant list; with a state, a collected list, both, or neither. */
  #forEach(block: BlockBuilder): void {
    const values = Array.from({ length: this.#random.below(4) }, () => this.#random.below(40));
    const list = toHex(encodeWith(wire.list(wire.i64), values));
    const hasState = this.#random.below(2) === 0;
    const collects = this.#random.below(2) === 0;
    const start = this.#number(block.scope);
    const state: Ref = { source: { type: "loop_state", input_index: 0 } };
    const own: Ref[] = [{ source: { type: "loop_element" } }, { source: { type: "loop_index" } }];
    if (hasState) own.push(state);
    const body = new BlockBuilder(withNumbers(nested(block.scope), own));
    const value = this.#fill(body, 2);
    const literal = { type: { list: "i64" }, bytes: list } as const;
    block.add({
      item_type: "loop",
      item_id: `f${block.items.length}`,
      mode: "for_each",
      input_sources: [{ source: { type: "external" }, literal }, ...(hasState ? [start] : [])],
      body: {
        items: body.items,
        next: hasState ? [value] : [],
        ...(collects ? { collect: value } : {}),
      },
      max_iterations: 5,
      outputs: Number(hasState) + Number(collects),
    });
    const loop = block.at;
    const outputOf = (output_index: number): Ref => ({
      source: { type: "item_output", item_index: loop, output_index },
    });
    if (hasState) block.bind(outputOf(0));
    if (collects) block.number(callOf("total", [outputOf(Number(hasState))]));
  }

  #number({ numbers }: Scope): Ref {
    const [first, ...rest] = numbers;
    if (first === undefined) throw new Error("every block knows a number");
    return this.#random.pick([first, ...rest]);
  }
}

/** The items of a block, and the numbers that they give. */
class BlockBuilder {
  readonly items: ItemDocument[] = [];
  #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  get scope(): Scope {
    return this.#scope;
  }

  /** Index of the last item. */
  get at(): number {
    return this.items.length - 1;
  }

  add(item: ItemDocument): void {
    this.items.push(item);
  }

  /** Adds an item with a number as its only output. */
  number(item: ItemDocument): void {
    this.add(item);
    this.bind({ source: { type: "item_output", item_index: this.at, output_index: 0 } });
  }

  bind(ref: Ref): void {
    this.#scope = withNumbers(this.#scope, [ref]);
  }

  /** The newest number. */
  last(): OutputDocument & Ref {
    const ref = this.#scope.numbers.at(-1);
    if (ref === undefined) throw new Error("every block knows a number");
    return ref;
  }
}

function callOf(id: string, args: readonly Ref[]): ItemDocument & { readonly item_type: "tile" } {
  return { item_type: "tile", item_id: id, input_sources: args };
}

function withNumbers(scope: Scope, more: readonly Ref[]): Scope {
  return { ...scope, numbers: [...scope.numbers, ...more] };
}

/** The scope of a block inside: items are one border further away; loops are not looked out of. */
function nested({ numbers, depth }: Scope): Scope {
  const seen = numbers.flatMap((ref): readonly Ref[] => {
    const { source } = ref;
    if (source.type === "seq_input") return [ref];
    if (source.type !== "item_output") return [];
    return [{ ...ref, source: { ...source, up: Number(source.up ?? 0) + 1 } }];
  });
  return { numbers: seen, depth: depth + 1 };
}
