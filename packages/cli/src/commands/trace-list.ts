// lumen trace ls

import { basename } from "node:path";
import { type ListedTrace, listedTraces } from "@lumen/toolchain";
import { EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { grouped, renderTable } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory } from "./inputs.ts";
import { conclude } from "./outcome.ts";

/** Lists the traces of a project or a folder. */
export function listCommand(invocation: Invocation, target: string | undefined): Promise<number> {
  const folder =
    target === undefined ? invocation.project : fromWorkingDirectory(invocation, target);
  return conclude(invocation, listedTraces(folder), (traces) => {
    const { terminal, format } = invocation;
    if (format === "json") for (const t of traces) terminal.stdout(`${JSON.stringify(row(t))}\n`);
    else if (traces.length === 0)
      terminal.stdout("no traces here yet: lumen run records one inside a project\n");
    else terminal.stdout(table(invocation, traces));
    return EXIT.ok;
  });
}

/** A trace as JSON. Every row has every key; `runId`, `entry` and `date` null where unknown. */
function row({ path, bytes, header, status, steps, requests, problem }: ListedTrace): object {
  return {
    path,
    runId: header?.runId ?? null,
    date: header === null ? null : dateOf(header),
    entry: header?.entry ?? null,
    status,
    steps,
    requests,
    bytes,
    problem,
  };
}

function table(invocation: Invocation, traces: readonly ListedTrace[]): string {
  const paint = paintFor(invocation.terminal);
  const rows = traces.map(({ path, header, status, steps, requests, bytes, problem }) => [
    header?.runId ?? basename(path),
    header === null ? "" : (dateOf(header) ?? ""),
    header?.entry ?? "",
    status,
    grouped(steps),
    grouped(requests),
    grouped(bytes),
    problem?.message ?? "",
  ]);
  const text = renderTable(
    [
      { title: "run" },
      { title: "date (UTC)" },
      { title: "entry" },
      { title: "status" },
      { title: "steps", align: "right" },
      { title: "requests", align: "right" },
      { title: "bytes", align: "right" },
      { title: "" },
    ],
    rows.map((cells) => cells.map(visible)),
  );
  const [title = "", ...lines] = text.split("\n");
  return [paint.bold(title), ...lines].join("\n");
}

/** `2026-01-31 12:00:00`, in UTC; null for a deterministic run, which has no time. */
function dateOf({ timestamp }: { readonly timestamp: bigint }): string | null {
  if (timestamp === 0n) return null;
  return new Date(Number(timestamp / 1_000_000n)).toISOString().slice(0, 19).replace("T", " ");
}
