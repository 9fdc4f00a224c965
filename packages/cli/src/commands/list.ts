// lumen list

import { renderType } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import type { ProgramParam } from "@lumen/core/program";
import { openProgram, type RunnableProject } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { renderTable } from "../render/table.ts";
import { PROJECT_OPTIONS, projectOptionsOf, targetOf } from "./inputs.ts";
import { conclude } from "./outcome.ts";

/** Lists what a program declares. */
export const listCommand: Command = {
  name: "list",
  group: "run",
  summary: "list tiles, sequences and cells",
  positionals: "[FILE|DIR]",
  positionalsMax: 1,
  options: PROJECT_OPTIONS,
  run: (invocation) =>
    conclude(
      invocation,
      openProgram(targetOf(invocation), projectOptionsOf(invocation)),
      (project) => {
        if (invocation.format === "json") showJson(invocation, project);
        else showText(invocation, project);
        return EXIT.ok;
      },
    ),
};

function signature(params: readonly ProgramParam[]): string {
  return `(${params.map((p) => `${p.name}: ${shortType(p)}`).join(", ")})`;
}

/** A record or enum is shown by its name. */
function shortType(param: Pick<ProgramParam, "type">): string {
  return renderType(param.type);
}

function showText(invocation: Invocation, { program }: RunnableProject): void {
  const { terminal } = invocation;
  const paint = paintFor(terminal);
  const declared = program.tiles.filter((t) => !isLifted(t.id));
  const lifted = program.tiles.length - declared.length;
  terminal.stdout(`${paint.bold(program.project)} ${program.version}\n`);
  if (program.sequences.length > 0) {
    terminal.stdout(`\n${paint.bold("Sequences")}\n`);
    const rows = program.sequences.map((s) => [
      s.id + (s.id === program.entry ? " *" : ""),
      signature(s.params),
      `-> ${shortType({ type: s.output })}`,
      s.description ?? "",
    ]);
    terminal.stdout(
      renderTable(
        [{ title: "name" }, { title: "parameters" }, { title: "result" }, { title: "" }],
        rows,
      ),
    );
  }
  if (declared.length > 0) {
    terminal.stdout(`\n${paint.bold("Tiles")}\n`);
    const rows = declared.map((t) => [
      t.id,
      t.kind,
      toHex(t.code).slice(0, 16),
      t.description ?? "",
    ]);
    terminal.stdout(
      renderTable([{ title: "name" }, { title: "kind" }, { title: "code" }, { title: "" }], rows),
    );
    if (lifted > 0) terminal.stdout(`  and ${lifted} made from expressions of sequences\n`);
  }
  const cells = program.cells.filter((c) => c.params.every((p) => p.type !== null));
  if (cells.length > 0) {
    terminal.stdout(`\n${paint.bold("Cells")}\n`);
    const rows = cells.map((c) => [c.name, c.row.length === 0 ? "pure" : `{${c.row.join(", ")}}`]);
    terminal.stdout(renderTable([{ title: "name" }, { title: "effects" }], rows));
  }
  if (program.entry !== null) terminal.stdout("\n  * runs when no other entry is named\n");
}

function isLifted(id: string): boolean {
  return /__e[0-9]+$/.test(id);
}

function showJson(invocation: Invocation, { program }: RunnableProject): void {
  const params = (list: readonly ProgramParam[]): readonly object[] =>
    list.map((p) => ({ name: p.name, type: p.type }));
  const value = {
    project: program.project,
    version: program.version,
    entry: program.entry,
    sequences: program.sequences.map((s) => ({
      id: s.id,
      params: params(s.params),
      output: s.output,
      description: s.description,
    })),
    tiles: program.tiles.map((t) => ({
      id: t.id,
      kind: t.kind,
      params: params(t.params),
      output: t.output,
      error: t.error,
      code: toHex(t.code),
      description: t.description,
      estimatedCycles: t.estimatedCycles,
      maxMemory: t.maxMemory,
      maxIterations: t.maxIterations,
      lifted: isLifted(t.id),
    })),
    cells: program.cells.map((c) => ({ name: c.name, effects: c.row })),
  };
  invocation.terminal.stdout(`${JSON.stringify(value)}\n`);
}
