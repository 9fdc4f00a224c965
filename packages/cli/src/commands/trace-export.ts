// lumen trace export

import { exportTrace, TRACE_FORMS } from "@lumen/toolchain";
import { EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { grouped } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory, traceArgument } from "./inputs.ts";
import { conclude, usageError } from "./outcome.ts";

/** Writes a trace in another of its forms. */
export async function exportCommand(
  invocation: Invocation,
  trace: string | undefined,
): Promise<number> {
  const { terminal, options, format, flags, project } = invocation;
  const to = TRACE_FORMS.find((form) => form === options.to);
  if (to === undefined)
    return usageError(invocation, "trace", `export needs --to ${TRACE_FORMS.join(", ")}`);
  if (to === "binary" && options.output === undefined)
    return usageError(invocation, "trace", "--to binary needs --output FILE");
  const out =
    options.output === undefined ? null : fromWorkingDirectory(invocation, options.output);
  const decoder = new TextDecoder();
  const report = exportTrace({
    trace: traceArgument(invocation, trace),
    projectFolder: project,
    to,
    out: out ?? ((bytes) => terminal.stdout(decoder.decode(bytes))),
  });
  return conclude(invocation, report, ({ path, events, bytes, torn }) => {
    const paint = paintFor(terminal);
    if (torn !== null) terminal.stderr(`${paint.yellow("torn")}: ${visible(torn.message)}\n`);
    if (out === null || flags.has("quiet")) return EXIT.ok;
    if (format === "json")
      terminal.stdout(`${JSON.stringify({ path, to, output: out, events, bytes, torn })}\n`);
    else
      terminal.stdout(
        `${visible(out)}  ${grouped(events)} events, ${grouped(bytes)} bytes, of ${visible(path)}\n`,
      );
    return EXIT.ok;
  });
}
