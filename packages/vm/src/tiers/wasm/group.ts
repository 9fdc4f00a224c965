// A cell, or a loop of one, with all cells that it calls, as one WebAssembly module.

import type { Instruction } from "@lumen/core/lir";
import { assert, required } from "@lumen/core/result";
import { type BlockGraph, blockGraph, loopGraph, restGraph } from "../../link/blocks.ts";
import type { LinkedCell } from "../../link/program.ts";
import { calleesOf, obstacleOf } from "../cells.ts";
import type { CodePlace } from "../fast.ts";
import { builtinNamed } from "../instructions.ts";
import { Assembler } from "./assembler.ts";
import { HOST_FUNCTIONS, type HostFunctionName, isHostFunction } from "./host-functions.ts";
import { type Kind, kindOf, valTypeOf } from "./kinds.ts";
import {
  CELLS,
  DEPTH_AT,
  FRAMES_AT,
  FRAMES_END_AT,
  FUNCTIONS_MAX,
  firstFrameSlot,
  GLOBALS,
  PAGES_MAX,
  PAGES_MIN,
  TOP_AT,
} from "./layout.ts";
import { lowerFunction } from "./lower.ts";
import type { Callees, Lowering } from "./lowering.ts";
import type { ModuleFunction, Signature, WasmModule } from "./module.ts";
import { HELPERS, type HelperName } from "./support-functions.ts";

/** A module that has been written. */
export interface Group {
  readonly module: WasmModule;
  /** Its functions, the one that is entered first; frames say their places here. */
  readonly functions: readonly Lowering[];
  readonly hostNames: readonly HostFunctionName[];
  /** Kinds of lists that are written in place. */
  readonly written: ReadonlySet<Kind>;
  readonly extent: Extent;
}

/** A whole cell; all that follows the head of a loop; the loop alone. */
export type Extent = "cell" | "rest" | "loop";

/** The name of the function that the host calls. */
export const ENTRY_NAME = "enter";

/** What is to be lowered: its place is the number of its layout. */
interface Part {
  readonly cell: LinkedCell;
  readonly graph: BlockGraph;
  readonly isWhole: boolean;
}

/** The module of a cell or loop, or why there is none. */
export function writeGroup(root: CodePlace): Group | string {
  if (root.head === null) return writeExtent(root, "cell");
  const rest = writeExtent(root, "rest");
  return typeof rest === "string" ? writeExtent(root, "loop") : rest;
}

function writeExtent(root: CodePlace, extent: Extent): Group | string {
  const parts = partsOf(root, extent);
  if (typeof parts === "string") return parts;
  const hostNames = hostNamesOf(parts);
  const base = hostNames.length;
  const helpers = new HelperTable(base + parts.length + 1);
  const callees: Callees = {
    functionOf: (cell) => {
      const found = parts.findIndex((part) => part.isWhole && part.cell === cell);
      return found < 0 ? null : base + found;
    },
    helper: (name) => helpers.indexOf(name),
    host: (name) => hostNames.indexOf(name),
  };
  const functions = parts.map((part, layout) =>
    lowerFunction({ ...part, tier: root.tier, layout, callees }),
  );
  for (const x of functions) {
    const refusal = refusalOf(x);
    if (refusal !== null)
      return x.cell === root.cell ? refusal : `it needs '${x.cell.name}': ${refusal}`;
  }
  const entered = required(functions[0], "something is entered");
  const module: WasmModule = {
    imports: hostNames.map((name) => ({
      name,
      params: HOST_FUNCTIONS[name].length === 1 ? ["f64"] : ["f64", "f64"],
      result: "f64",
    })),
    memory: { pagesMin: PAGES_MIN, pagesMax: PAGES_MAX },
    globals: Object.values(GLOBALS).map(({ type }) => type),
    functions: [
      ...functions.map((x) => ({ ...signatureOf(x), body: x.asm, exported: null })),
      entry(entered, base),
      ...helpers.functions(),
    ],
  };
  const written = new Set(functions.flatMap((x) => [...x.written]));
  return { module, functions, hostNames, written, extent };
}

/** The root and the cells that it calls, directly or not; or why one of them cannot be lowered. */
function partsOf({ cell, head }: CodePlace, extent: Extent): readonly Part[] | string {
  const parts: Part[] = [];
  const found = new Set<LinkedCell>();
  const pending: LinkedCell[] = [];
  if (head === null) pending.push(cell);
  else {
    const graph = (extent === "rest" ? restGraph : loopGraph)(cell.lir.code, head);
    if (graph === null) return "its code has no structure";
    parts.push({ cell, graph, isWhole: false });
    pending.push(...calledInside(cell, graph));
  }
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    const obstacle = next.isTile && !cell.isTile ? TILES_APART : wholeObstacle(next);
    if (obstacle !== null) return next === cell ? obstacle : `it needs '${next.name}': ${obstacle}`;
    const graph = wholeGraph(next);
    if (graph === null) return "its code has no structure";
    parts.push({ cell: next, graph, isWhole: true });
    pending.push(...calleesOf(next));
  }
  return parts.length > FUNCTIONS_MAX ? "it calls too many cells" : parts;
}

/** Nobody asks inside whether the machine has tiles run outside; below a tile it never does. */
const TILES_APART = "tiles run on their own";

