// The back ends of the command, by name (spec/formats.md 12).

import { type CostModel, RV32IM_1 } from "@lumen/core/cost";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import type { Backend } from "@lumen/raster";
import {
  type GuestEngine,
  IsolateBackend,
  lirEngine,
  NativeBackend,
  ZkvmSimBackend,
} from "@lumen/raster/backends";
import { jsEngine } from "@lumen/raster/backends/js";
import type { TierWatch } from "./tier-watch.ts";

/** What a back end is opened for. */
export interface BackendUse {
  /**
   * `own`: a project that its user runs. `foreign`: a program file, whose code was written by
   * somebody else and never runs in this process, LIR apart, which cannot reach it.
   */
  readonly code: "own" | "foreign";
  /** Told what a tile does against its declaration; nobody when absent. */
  readonly warn?: (text: string) => void;
  /** The tiers of `native`, and who looks at them. */
  readonly tiers?: TierWatch;
  /** What `zkvm-sim` counts by; `rv32im-1` when absent. */
  readonly model?: CostModel;
}

/** A back end that can be asked for. */
export interface BackendEntry {
  readonly name: string;
  readonly open: (use: BackendUse) => Backend;
}

/** Every back end, the default first. */
export const BACKENDS: readonly BackendEntry[] = [
  {
    name: "native",
    open: (use) =>
      new NativeBackend({
        engines: engines(use),
        ...(use.warn === undefined ? {} : { warn: use.warn }),
      }),
  },
  { name: "isolate", open: () => new IsolateBackend({ engines: engines({ code: "foreign" }) }) },
  { name: "zkvm-sim", open: ({ model = RV32IM_1 }) => new ZkvmSimBackend({ model }) },
];

/** The back end where none is named. */
export const DEFAULT_BACKEND = "native";

/** What runs the languages of tiles. JavaScript of somebody else runs in the sandbox only. */
function engines({ code, tiers }: Pick<BackendUse, "code" | "tiers">): readonly GuestEngine[] {
  const js = jsEngine(code === "own" ? "process" : "sandbox");
  if (tiers === undefined) return [lirEngine(), js];
  const { compile } = tiers;
  return [lirEngine({ compile, linked: (program, id) => tiers.add(program, id) }), js];
}

/** A back end by name. `E_BACKEND_UNSUPPORTED` names the ones there are. */
export function backendNamed(
  name: string,
  use: BackendUse,
  backends: readonly BackendEntry[] = BACKENDS,
): Result<Backend, Failure> {
  const entry = backends.find((b) => b.name === name);
  if (entry !== undefined) return ok(entry.open(use));
  const hint = `There are ${backends.map((b) => b.name).join(", ")}.`;
  const message = `there is no back end '${name}'`;
  return err(failure("E_BACKEND_UNSUPPORTED", "compile", message, { subject: name, hint }));
}

/** Back ends within whose limits a tile may fail that would not elsewhere. */
const LIMITED: readonly string[] = ["isolate", "zkvm-sim"];

/** Whether the back end of this name ends tiles that run elsewhere. */
export function hasLimits(name: string | null): boolean {
  return name !== null && LIMITED.includes(name);
}

/**
 * What runs a tile of a program file again, to check what a trace says about it: the back end that
 * it was recorded on where that has limits, else `native`. `recorded` is only a name in a trace.
 */
export function checkingBackend(recorded: string | null, languages: ReadonlySet<string>): Backend {
  const foreign: BackendUse = { code: "foreign" };
  const entry = BACKENDS.find(({ name }) => name === recorded && hasLimits(name));
  // No run of a tile in another language can have been recorded there.
  const canRun = entry?.name !== "zkvm-sim" || [...languages].every((kind) => kind === "lir");
  if (entry !== undefined && canRun) return entry.open(foreign);
  return new NativeBackend({ engines: engines(foreign) });
}
