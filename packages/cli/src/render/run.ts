// A failed run for people: the failure, the tile, and where in the source it happened.

import { lineText, makeSourceText, positionOf } from "@lumen/core/diagnostic";
import type { RunFailure, RunnableProject } from "@lumen/toolchain";
import type { Paint } from "./paint.ts";

/** Deepest part of a call stack that is shown. */
const FRAMES_MAX = 20;

/** The lines of a run-time failure. */
export function renderRunFailure(
  failure: RunFailure,
  project: RunnableProject,
  paint: Paint,
): string {
  const lines = [
    `${paint.red(paint.bold(`error[${failure.code}]`))}: ${paint.bold(failure.message)}`,
  ];
  if (failure.tileId !== null) {
    lines.push(
      `  ${paint.blue("in")} tile ${failure.tileId}${failure.path === null ? "" : `, path ${failure.path}`}`,
    );
  }
  const shown = failure.stack.slice(-FRAMES_MAX);
  if (shown.length < failure.stack.length)
    lines.push(`  … ${failure.stack.length - shown.length} calls above`);
  for (const frame of shown) lines.push(...frameLines(frame, project, paint));
  return `${lines.join("\n")}\n`;
}

function frameLines(
  frame: RunFailure["stack"][number],
  project: RunnableProject,
  paint: Paint,
): readonly string[] {
  const path = project.program.modules.find((m) => m.name === frame.module)?.debug?.path;
  const text = path === undefined ? undefined : project.sources.get(path);
  if (path === undefined || text === undefined || frame.span === null)
    return [`  ${paint.blue("at")} ${frame.cell}`];
  const source = makeSourceText(path, text.replace(/\r\n/g, "\n"));
  const at = positionOf(source, frame.span.start);
  return [
    `  ${paint.blue("at")} ${frame.cell} (${path}:${at.line}:${at.column})`,
    `     ${paint.dim(lineText(source, at.line).trim())}`,
  ];
}