function wholeGraph(cell: LinkedCell): BlockGraph | null {
  const isSelf = ({ operands }: Instruction): boolean =>
    cell.module.callees[Number(operands[0])] === cell;
  return blockGraph(cell.lir.code, isSelf);
}

/** The cells that a part of a cell calls. */
export function calledInside(cell: LinkedCell, graph: BlockGraph): readonly LinkedCell[] {
  const code = [...graph.blocks.values()].flatMap(({ start, end }) =>
    cell.lir.code.slice(start, end),
  );
  return calleesOf({ ...cell, lir: { ...cell.lir, code } });
}

/** Why a whole cell is none for this tier, as far as its signature tells. */
function wholeObstacle(cell: LinkedCell): string | null {
  const obstacle = obstacleOf(cell);
  if (obstacle !== null) return obstacle;
  const { registers, paramCount, captureCount, result } = cell.lir;
  const given = registers.slice(0, paramCount + captureCount);
  if (given.some((type) => kindOf(cell.module, type) === null))
    return "it takes what is no number, boolean or list of them";
  return kindOf(cell.module, result) === null
    ? "it gives what is no number, boolean or list of them"
    : null;
}

/** The host's functions that instructions of the parts need. */
function hostNamesOf(parts: readonly Part[]): readonly HostFunctionName[] {
  const names = new Set<HostFunctionName>();
  for (const { cell } of parts)
    for (const { op, operands } of cell.lir.code) {
      const name = op === "call_builtin" ? builtinNamed(Number(operands[1])) : op;
      if (isHostFunction(name)) names.add(name);
    }
  return [...names];
}

/** An instruction for the interpreter is no obstacle where a fault follows in any case. */
function refusalOf(x: Lowering): string | null {
  const index = x.refused.find((at) => !endsInFault(x, at));
  if (index === undefined) return null;
  const { op, operands } = x.instruction(index);
  if (op === "call_builtin") return `it uses the builtin '${builtinNamed(Number(operands[1]))}'`;
  return op === "call" || op === "tail_call" ? "it calls with other values" : `it uses ${op}`;
}

function endsInFault(x: Lowering, at: number): boolean {
  const block = [...x.graph.blocks.values()].find(({ start, end }) => start <= at && at < end);
  return block !== undefined && x.instruction(block.end - 1).op === "fault";
}

function signatureOf(x: Lowering): Signature {
  const params = x.isWhole
    ? x.params().map((r) => required(valTypeOf(required(x.kind(r), "known")), "held"))
    : [];
  return { params: [...params, "i32"], result: x.resultType() };
}

/** What the host calls: globals and arguments are in memory, and what comes out goes there. */
function entry(x: Lowering, index: number): ModuleFunction {
  const asm = new Assembler(0);
  for (const [name, at] of Object.entries(CELLS)) {
    asm.i32(0).at("f64.load", at).op("i64.trunc_sat_f64_s");
    asm.at("global.set", globalNamed(name));
  }
  asm.i32(0).at("i32.load", TOP_AT).at("global.set", GLOBALS.top.index);
  asm.i32(FRAMES_AT).at("global.set", GLOBALS.frames.index);
  asm.i32(0).at("global.set", GLOBALS.status.index);
  const { params, result } = signatureOf(x);
  params.slice(0, -1).forEach((type, i) => {
    asm.i32(0).at(`${type}.load`, firstFrameSlot(i));
  });
  asm.i32(0).at("i32.load", DEPTH_AT).at("call", index);
  if (result !== null) {
    const value = asm.local(result);
    asm.at("local.set", value);
    // Where the function was left, a frame stands there.
    asm.at("global.get", GLOBALS.status.index).op("i32.eqz").open("if");
    asm.i32(0).at("local.get", value).at(`${result}.store`, firstFrameSlot(0)).close();
  }
  for (const name of ["cycles", "budget"] as const)
    asm
      .i32(0)
      .at("global.get", GLOBALS[name].index)
      .op("f64.convert_i64_s")
      .at("f64.store", CELLS[name]);
  asm.i32(0).at("global.get", GLOBALS.top.index).at("i32.store", TOP_AT);
  asm.i32(0).at("global.get", GLOBALS.frames.index).at("i32.store", FRAMES_END_AT);
  asm.at("global.get", GLOBALS.status.index);
  return { params: [], result: "i32", body: asm, exported: ENTRY_NAME };
}

function globalNamed(name: string): number {
  assert(name in CELLS && name in GLOBALS, "what goes in goes into a global of that name");
  return GLOBALS[name as keyof typeof CELLS].index;
}

/** Helpers that were asked for, behind all other functions. */
class HelperTable {
  private readonly names: HelperName[] = [];
  private readonly base: number;

  constructor(base: number) {
    this.base = base;
  }

  indexOf(name: HelperName): number {
    const known = this.names.indexOf(name);
    return this.base + (known >= 0 ? known : this.names.push(name) - 1);
  }

  /** A helper may ask for others. */
  functions(): readonly ModuleFunction[] {
    const found: ModuleFunction[] = [];
    for (let i = 0; i < this.names.length; i += 1) {
      const { params, result, write } = HELPERS[required(this.names[i], "the name exists")];
      found.push({ params, result, body: write((name) => this.indexOf(name)), exported: null });
    }
    return found;
  }
}
