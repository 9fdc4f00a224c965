// The compiler as one function: source to program. Phases in order: check, extract, lower, link.

import { codeDigest } from "@lumen/core/commit";
import { type Diagnostic, hasErrors, type PhaseResult } from "@lumen/core/diagnostic";
import { codeBytesOf, type LirModule, wireTypeOf } from "@lumen/core/lir";
import {
  type CellEntry,
  type FieldDefault,
  type Program,
  type ProgramParam,
  programCfs,
  type RecordCheck,
  type SequenceEntry,
  type TileEntry,
} from "@lumen/core/program";
import { assert, required } from "@lumen/core/result";
import {
  type CheckedProgram,
  type CheckedUnit,
  checkProgram,
  type RuleOptions,
} from "./check/check-program.ts";
import { evaluateComptime } from "./comptime/evaluate.ts";
import type { ComptimeEvaluator } from "./comptime/evaluator.ts";
import { budgetsOf } from "./effects/budgets.ts";
import { toolEntries } from "./effects/tool-entries.ts";
import type { HirModule } from "./hir/hir.ts";
import type { CellRef, Type } from "./hir/type.ts";
import { lowerModules } from "./lower/lower-module.ts";
import type { ModuleHost, ModuleSource } from "./module-host.ts";
import { type ModuleOutline, outlineOf } from "./outline.ts";
import { type ExtractedProgram, extractProgram } from "./sequences/extract-program.ts";
import { describeType } from "./tiles/descriptor.ts";

/** What the package manifest says about the program. */
export interface CompileOptions extends RuleOptions {
  readonly project: string;
  readonly version: string;
  /** Runs `comptime` blocks; without it they are E0500. */
  readonly comptime?: ComptimeEvaluator;
}

/** What a check tells about a program besides its diagnostics. */
export interface ProgramSummary {
  /** Tiles and sequences that the source declares. */
  readonly tileCount: number;
  readonly sequenceCount: number;
}

/**
 * The diagnostics of {@link compileProgram} without the program, for less time and memory: typed
 * trees are kept only where a diagnostic depends on them.
 */
export function diagnoseProgram(
  root: ModuleSource,
  host: ModuleHost,
  options: CompileOptions,
): PhaseResult<ProgramSummary | null> {
  const typed = checkProgram(root, host, { ...options, keepsTrees: false });
  if (hasErrors(typed.diagnostics)) return { value: null, diagnostics: typed.diagnostics };
  const checked = evaluateComptime(typed, options.comptime ?? null);
  if (hasErrors(checked.diagnostics)) return { value: null, diagnostics: checked.diagnostics };
  const diagnostics = [...checked.diagnostics, ...extractProgram(checked).diagnostics];
  if (hasErrors(diagnostics)) return { value: null, diagnostics };
  const units = [...checked.units.values()];
  const tileCount = units.filter((u) => u.symbol.tile !== null).length;
  return { value: { tileCount, sequenceCount: units.length - tileCount }, diagnostics };
}

/**
 * Compiles a program. The value is null when a diagnostic is an error. Equal input, equal bytes.
 */
export function compileProgram(
  root: ModuleSource,
  host: ModuleHost,
  options: CompileOptions,
): PhaseResult<Program | null> {
  const { value, diagnostics } = compileOutlined(root, host, options);
  return { value: value?.program ?? null, diagnostics };
}

/** A program, and what its root module declares. */
export interface OutlinedProgram {
  readonly program: Program;
  readonly outline: ModuleOutline;
}

/** {@link compileProgram} for tools that also show what the checker found. */
export function compileOutlined(
  root: ModuleSource,
  host: ModuleHost,
  options: CompileOptions,
): PhaseResult<OutlinedProgram | null> {
  const typed = checkProgram(root, host, options);
  if (hasErrors(typed.diagnostics)) return { value: null, diagnostics: typed.diagnostics };
  const checked = evaluateComptime(typed, options.comptime ?? null);
  if (hasErrors(checked.diagnostics)) return { value: null, diagnostics: checked.diagnostics };
  const extracted = extractProgram(checked);
  const diagnostics: readonly Diagnostic[] = [...checked.diagnostics, ...extracted.diagnostics];
  if (hasErrors(diagnostics)) return { value: null, diagnostics };
  const program = linkProgram(checked, extracted, options);
  // Lazily: few who compile a program want to look at it.
  const outlined = {
    program,
    get outline() {
      return outlineOf(checked);
    },
  };
  return { value: outlined, diagnostics };
}

