// The slice of a tile: its cell and everything it reaches, as one module (lir.md 9).

import { type Failure, failure } from "../diagnostic/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import { assembleModule, type CellSource, operandLetters } from "./canonical.ts";
import { encodeModule } from "./codec.ts";
import type { Callee, LirModule } from "./module.ts";

/** Finds cells by module and name, and by index. */
interface Finder {
  readonly source: (module: string, name: string) => CellSource | null;
  readonly local: (module: LirModule, cell: number) => CellSource | null;
}

/** The slice that begins with a cell; E_LIR_INVALID where a callee is missing. */
export function sliceOf(
  modules: readonly LirModule[],
  entry: { readonly module: string; readonly name: string },
): Result<LirModule, Failure> {
  const finder = makeFinder(modules);
  const first = finder.source(entry.module, entry.name);
  if (first === null) return err(missing(entry.module, entry.name));
  const order: CellSource[] = [first];
  const numbers = new Map<string, number>([[keyOf(first), 0]]);
  for (let i = 0; i < order.length; i++) {
    const source = order[i];
    if (source === undefined) break;
    for (const callee of calleesOf(source)) {
      const target = resolve(finder, source.module, callee);
      if (target === null) return err(missing(...calleeName(source.module, callee)));
      const key = keyOf(target);
      if (!numbers.has(key)) {
        numbers.set(key, order.length);
        order.push(target);
      }
    }
  }
  const localOf = (module: LirModule, callee: Callee): Callee => {
    const target = resolve(finder, module, callee);
    return { kind: "local", cell: target === null ? 0 : (numbers.get(keyOf(target)) ?? 0) };
  };
  return ok(assembleModule("", uniquelyNamed(order), null, localOf));
}

/**
 * Cells of two modules may have one name: the later one gets the first free `NAME$2`, `NAME$3` …
 */
function uniquelyNamed(order: readonly CellSource[]): readonly CellSource[] {
  const taken = new Set<string>();
  return order.map((source) => {
    const { name } = source.cell;
    let unique = name;
    for (let i = 2; taken.has(unique); i++) unique = `${name}$${i}`;
    taken.add(unique);
    return unique === name ? source : { ...source, cell: { ...source.cell, name: unique } };
  });
}

/** Canonical code bytes of a tile: the file of its slice. */
export function codeBytesOf(
  modules: readonly LirModule[],
  entry: { readonly module: string; readonly name: string },
): Result<Uint8Array, Failure> {
  const slice = sliceOf(modules, entry);
  return slice.ok ? ok(encodeModule(slice.value)) : slice;
}

function makeFinder(modules: readonly LirModule[]): Finder {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const source: Finder["source"] = (name, cell) => {
    const module = byName.get(name);
    return module === undefined ? null : (cellsOf(module).get(cell) ?? null);
  };
  return {
    source,
    local: (module, index) => {
      const cell = module.cells[index];
      return cell === undefined ? null : source(module.name, cell.name);
    },
  };
}

/** Cells by name of modules, which do not change: a program has a slice for each of its tiles. */
const CELLS = new WeakMap<LirModule, ReadonlyMap<string, CellSource>>();

function cellsOf(module: LirModule): ReadonlyMap<string, CellSource> {
  const known = CELLS.get(module);
  if (known !== undefined) return known;
  const cells = new Map(
    module.cells.map((cell): [string, CellSource] => [cell.name, { module, cell, debug: null }]),
  );
  CELLS.set(module, cells);
  return cells;
}

function keyOf(source: CellSource): string {
  return `${source.module.name}#${source.cell.name}`;
}

function resolve(finder: Finder, module: LirModule, callee: Callee): CellSource | null {
  return callee.kind === "local"
    ? finder.local(module, callee.cell)
    : finder.source(callee.module, callee.name);
}

function calleeName(module: LirModule, callee: Callee): [string, string] {
  return callee.kind === "extern"
    ? [callee.module, callee.name]
    : [module.name, `cell ${callee.cell}`];
}

/** Callees in the order of the instructions that name them. */
function calleesOf({ module, cell }: CellSource): readonly Callee[] {
  return cell.code.flatMap((instruction) =>
    operandLetters(instruction.op).flatMap((letter, i) => {
      const operand = instruction.operands[i];
      const callee =
        letter === "c" && typeof operand === "number" ? module.callees[operand] : undefined;
      return callee === undefined ? [] : [callee];
    }),
  );
}

function missing(module: string, name: string): Failure {
  return failure(
    "E_LIR_INVALID",
    "load",
    `the program has no cell '${name}' in module '${module}'`,
    {
      subject: module,
    },
  );
}
