// What ran in which tier (`lumen run --explain-tiers`).

import type { TierWatch } from "@lumen/toolchain";
import type { Invocation } from "../command.ts";
import { grouped, renderTable } from "./table.ts";
import { visible } from "./visible.ts";

/** A table on stderr, or a line of JSON there: stdout is the program's. */
export function showTiers({ terminal, format }: Invocation, tiers: TierWatch): void {
  const { note } = tiers;
  const reports = tiers.reports();
  if (format === "json") {
    terminal.stderr(`${JSON.stringify({ type: "tiers", note, cells: reports })}\n`);
    return;
  }
  if (note !== null) terminal.stderr(`${visible(note)}\n`);
  const rows = reports.map((report) => [
    report.part === null
      ? `${report.module}.${report.cell}`
      : `tile ${report.part}: ${report.cell}`,
    report.tier,
    grouped(report.entries),
    grouped(report.cycles),
    report.reason ?? "",
  ]);
  terminal.stderr(
    renderTable(
      [
        { title: "cell" },
        { title: "tier" },
        { title: "entered", align: "right" },
        { title: "cycles inside", align: "right" },
        { title: "why not higher" },
      ],
      rows,
    ),
  );
}
