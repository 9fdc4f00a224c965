// lumen build

import { build, DEFAULT_BACKEND, type NativeReport } from "@lumen/toolchain";
import { type Command, EXIT } from "../command.ts";
import { showFailure } from "../render/failures.ts";
import { paintFor } from "../render/paint.ts";
import { countOf, grouped, renderTable } from "../render/table.ts";
import {
  BACKEND_OPTIONS,
  objectsOf,
  PROJECT_OPTIONS,
  projectOptionsOf,
  targetOf,
} from "./inputs.ts";
import { conclude, showDiagnostics, usageError } from "./outcome.ts";

/** Writes artifacts, schema and project manifest. */
export const buildCommand: Command = {
  name: "build",
  group: "run",
  summary: "write artifacts, schema and manifest to target/raster",
  positionals: "[FILE|DIR]",
  positionalsMax: 1,
  options: {
    ...PROJECT_OPTIONS,
    ...BACKEND_OPTIONS,
    tile: { value: "ID", help: "only this tile" },
    force: { help: "build even what is up to date" },
    aot: { help: "also make native code for --tier t3, and keep it in the cache" },
  },
  run: async (invocation) => {
    const { options, flags, terminal, format } = invocation;
    const native = flags.has("aot") ? objectsOf(invocation) : undefined;
    if (native === null) return usageError(invocation, "build", NO_CACHE);
    const report = await build({
      target: targetOf(invocation),
      options: projectOptionsOf(invocation),
      tile: options.tile,
      backend: options.backend ?? DEFAULT_BACKEND,
      force: flags.has("force"),
      ...(native === undefined ? {} : { native }),
    });
    return conclude(invocation, report, (built) => {
      const { folder, tiles, failures, backend, warnings } = built;
      if (format === "json") {
        terminal.stdout(
          `${JSON.stringify({ folder, backend, tiles, failures, native: built.native })}\n`,
        );
        return failures.length === 0 ? EXIT.ok : EXIT.failed;
      }
      showDiagnostics(invocation, warnings);
      const paint = paintFor(terminal);
      for (const tile of tiles) if (tile.note !== null) terminal.stderr(`note: ${tile.note}\n`);
      const rows = tiles.map((t) => [
        t.tileId,
        t.state,
        grouped(t.guestBytes),
        t.methodId.slice(0, 16),
      ]);
      terminal.stdout(`${paint.bold("Tiles")} for ${backend}\n`);
      terminal.stdout(
        renderTable(
          [
            { title: "name" },
            { title: "" },
            { title: "bytes", align: "right" },
            { title: "method id" },
          ],
          rows,
        ),
      );
      terminal.stdout(`\nwritten to ${folder}\n`);
      if (built.native !== null) terminal.stdout(`${nativeText(built.native)}\n`);
      for (const failed of failures) showFailure(invocation, failed.error);
      return failures.length === 0 ? EXIT.ok : EXIT.failed;
    });
  },
};

const NO_CACHE = "--aot keeps native code in the cache: without one there is no place for it";

function nativeText({ count, newCount, bytes, folder }: NativeReport): string {
  if (count === 0) return "native code: none, no cell or loop is of numbers and lists of them only";
  const made = newCount === 0 ? "all there" : `${newCount} new`;
  return `native code: ${countOf(count, "object")} (${made}), ${grouped(bytes)} bytes, in ${folder}`;
}
