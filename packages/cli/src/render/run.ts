// A failed run for people: the failure, the tile, and where in the source it happened.

import {
  type LocatedFrame,
  locateFrames,
  type RunFailure,
  type RunnableProject,
} from "@lumen/toolchain";
import type { Paint } from "./paint.ts";
import { visibleLine } from "./visible.ts";

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
  lines.push(...frameLines(locateFrames(failure.stack, project), paint));
  return `${lines.join("\n")}\n`;
}

/** The innermost frames, outermost of them first. */
export function frameLines(stack: readonly LocatedFrame[], paint: Paint): readonly string[] {
  const shown = stack.slice(-FRAMES_MAX);
  const hidden = stack.length - shown.length;
  return [
    ...(hidden > 0 ? [`  … ${hidden} calls above`] : []),
    ...shown.flatMap(({ cell, at }) =>
      at === null
        ? [`  ${paint.blue("at")} ${cell}`]
        : [
            `  ${paint.blue("at")} ${cell} (${at.path}:${at.line}:${at.column})`,
            `     ${paint.dim(visibleLine(at.text))}`,
          ],
    ),
  ];
}
