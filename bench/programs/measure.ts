// Runs the programs of the set in all languages, side by side: outputs are compared first, then the
// languages take turns, so that a busy minute of the machine meets all of them.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Peer } from "./peers.ts";
import type { BenchProgram } from "./set.ts";

/** Milliseconds of every round that counts, by the name of the peer. */
export type Times = Readonly<Record<string, readonly number[]>>;

/** What was measured of a program. */
export interface ProgramFigures {
  readonly program: string;
  readonly n: number;
  /** What all of them printed. */
  readonly result: string;
  readonly times: Times;
  /** What a peer says about how it ran, by its name. */
  readonly notes: Readonly<Record<string, string>>;
  /** Peak of the memory in bytes, of the peers that say it. */
  readonly peaks: Readonly<Record<string, number>>;
}

/** How much is measured: turns of each language, and the time that one should take about. */
export interface Effort {
  readonly turns: number;
  readonly turnMs: number;
}

interface Runner {
  readonly name: string;
  readonly run: (rounds: number) => Turn;
}

/** What one process printed. */
interface Turn {
  readonly result: string;
  readonly times: readonly number[];
  readonly note: string | null;
  readonly peak: number | null;
}

/** Measures one program; throws where the results differ. */
export function measureProgram(
  { name, n }: Pick<BenchProgram, "name" | "n">,
  peers: readonly Peer[],
  effort: Effort,
): ProgramFigures {
  const build = mkdtempSync(join(tmpdir(), "lumen-bench-"));
  try {
    const runners = peers.map((peer) => runnerOf(peer, name, n, build));
    // The first round warms the engine up, the second says how many a turn has room for.
    const first = runners.map((runner) => runner.run(2));
    const result = first[0]?.result ?? "";
    for (const [i, { result: other }] of first.entries())
      if (other !== result)
        throw new Error(`${name}: ${runners[i]?.name} prints ${other}, expected ${result}`);
    const rounds = first.map(({ times }) => roundsOf(times.at(-1) ?? 0, effort.turnMs));
    const times = new Map(runners.map((runner): [string, number[]] => [runner.name, []]));
    const notes: Record<string, string> = {};
    const peaks: Record<string, number> = {};
    for (let turn = 0; turn < effort.turns; turn += 1) {
      for (const [i, runner] of runners.entries()) {
        const turn = runner.run(rounds[i] ?? 2);
        times.get(runner.name)?.push(...turn.times.slice(1));
        if (turn.note !== null) notes[runner.name] = turn.note;
        if (turn.peak !== null) peaks[runner.name] = Math.max(turn.peak, peaks[runner.name] ?? 0);
      }
    }
    return { program: name, n, result, times: Object.fromEntries(times), notes, peaks };
  } finally {
    rmSync(build, { recursive: true });
  }
}

/** One round to warm up, and at least two, at most thirty that count. */
function roundsOf(ms: number, turnMs: number): number {
  return 1 + Math.min(30, Math.max(2, Math.round(turnMs / Math.max(ms, 0.01))));
}

function runnerOf(peer: Peer, program: string, n: number, build: string): Runner {
  const folder = join("bench/programs", program);
  const own = join(build, peer.name);
  mkdirSync(own);
  const [command, ...args] = peer.prepare(folder, own);
  return {
    name: peer.name,
    run: (rounds) => {
      const text = execFileSync(
        command,
        [...args, String(n), String(rounds), ...(peer.rest ?? [])],
        {
          encoding: "utf8",
          env: { ...process.env, ...peer.env },
          maxBuffer: 1 << 20,
        },
      );
      const [result = "", ...lines] = text.trimEnd().split("\n");
      const said = lines.flatMap((line) => (line.startsWith("# ") ? [line.slice(2)] : []));
      const peak = said.find((text) => text.startsWith("peak "));
      return {
        result,
        times: lines.filter((line) => !line.startsWith("# ")).map(Number),
        note: said.find((text) => text !== peak) ?? null,
        peak: peak === undefined ? null : Number(peak.slice(5)),
      };
    },
  };
}
