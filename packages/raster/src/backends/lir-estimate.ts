// What a Lumen tile is expected to take (spec/formats.md 21.1): what its author declares, else a
// count over its instructions.

import { decodeModule, type Instruction, type LirModule } from "@lumen/core/lir";
import type { InstructionPrices } from "@lumen/vm";
import type { CompiledTile, ResourceEstimate, TileMetadata } from "../backend.ts";
import { declaredEstimate } from "../estimate.ts";

/** Cycles that were counted, not measured. */
export interface StaticCount {
  readonly cycles: number;
  readonly lowerBound: boolean;
}

/** The estimate of a tile: declared, else counted where there is an artifact of LIR. */
export function estimateLir(
  metadata: TileMetadata,
  tile: CompiledTile | null,
  prices: InstructionPrices,
): ResourceEstimate {
  const declared = declaredEstimate(metadata);
  if (declared.cycles !== null || tile === null || metadata.guest !== "lir") return declared;
  const module = decodeModule(tile.guest.bytes, metadata.id);
  const count = module.ok ? countStatic(module.value, prices) : null;
  return count === null ? declared : { ...declared, ...count, source: "static" };
}

/**
 * Cycles of all instructions that the first cell reaches, each once for every call of its cell: of
 * branches all arms, of loops one turn. Null for a module without a cell.
 */
export function countStatic(module: LirModule, prices: InstructionPrices): StaticCount | null {
  return module.cells.length === 0 ? null : new Counter(module, prices).cell(0);
}

class Counter {
  readonly #module: LirModule;
  readonly #prices: InstructionPrices;
  readonly #known = new Map<number, StaticCount>();
  /** Cells that are being counted: a call of one of them is recursion. */
  readonly #open = new Set<number>();

  constructor(module: LirModule, prices: InstructionPrices) {
    this.#module = module;
    this.#prices = prices;
  }

  cell(index: number): StaticCount {
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    if (this.#open.has(index)) return { cycles: 0, lowerBound: true };
    this.#open.add(index);
    let cycles = 0;
    let lowerBound = false;
    this.#module.cells[index]?.code.forEach((instruction, at) => {
      const called = this.#called(instruction);
      cycles += this.#prices(instruction) + (called?.cycles ?? 0);
      lowerBound ||= called?.lowerBound === true || repeats(instruction, at);
    });
    this.#open.delete(index);
    const count = { cycles, lowerBound };
    // Inside a recursion the count depends on where it was entered.
    if (this.#open.size === 0 || !lowerBound) this.#known.set(index, count);
    return count;
  }

  /** What a call adds. A closure is taken to run once, however often it does. */
  #called({ op, operands }: Instruction): StaticCount | null {
    if (!CALLS.has(op)) return null;
    const at = op === "call" || op === "call_recur" || op === "closure" ? 1 : 0;
    const callee = this.#module.callees[Number(operands[at])];
    if (callee?.kind !== "local") return null;
    const { cycles, lowerBound } = this.cell(callee.cell);
    const isOnce = op === "call" || op === "tail_call";
    return { cycles, lowerBound: lowerBound || !isOnce };
  }
}

const CALLS: ReadonlySet<Instruction["op"]> = new Set([
  "call",
  "tail_call",
  "call_recur",
  "closure",
]);

/** Whether control may come back from here: a jump to an earlier place. */
function repeats({ op, operands }: Instruction, at: number): boolean {
  if (op === "jump") return Number(operands[0]) <= at;
  if (op === "jump_if" || op === "jump_unless") return Number(operands[1]) <= at;
  const targets = op === "switch" ? operands.find((o) => typeof o === "object") : undefined;
  return typeof targets === "object" && targets.some((target) => target <= at);
}