function linkProgram(
  checked: CheckedProgram,
  extracted: ExtractedProgram,
  options: CompileOptions,
): Program {
  const lowered = withoutUnused(lowerModules(extracted.modules));
  const tiles = tileEntries(checked, extracted, lowered);
  const sequences = sequenceEntries(checked);
  const root = required(lowered[0], "a program has a root module");
  const tools = toolEntries(extracted.modules);
  const { project } = options;
  const cfs = programCfs({ project, tiles, sequences: byId(extracted.sequences) });
  return {
    project: options.project,
    version: options.version,
    modules: lowered,
    tiles,
    sequences,
    cells: cellEntries(root),
    cfs,
    entry: sequences.some((s) => s.id === "main") ? "main" : null,
    fieldDefaults: fieldDefaults(extracted.modules),
    recordChecks: recordChecks(extracted.modules),
    policy: { budgets: budgetsOf([...checked.scopes.values()], tools), tools },
  };
}

/** The prelude is part of a program only where something calls it. */
function withoutUnused(modules: readonly LirModule[]): readonly LirModule[] {
  const used = new Set<string>();
  for (const module of modules) {
    for (const callee of module.callees) if (callee.kind === "extern") used.add(callee.module);
  }
  return modules.filter((m) => m.name !== "std.prelude" || used.has(m.name));
}

function byId<T extends { readonly id: string }>(entries: readonly T[]): readonly T[] {
  return [...entries].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function tileEntries(
  checked: CheckedProgram,
  extracted: ExtractedProgram,
  modules: readonly LirModule[],
): readonly TileEntry[] {
  const codeOf = (cell: CellRef): Uint8Array => {
    const bytes = codeBytesOf(modules, cell);
    assert(bytes.ok, `the slice of '${cell.name}' is complete`);
    return codeDigest(bytes.value);
  };
  const declared = [...checked.units.values()].flatMap((unit): readonly TileEntry[] => {
    const { tile } = unit.symbol;
    if (tile === null) return [];
    const cell = unit.symbol.ref;
    return [
      {
        id: tile.id,
        kind: tile.kind,
        guest: { kind: "lir", cell },
        description: tile.description,
        estimatedCycles: tile.estimatedCycles,
        maxMemory: tile.maxMemory,
        maxIterations: tile.maxIterations,
        params: paramsOf(unit),
        output: unit.signature.output,
        error: unit.signature.error,
        code: codeOf(cell),
      },
    ];
  });
  const lifted = extracted.lifted.map(({ module, cell }): TileEntry => {
    const ref = { module, name: cell.name };
    return {
      id: cell.name,
      kind: "iter",
      guest: { kind: "lir", cell: ref },
      description: null,
      estimatedCycles: null,
      maxMemory: null,
      maxIterations: null,
      params: cell.params.map((p) => ({ name: p.name, type: wireType(p.type), default: null })),
      output: wireType(cell.result),
      error: null,
      code: codeOf(ref),
    };
  });
  return byId([...declared, ...lifted]);
}

/** Serialisable by the checks that came before. */
function wireType(type: Type): ProgramParam["type"] {
  const described = describeType(type);
  assert(described.ok, "a tile's types are serialisable");
  return described.value;
}

function paramsOf(unit: CheckedUnit): readonly ProgramParam[] {
  const { symbol, signature } = unit;
  return symbol.params.map((p, i) => ({
    name: p.name,
    type: required(signature.params[i], "every parameter has a descriptor"),
    default:
      p.default === null
        ? null
        : { module: symbol.ref.module, name: `${symbol.ref.name}$${p.name}$default` },
  }));
}

function sequenceEntries(checked: CheckedProgram): readonly SequenceEntry[] {
  const entries = [...checked.units.values()].flatMap((unit): readonly SequenceEntry[] => {
    const { sequence, ref } = unit.symbol;
    if (sequence === null) return [];
    const { description, id } = sequence;
    return [{ id, cell: ref, description, params: paramsOf(unit), output: unit.signature.output }];
  });
  return byId(entries);
}

/** Ordinary cells of the root module that a run can enter; types are those of their code. */
function cellEntries(root: LirModule): readonly CellEntry[] {
  return root.cells
    .flatMap((cell, i): readonly CellEntry[] => {
      if (cell.kind !== "cell" || cell.name.includes(".")) return [];
      const names = root.debug?.cells[i]?.paramNames ?? [];
      const params = cell.registers.slice(0, cell.paramCount);
      return [
        {
          name: cell.name,
          cell: { module: root.name, name: cell.name },
          params: params.map((t, k) => ({ name: names[k] ?? `p${k}`, type: wireTypeOf(root, t) })),
          output: wireTypeOf(root, cell.result),
          row: cell.row,
        },
      ];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function fieldDefaults(modules: readonly HirModule[]): readonly FieldDefault[] {
  return modules.flatMap((m) =>
    m.records.flatMap((r) =>
      r.fields.flatMap((f): readonly FieldDefault[] =>
        f.default === null ? [] : [{ record: r.name, field: f.name, cell: f.default }],
      ),
    ),
  );
}

function recordChecks(modules: readonly HirModule[]): readonly RecordCheck[] {
  return modules.flatMap((m) =>
    m.records.flatMap((r): readonly RecordCheck[] =>
      r.check === null ? [] : [{ record: r.name, cell: r.check }],
    ),
  );
}
