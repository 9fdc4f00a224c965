// What ran in which tier (`lumen run --explain-tiers`).

import type { PlacedTierReport } from "@lumen/toolchain";
import type { Invocation } from "../command.ts";
import { grouped, renderTable } from "./table.ts";

/** A table on stderr, or a line of JSON there: stdout is the program's. */
export function showTiers(
  { terminal, format }: Invocation,
  reports: readonly PlacedTierReport[],
): void {
  if (format === "json") {
    terminal.stderr(`${JSON.stringify({ type: "tiers", cells: reports })}\n`);
    return;
  }
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
