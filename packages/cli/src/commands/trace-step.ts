// lumen trace step: a recorded run at one of its stops, or at one after the other

import type { TraceStop, Travel } from "@lumen/toolchain";
import { travel } from "@lumen/toolchain";
import { EXIT, type Invocation, type Terminal } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { renderStop } from "../render/stop.ts";
import { countOf } from "../render/table.ts";
import { fromWorkingDirectory, traceArgument } from "./inputs.ts";
import { conclude, showRefusal, usageError } from "./outcome.ts";

/** Shows the stop of `--at` and `--back`, else asks where a person types, else shows the last. */
export async function stepCommand(
  invocation: Invocation,
  trace: string | undefined,
): Promise<number> {
  const { options, project, terminal } = invocation;
  for (const name of ["at", "back"])
    if (options[name] !== undefined && !isCount(options[name]))
      return usageError(
        invocation,
        "trace",
        `--${name}: expected a number, found '${options[name]}'`,
      );
  const opened = await travel({
    trace: traceArgument(invocation, trace),
    projectFolder: project,
    program:
      options.program === undefined ? undefined : fromWorkingDirectory(invocation, options.program),
  });
  return conclude(invocation, opened, (run) => {
    const isFixed = options.at !== undefined || options.back !== undefined;
    if (!isFixed && terminal.typed === true && terminal.editor !== undefined)
      return walk(invocation, run, terminal.editor);
    const from = options.at === undefined ? run.steps : Number(options.at);
    return showStop(invocation, run, Math.max(0, from - Number(options.back ?? 0)));
  });
}

function isCount(text: string): boolean {
  return /^(0|[1-9][0-9]{0,14})$/.test(text);
}

async function showStop(invocation: Invocation, run: Travel, k: number): Promise<number> {
  const stop = await run.stopAt(k);
  return conclude(invocation, stop, (found) => {
    show(invocation, found);
    return EXIT.ok;
  });
}

function show({ terminal, format }: Invocation, stop: TraceStop): void {
  if (format === "json") terminal.stdout(`${JSON.stringify(stop)}\n`);
  else terminal.stdout(renderStop(stop, paintFor(terminal)));
}

const HELP = "Enter: one step on; b: one step back; a number: that stop; q: the end\n";

/** Stop by stop, as somebody asks for them. */
async function walk(
  invocation: Invocation,
  run: Travel,
  open: NonNullable<Terminal["editor"]>,
): Promise<number> {
  const { terminal } = invocation;
  const editor = open({
    history: [],
    complete: () => ({ word: "", words: [] }),
    interrupted: () => {},
  });
  terminal.stdout(`${run.entry}, ${countOf(run.steps, "step")}. ${HELP}`);
  for (let k = 0; ; ) {
    const stop = await run.stopAt(k);
    if (stop.ok) show(invocation, stop.value);
    else showRefusal(invocation, stop.error);
    const line = (await editor.next(`${k}/${run.steps}> `))?.trim() ?? null;
    if (line === null || line === "q") break;
    if (line === "") k = Math.min(run.steps, k + 1);
    else if (line === "b") k = Math.max(0, k - 1);
    else if (isCount(line) && Number(line) <= run.steps) k = Number(line);
    else terminal.stdout(HELP);
  }
  editor.close();
  return EXIT.ok;
}
