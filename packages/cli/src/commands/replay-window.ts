// lumen replay of a part of a run: which steps, and what came of them

import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { toHex } from "@lumen/core/hash";
import type { WindowReplay } from "@lumen/raster/verify";
import {
  replayPart,
  replayWindowFile,
  type UseCase,
  type WindowReport,
  type WindowRequest,
} from "@lumen/toolchain";
import { EXIT, type Invocation } from "../command.ts";
import { showFailure } from "../render/failures.ts";
import { paintFor } from "../render/paint.ts";
import { grouped, renderTable } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory, optionPath, wholeNumber } from "./inputs.ts";
import { conclude } from "./outcome.ts";

type Part = Pick<WindowRequest, "choice" | "out">;

/** The part that the options ask for, null for the whole run; or what is wrong with them. */
export function windowOptions(invocation: Invocation): Part | string | null {
  const { options, flags } = invocation;
  const { start, end, at } = options;
  const size = options["window-size"];
  const context = flags.has("context");
  const out = optionPath(invocation, "out");
  const numbers = [start, end, at, size].filter((text) => text !== undefined);
  const odd = numbers.find((text) => wholeNumber(text) === null);
  if (odd !== undefined) return `expected a whole number, found '${odd}'`;
  if ((start === undefined) !== (end === undefined)) return "--start and --end belong together";
  if (start !== undefined && (at ?? size) !== undefined)
    return "--start and --end, or --at: not both";
  if (start !== undefined && end !== undefined)
    return context
      ? "--context belongs to --at"
      : { choice: { kind: "range", start: Number(start), end: Number(end) }, out };
  if (at === undefined)
    return size !== undefined || context || out !== undefined
      ? "--window-size, --context and --out belong to a part: give --at, or --start and --end"
      : null;
  const steps = size === undefined ? undefined : Number(size);
  return { choice: { kind: "around", at: Number(at), size: steps, context }, out };
}

const PEEK_BYTES = 4096;

/** The path of a window document, null for anything else that can be replayed. */
export function windowFile(invocation: Invocation, trace: string): string | null {
  const path = fromWorkingDirectory(invocation, trace);
  if (!existsSync(path) || !statSync(path).isFile()) return null;
  const fd = openSync(path, "r");
  try {
    const bytes = new Uint8Array(PEEK_BYTES);
    const text = new TextDecoder().decode(bytes.subarray(0, readSync(fd, bytes)));
    return text.startsWith("{") && /"kind"\s*:\s*"window"/.test(text) ? path : null;
  } finally {
    closeSync(fd);
  }
}

/** Replays a window document. */
export async function replayFile(invocation: Invocation, file: string): Promise<number> {
  const report = await replayWindowFile({
    file,
    projectFolder: invocation.project,
    program: optionPath(invocation, "program"),
    backend: invocation.options.backend,
  });
  return finish(invocation, report);
}

/** Replays a window of a trace. */
export async function replayWindowOf(
  invocation: Invocation,
  request: WindowRequest,
): Promise<number> {
  return finish(invocation, await replayPart(request));
}

function finish(invocation: Invocation, report: UseCase<WindowReport>): Promise<number> {
  return conclude(invocation, report, (found) => show(invocation, found));
}

function show(invocation: Invocation, report: WindowReport): number {
  const { verdict } = report;
  const { terminal, format } = invocation;
  if (verdict.kind === "undecided") {
    showFailure(invocation, verdict.failure);
    return EXIT.failed;
  }
  if (verdict.kind === "invalid") {
    const { check, clause, code, message } = verdict;
    if (format === "json") {
      const shown = { type: "error", code, check, clause, message };
      terminal.stdout(`${JSON.stringify(shown)}\n`);
    } else {
      const paint = paintFor(terminal);
      terminal.stderr(`${paint.red(paint.bold(`error[${code}]`))}: ${visible(message)}\n`);
    }
    return EXIT.rejected;
  }
  if (format === "json") showJson(invocation, report, verdict);
  else showText(invocation, report, verdict);
  return verdict.matched ? EXIT.ok : EXIT.rejected;
}

/** The result of formats 19.3. */
function showJson(
  { terminal }: Invocation,
  { path, window, out }: WindowReport,
  { matched, finalOutput, steps, firstMismatch }: WindowReplay,
): void {
  const result = {
    path,
    window_id: toHex(window.windowId),
    start: window.start,
    end: window.end,
    matched,
    final_output: finalOutput === null ? null : { $hex: toHex(finalOutput) },
    steps: steps.map(({ index, tileId, mode, cycles, receipt, verified }) => ({
      index,
      tile_id: tileId,
      mode,
      ...(cycles === null ? {} : { cycles }),
      ...(receipt === null ? {} : { receipt: { $hex: toHex(receipt) } }),
      ...(verified === null ? {} : { verified }),
    })),
    ...(firstMismatch === null ? {} : { first_mismatch: firstMismatch }),
    ...(out === undefined ? {} : { out }),
  };
  terminal.stdout(`${JSON.stringify(result)}\n`);
}

function showText(
  invocation: Invocation,
  { path, window, out }: WindowReport,
  { matched, finalOutput, steps, firstMismatch }: WindowReplay,
): void {
  const { terminal, flags } = invocation;
  const paint = paintFor(terminal);
  const title = matched ? paint.green("matched") : paint.red("diverged");
  terminal.stdout(`${paint.bold(title)}  ${visible(path)}\n`);
  const count = grouped(steps.length);
  terminal.stdout(`  steps       ${window.start} to ${window.end}, ${count} run again\n`);
  if (finalOutput !== null) terminal.stdout(`  output      ${toHex(finalOutput)}\n`);
  if (firstMismatch !== null) {
    const { leafIndex, reason, expected, found } = firstMismatch;
    terminal.stdout(`  leaf ${leafIndex} is wrong (${reason})\n`);
    terminal.stdout(`  expected    ${visible(JSON.stringify(expected))}\n`);
    terminal.stdout(`  found       ${visible(JSON.stringify(found))}\n`);
  }
  if (out !== undefined) terminal.stdout(`  window      ${visible(out)}\n`);
  if (!flags.has("verbose")) return;
  const columns = [
    { title: "step", align: "right" },
    { title: "tile" },
    { title: "cycles", align: "right" },
  ] as const;
  const rows = steps.map(({ index, tileId, cycles }) => [
    grouped(index),
    visible(tileId),
    cycles === null ? "" : grouped(cycles),
  ]);
  terminal.stdout(renderTable(columns, rows));
}
