// Who writes a trace: one process at a time. A lock is the file `TRACE.lock.N` beside the trace; of
// several the highest N counts. A process that died leaves its lock behind; who comes next takes
// N + 1, which can be made once only. Whoever is done removes his own last.

import { randomBytes } from "node:crypto";
import { existsSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { makeFolder } from "@lumen/runtime";

/** The right to write a trace. */
export interface TraceLock {
  /** Gives it up; more than once does nothing. */
  readonly release: () => void;
}

/** Who has a lock: enough to know whether that process still runs. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process began, where the system says; numbers of processes are used again. */
  readonly started: string | null;
}

/** Takers that come at the same time lose a round to each other at most. */
const ROUNDS_MAX = 100;

/** Takes the lock of a trace, which need not be there yet. E_RUN_BUSY, E_IO. */
export function lockTrace(tracePath: string): Result<TraceLock, Failure> {
  try {
    makeFolder(dirname(tracePath));
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const top = Math.max(0, ...generations(tracePath));
      const holder = top === 0 ? null : holderOf(lockPath(tracePath, top));
      if (holder === "gone") continue;
      if (holder !== null && isRunning(holder)) return err(busy(tracePath, holder, top));
      if (create(lockPath(tracePath, top + 1))) return ok(held(tracePath, top + 1));
    }
    return err(failure("E_RUN_BUSY", "trace", "other processes take the trace all the time"));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const message = `cannot lock the trace '${tracePath}': ${error.message}`;
    return err(failure("E_IO", "trace", message, { subject: tracePath }));
  }
}

/** Whether some process writes the trace now. */
export function isBeingWritten(tracePath: string): boolean {
  const top = Math.max(0, ...generations(tracePath));
  const holder = top === 0 ? null : holderOf(lockPath(tracePath, top));
  return holder !== null && holder !== "gone" && isRunning(holder);
}

function lockPath(tracePath: string, generation: number): string {
  return `${tracePath}.lock.${generation}`;
}

function generations(tracePath: string): readonly number[] {
  const prefix = `${basename(tracePath)}.lock.`;
  return readdirSync(dirname(tracePath))
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d{0,8}$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)));
}

function held(tracePath: string, generation: number): TraceLock {
  let isHeld = true;
  return {
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      const older = generations(tracePath).filter((other) => other < generation);
      for (const other of [...older, generation])
        rmSync(lockPath(tracePath, other), { force: true });
    },
  };
}

/** Makes the file with its content at once; false where it is there already. */
function create(path: string): boolean {
  const own = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  const holder: Holder = { host: hostname(), pid: process.pid, started: startOf(process.pid) };
  writeFileSync(own, JSON.stringify(holder));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (existsSync(path)) return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** `gone`: the file was removed meanwhile. Null: it says nothing, as after a power cut. */
function holderOf(path: string): Holder | "gone" | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "gone";
    throw error;
  }
  return parseHolder(text);
}

function parseHolder(text: string): Holder | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof found !== "object" || found === null) return null;
  const { host, pid, started }: Partial<Record<keyof Holder, unknown>> = found;
  if (typeof host !== "string" || typeof pid !== "number") return null;
  return { host, pid, started: typeof started === "string" ? started : null };
}

/** Of another host nobody here knows, so its lock counts. */
function isRunning({ host, pid, started }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
  }
  const now = startOf(pid);
  return started === null || now === null || started === now;
}

/** Boot and start time of a process, by Linux; null elsewhere. */
function startOf(pid: number): string | null {
  const stat = `/proc/${pid}/stat`;
  const boot = "/proc/sys/kernel/random/boot_id";
  try {
    // The name of the program, in brackets, may hold blanks; field 22 is the 20th behind it.
    const [, fields = ""] = /\) (.*)$/s.exec(readFileSync(stat, "utf8")) ?? [];
    const ticks = fields.split(" ")[19];
    return ticks === undefined ? null : `${readFileSync(boot, "utf8").trim()} ${ticks}`;
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}

function busy(tracePath: string, { host, pid }: Holder, generation: number): Failure {
  const where = host === hostname() ? "" : ` on ${host}`;
  const message = `process ${pid}${where} is writing this run`;
  const hint =
    where === ""
      ? "Wait until it has ended, or end it."
      : `If that process is gone, remove '${lockPath(tracePath, generation)}'.`;
  return failure("E_RUN_BUSY", "trace", message, { subject: tracePath, hint });
}
