// kill -9 in the middle of a run: what was written is read up to the last whole frame, and nothing
// claims that the run finished (formats 14.4).

import { spawn } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { readWholeTrace } from "@lumen/core/trace";
import { expect, it } from "vitest";
import {
  bytesOf,
  document,
  lumen,
  onlyTrace,
  project,
  ROOT,
  traceNames,
} from "../cli/testing/lumen.ts";

const PROGRAM = document(`
@tile(recur, max_iterations: 1000000)
cell count(n: Int, goal: Int) -> (Bool, Int, Int)
  return (n + 1 >= goal, n + 1, goal)
end

@sequence
cell main(goal: Int) -> Int
  let (_, n, _) = count!(0, goal)
  return n
end
`);

const GROWN_BYTES = 200_000;

/** The command from its sources, in a process of its own that can be killed. */
const COMMAND: readonly string[] = [
  "--conditions",
  "lumen-src",
  "--import",
  pathToFileURL(join(ROOT, "node_modules/tsx/dist/loader.mjs")).href,
  join(ROOT, "packages/cli/src/bin.ts"),
];

/** Starts the run, waits until the trace has grown, kills the process; the signal it died of. */
async function killedRun(folder: string): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [...COMMAND, "run", "--input", "900000"], {
    cwd: folder,
    stdio: "ignore",
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once("exit", (_, signal) => resolve(signal));
  });
  for (let i = 0; i < 1000 && traceBytes(folder) < GROWN_BYTES; i++) await pause(20);
  child.kill("SIGKILL");
  return ended;
}

function traceBytes(folder: string): number {
  const [name] = traceNames(folder);
  const path = join(folder, "target/raster/traces", name ?? "");
  return name !== undefined && existsSync(path) ? statSync(path).size : 0;
}

it("leaves a trace that can be read and is not accepted", { timeout: 60_000 }, async () => {
  const folder = project({
    "main.lm.md": PROGRAM,
    "lumen.toml": '[package]\nname = "count"\nversion = "0.1.0"\n',
  });
  expect(await killedRun(folder)).toBe("SIGKILL");
  const path = onlyTrace(folder);
  const bytes = bytesOf(path);
  expect(bytes.length).toBeGreaterThanOrEqual(GROWN_BYTES);

  const read = readWholeTrace(bytes, { subject: path });
  if (!read.ok) throw new Error(read.error.message);
  const records = read.value.events.flatMap((e) =>
    e.event.kind === "TileStep" ? [e.event.record] : [],
  );
  expect(records.length).toBeGreaterThan(100);
  expect(records.slice(1).map((r) => (r.kind === "Tile" ? r.index : null))).toEqual(
    records.slice(1).map((_, i) => i),
  );
  expect(read.value.events.some((e) => e.event.kind === "RunEnd")).toBe(false);

  const shown = await lumen(folder, "trace", "show", path);
  expect(shown.status).toBe(0);
  expect(shown.stdout).toContain("the run did not finish");
  expect(shown.stdout).toContain(`step ${records.length - 2}  count`);
  const verified = await lumen(folder, "verify", path);
  expect(verified.status).toBe(3);
  expect(verified.stdout).toContain("rejected");
  expect(verified.stdout).toContain("the recorded run did not finish");

  // The same file with a frame cut in two: the rest before it still counts.
  const cut = join(folder, "cut.rtrace");
  writeFileSync(cut, bytes.subarray(0, (read.value.events.at(-1)?.offset ?? 0) + 7));
  const torn = await lumen(folder, "trace", "show", cut);
  expect(torn.status).toBe(0);
  expect(torn.stdout).toContain("torn");
  expect(torn.stdout).toContain("whole events were read");
});
