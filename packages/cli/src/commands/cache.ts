// lumen cache

import type { Failure } from "@lumen/core/diagnostic";
import { ok, type Result } from "@lumen/core/result";
import { type CacheListing, cacheOfProject, clearCache, listCache } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { grouped, renderTable } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { CACHE_OPTIONS, homeCache, namedCache } from "./inputs.ts";
import { showRefusal, usageError } from "./outcome.ts";

/** Shows and empties the cache of compilations. */
export const cacheCommand: Command = {
  name: "cache",
  group: "packages",
  summary: "show (ls) or remove (clear) what is kept of compilations",
  positionals: "ls|clear",
  positionalsMax: 1,
  options: CACHE_OPTIONS,
  run: async (invocation) => {
    const [action] = invocation.positionals;
    if (action !== "ls" && action !== "clear") {
      const found = action === undefined ? "" : `, found '${action}'`;
      return usageError(invocation, "cache", `expected ls or clear${found}`);
    }
    const found = usedCache(invocation);
    if (!found.ok) {
      showRefusal(invocation, { failure: found.error, diagnostics: [] });
      return EXIT.failed;
    }
    const folder = found.value;
    if (folder === null)
      return usageError(invocation, "cache", "there is no home folder: name one with --cache-dir");
    if (folder === false) showNone(invocation);
    else if (action === "ls") show(invocation, listCache(folder));
    else clear(invocation, folder);
    return EXIT.ok;
  },
};

/** The cache that a command which compiles would use here (formats 28); false: none is kept. */
function usedCache(invocation: Invocation): Result<string | false | null, Failure> {
  const named = namedCache(invocation);
  if (named !== null) return ok(named);
  const ofProject = cacheOfProject(invocation.project);
  if (!ofProject.ok || ofProject.value !== null) return ofProject;
  return ok(homeCache(invocation));
}

function showNone({ terminal, format }: Invocation): void {
  const none = { type: "cache", folder: null, count: 0, bytes: 0, bytesMax: 0 };
  const said = "no cache: lumen.toml says [build] cache = false";
  terminal.stdout(format === "json" ? `${JSON.stringify(none)}\n` : `${said}\n`);
}

function clear({ terminal, format, flags }: Invocation, folder: string): void {
  const { count, bytes } = clearCache(folder);
  if (format === "json") terminal.stdout(`${JSON.stringify({ folder, count, bytes })}\n`);
  else if (!flags.has("quiet"))
    terminal.stdout(`removed ${grouped(count)} entries, ${grouped(bytes)} bytes, in ${folder}\n`);
}

function show({ terminal, format }: Invocation, listing: CacheListing): void {
  const { folder, entries, bytes, bytesMax } = listing;
  if (format === "json") {
    for (const { writtenMs, ...entry } of entries)
      terminal.stdout(
        `${JSON.stringify({ type: "entry", ...entry, written: dateOf(writtenMs) })}\n`,
      );
    const end = { type: "cache", folder, count: entries.length, bytes, bytesMax };
    terminal.stdout(`${JSON.stringify(end)}\n`);
    return;
  }
  if (entries.length > 0) {
    const rows = entries.map((e) => [
      e.key.slice(0, 16),
      dateOf(e.writtenMs).slice(0, 19).replace("T", " "),
      e.kind ?? "",
      grouped(e.bytes),
      e.target ?? e.note ?? "",
    ]);
    const columns = [
      { title: "entry" },
      { title: "written (UTC)" },
      { title: "holds" },
      { title: "bytes", align: "right" } as const,
      { title: "of" },
    ];
    terminal.stdout(
      renderTable(
        columns,
        rows.map((cells) => cells.map(visible)),
      ),
    );
  }
  const total = `${grouped(bytes)} of at most ${grouped(bytesMax)} bytes`;
  terminal.stdout(`${grouped(entries.length)} entries, ${total}, in ${folder}\n`);
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString();
}
