// lumen fmt

import { type FormatReport, type FormattedFile, formatFiles, formatText } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { showFailure } from "../render/failures.ts";
import { paintFor } from "../render/paint.ts";
import { fromWorkingDirectory } from "./inputs.ts";
import { conclude, showDiagnostics, usageError } from "./outcome.ts";

/** Formats documents. */
export const fmtCommand: Command = {
  name: "fmt",
  group: "write",
  summary: "format documents: one layout, the same meaning",
  positionals: "[FILE|DIR ...]",
  positionalsMax: Number.MAX_SAFE_INTEGER,
  options: {
    check: { help: "write nothing; status 1 if a document would change" },
    stdin: { help: "format standard input to standard output; FILE only says how to read it" },
  },
  run: async (invocation) => {
    if (invocation.flags.has("stdin")) return formatStdin(invocation);
    const { positionals, terminal, project, flags } = invocation;
    const named = positionals.map((path) => fromWorkingDirectory(invocation, path));
    const targets = named.length === 0 ? [project] : named;
    const write = !flags.has("check");
    const report = formatFiles({ targets, write, base: terminal.workingDirectory });
    return conclude(invocation, report, (value) => showReport(invocation, value));
  },
};

/** The name that a text without one has; the text decides how it is read (language 1). */
const STDIN_NAME = "standard input";

function formatStdin(invocation: Invocation): number {
  const { positionals, terminal, flags } = invocation;
  const [path = STDIN_NAME, ...more] = positionals;
  if (more.length > 0) return usageError(invocation, "fmt", "--stdin takes one FILE at most");
  const text = terminal.stdin();
  if (typeof text !== "string") {
    showFailure(invocation, text);
    return EXIT.failed;
  }
  const formatted = formatText(path, text);
  showDiagnostics(invocation, formatted.diagnostics);
  if (formatted.diagnostics.length > 0) return EXIT.failed;
  const changed = formatted.text !== text;
  if (flags.has("check")) return changed ? EXIT.failed : EXIT.ok;
  if (invocation.format === "text") terminal.stdout(formatted.text);
  else terminal.stdout(`${JSON.stringify({ type: "fmt", changed, text: formatted.text })}\n`);
  return EXIT.ok;
}

function showReport(invocation: Invocation, { files }: FormatReport): number {
  const { terminal, format, flags } = invocation;
  const isCheck = flags.has("check");
  showDiagnostics(
    invocation,
    files.flatMap((file) => file.diagnostics),
  );
  const changed = files.filter((file) => file.changed);
  const broken = files.filter((file) => file.diagnostics.length > 0);
  const isFailed = broken.length > 0 || (isCheck && changed.length > 0);
  const status = isFailed ? EXIT.failed : EXIT.ok;
  if (format === "json") {
    const paths = (list: readonly FormattedFile[]): readonly string[] => list.map((f) => f.path);
    const counts = { documents: files.length, changed: paths(changed), broken: paths(broken) };
    terminal.stdout(`${JSON.stringify({ type: "fmt", written: !isCheck, ...counts })}\n`);
    return status;
  }
  const paint = paintFor(terminal);
  const verb = isCheck ? "would format" : "formatted";
  if (isCheck || !flags.has("quiet")) {
    for (const { path } of changed) terminal.stdout(`${paint.yellow(verb)}  ${path}\n`);
  }
  if (flags.has("quiet") || isFailed) return status;
  const same = files.length - changed.length;
  terminal.stdout(`${paint.green("ok")}  ${changed.length} changed, ${same} as they were\n`);
  return status;
}
