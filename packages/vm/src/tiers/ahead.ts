// Which code of numbers a program may come to need, before it runs: what `compile.ts` would make at
// the first call of each cell, or at the first turn of each loop of those that only the interpreter
// runs.

import { blockGraph } from "../link/blocks.ts";
import type { LinkedCell, LinkedProgram } from "../link/program.ts";
import { calleesOf, isSmall } from "./cells.ts";
import type { CodePlace } from "./fast.ts";
import { writeGroup } from "./wasm/group.ts";
import type { WasmModule } from "./wasm/module.ts";

/**
 * The modules of cells of some modules of the program, and of all that those call; for runs without
 * a limit of cycles.
 */
export function numericModules(
  program: LinkedProgram,
  isOwn: (moduleName: string) => boolean,
): readonly WasmModule[] {
  const cells = new Set([...program.cells.values()].filter(({ module }) => isOwn(module.name)));
  for (const cell of cells) for (const callee of calleesOf(cell)) cells.add(callee);
  return [...cells].flatMap((cell) => {
    const whole = moduleAt({ cell, tier: "fast", head: null });
    return whole === null ? loopModules(cell) : [whole];
  });
}

function loopModules(cell: LinkedCell): readonly WasmModule[] {
  const graph = isSmall(cell) ? blockGraph(cell.lir.code, () => false) : null;
  if (graph === null) return [];
  const heads = [...graph.loopHeads].sort((a, b) => a - b);
  return heads.flatMap((head) => moduleAt({ cell, tier: "fast", head }) ?? []);
}

function moduleAt(place: CodePlace): WasmModule | null {
  const group = writeGroup(place);
  return typeof group === "string" ? null : group.module;
}
