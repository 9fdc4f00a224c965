// Records the programs of the corpus, each in a project of its own.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TraceEvent } from "@lumen/core/trace";
import { fakeTools, runTarget } from "@lumen/testkit";
import { bytesOf } from "../../cli/testing/lumen.ts";
import { open } from "../../evidence/testing/forge.ts";
import type { CorpusProgram } from "./programs.ts";

const MANIFEST = `[package]
name = "corpus"
version = "0.1.0"
[providers]
"web.get" = "fake"
`;

/** A recorded program; `folder` is removed by whoever asked for it. */
export interface CorpusTrace {
  readonly name: string;
  readonly folder: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly events: readonly TraceEvent[];
}

/** Runs a program and keeps its trace. */
export async function record(
  program: CorpusProgram,
  { deterministic }: { readonly deterministic: boolean },
): Promise<CorpusTrace> {
  const folder = mkdtempSync(join(tmpdir(), "lumen-corpus-"));
  const target = join(folder, "main.lm");
  const traceDir = join(folder, "target/raster/traces");
  mkdirSync(traceDir, { recursive: true });
  writeFileSync(join(folder, "lumen.toml"), MANIFEST);
  writeFileSync(target, program.source);
  const { kinds } = fakeTools(program.tools);
  const ran = await runTarget({
    target: folder,
    input: program.input,
    traceDir,
    deterministic,
    providers: kinds,
  });
  const path = ran.report?.evidence?.tracePath ?? null;
  if (path === null) throw new Error(`${program.name} left no trace: ${ran.failure?.message}`);
  const bytes = bytesOf(path);
  return { name: program.name, folder, path, bytes, events: open(bytes).events };
}
