// A stop of a recorded run for people: where each task is, its variables, what it waits for.

import type { LocatedFrame, StoppedTask, TraceStop } from "@lumen/toolchain";
import type { Paint } from "./paint.ts";
import { frameLines } from "./run.ts";
import { renderStep } from "./step.ts";
import { visible } from "./visible.ts";

/** The lines of a stop. */
export function renderStop(stop: TraceStop, paint: Paint): string {
  const head = `${paint.bold(`stop ${stop.step}`)} of ${stop.steps}`;
  if (stop.kind === "sequence") {
    const before = stop.before === null ? "" : `after ${renderStep(stop.before, paint)}`;
    const next =
      stop.next === null ? "the end of the run\n" : `next ${renderStep(stop.next, paint)}`;
    return `${head}\n${before}${next}`;
  }
  const lines = [stop.ended === null ? head : `${head}: the run ${visible(stop.ended)}`];
  for (const { request, task, what, args, place } of stop.pending) {
    const by = task === 0 ? "" : ` by task ${task}`;
    lines.push(
      `${paint.yellow("waits")}  request ${request}${by}: ${visible(what)}(${args.map(visible).join(", ")})`,
    );
    lines.push(...placeLines(place, paint));
  }
  for (const task of stop.tasks) lines.push(...taskLines(task, paint));
  return `${lines.join("\n")}\n`;
}

function taskLines({ task, cell, waitsFor, frames }: StoppedTask, paint: Paint): readonly string[] {
  const name = task === 0 ? "entry" : `task ${task}`;
  const state = waitsFor === null ? "can go on" : `waits for ${waitsFor}`;
  return [
    `${paint.bold(name)}  ${visible(cell)}, ${state}`,
    ...frames.flatMap(({ place, variables }) => [
      ...placeLines(place, paint),
      ...variables.map((v) => `       ${visible(v.name)} = ${visible(v.value)}`),
    ]),
  ];
}

function placeLines(place: LocatedFrame, paint: Paint): readonly string[] {
  return frameLines([place], paint);
}
