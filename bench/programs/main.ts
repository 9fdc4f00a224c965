// `npm run bench:programs -- [--only fib,sieve] [--peers Lumen,Node] [--turns 3] [--quick]
// [--interpreter] [--native] [--date 2026-11-21]`: measures the set, prints a table, and writes the
// figures to bench/results/programs-DATE.json.

import { parseArgs } from "node:util";
import { checkDate, geometricMean, median, writeResult } from "../results.ts";
import { measureProgram, type ProgramFigures } from "./measure.ts";
import { PEERS, versionOf } from "./peers.ts";
import { PROGRAMS } from "./set.ts";

const REFERENCE = "Node";

const { values } = parseArgs({
  options: {
    date: { type: "string" },
    only: { type: "string" },
    peers: { type: "string" },
    turns: { type: "string", default: "3" },
    quick: { type: "boolean", default: false },
    interpreter: { type: "boolean", default: false },
    native: { type: "boolean", default: false },
  },
});
const date = checkDate(values.date);
const only = values.only?.split(",");
const unknown = only?.find((name) => !PROGRAMS.some((p) => p.name === name));
if (unknown !== undefined) throw new Error(`the set has no program ${unknown}`);

const asked = values.peers?.split(",");
const stranger = asked?.find((name) => !PEERS.some((p) => p.name === name));
if (stranger !== undefined) throw new Error(`no peer is called ${stranger}`);
if (asked?.includes(REFERENCE) === false) throw new Error(`ratios refer to ${REFERENCE}`);
const wanted = PEERS.filter((peer) =>
  asked === undefined
    ? peer.option === undefined || values[peer.option]
    : asked.includes(peer.name),
);
const versions = wanted.map((peer) => ({ peer, version: versionOf(peer) }));
for (const { peer, version } of versions)
  if (version === null)
    console.log(`${peer.name} is not measured: ${peer.needs[0]} is not installed`);
const installed = versions.filter(({ version }) => version !== null).map(({ peer }) => peer);
const peers = installed.filter((peer) => {
  const obstacle = peer.obstacle?.() ?? null;
  if (obstacle !== null) console.log(`${peer.name} is not measured: ${obstacle}`);
  return obstacle === null;
});
const names = peers.map(({ name }) => name);

const line = (first: string, cells: readonly string[]): void =>
  console.log(first.padEnd(12) + cells.map((cell) => cell.padStart(16)).join(""));
line("", names);
const effort = values.quick
  ? { turns: 1, turnMs: 1 }
  : { turns: Number(values.turns), turnMs: 1000 };
const all: ProgramFigures[] = [];
for (const { name, n, small } of PROGRAMS) {
  if (only !== undefined && !only.includes(name)) continue;
  const figures = measureProgram({ name, n: values.quick ? small : n }, peers, effort);
  all.push(figures);
  line(
    name,
    names.map((peer) => cellOf(figures, peer)),
  );
  for (const [peer, note] of Object.entries(figures.notes))
    console.log(`  ${peer}: ${note}${memoryOf(figures, peer)}`);
}
line(
  "mean ratio",
  names.map((peer) => `${geometricMean(all.map((f) => ratioOf(f, peer))).toFixed(2)}x`),
);

const found = Object.fromEntries(versions.map(({ peer, version }) => [peer.name, version]));
writeResult("programs", date, { programs: all }, found);

/** The peak of a peer's memory beside that of the peer that ratios refer to. */
function memoryOf({ peaks }: ProgramFigures, peer: string): string {
  const [own, other] = [peaks[peer], peaks[REFERENCE]];
  if (own === undefined || other === undefined) return "";
  return `; ${(own / 1e6).toFixed(0)} MB (${(own / other).toFixed(2)}x)`;
}

/** Milliseconds of the median, and the ratio to the peer that ratios refer to. */
function cellOf(figures: ProgramFigures, peer: string): string {
  const ms = median(figures.times[peer] ?? []);
  return `${ms.toFixed(ms < 10 ? 2 : 0)} (${ratioOf(figures, peer).toFixed(2)}x)`;
}

function ratioOf(figures: ProgramFigures, peer: string): number {
  return median(figures.times[peer] ?? []) / median(figures.times[REFERENCE] ?? []);
}
