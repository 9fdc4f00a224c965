// examples/settlement: the report is what an independent computation gives, for the year of its
// input and for other lengths; the run is accepted, and its steps are as many as the prose says.

import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, lumen, ROOT, temporaryFolder } from "./testing/lumen.ts";

interface Input {
  readonly accounts: readonly {
    readonly name: string;
    readonly balance: number;
    readonly limit: number;
  }[];
  readonly orders: readonly {
    readonly payer: number;
    readonly payee: number;
    readonly amount: number;
    readonly first: number;
    readonly every: number;
  }[];
  readonly days: number;
  readonly period: number;
}

const sha256 = (text: string): string =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** The tree of RFC 6962 by its definition, over texts. */
function treeRoot(hashes: readonly string[]): string {
  const [only] = hashes;
  if (only === undefined) return sha256("empty:");
  if (hashes.length === 1) return only;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return sha256(`node:${treeRoot(hashes.slice(0, split))}${treeRoot(hashes.slice(split))}`);
}

/** The report, computed another way. */
function expected({ accounts, orders, days, period }: Input): object {
  const balances = accounts.map((account) => account.balance);
  let [settled, refused] = [0, 0];
  const leaves: string[] = [];
  for (let day = 0; day < days; day += 1) {
    for (const { payer, payee, amount, first, every } of orders) {
      if (day < first || (day - first) % every !== 0) continue;
      const left = (balances[payer] ?? 0) - amount;
      if (left < -(accounts[payer]?.limit ?? 0)) {
        refused += 1;
        continue;
      }
      balances[payer] = left;
      balances[payee] = (balances[payee] ?? 0) + amount;
      settled += 1;
    }
    leaves.push(sha256(`leaf:${day}:${balances.join(",")}`));
  }
  const roots: string[] = [];
  for (let at = 0; at < days; at += period) roots.push(treeRoot(leaves.slice(at, at + period)));
  const byName = accounts.map(({ name }, i) => [name, balances[i]] as const);
  return { balances: Object.fromEntries(byName), settled, refused, root: treeRoot(roots) };
}

function example(): { readonly folder: string; readonly input: Input } {
  const folder = temporaryFolder();
  for (const name of ["main.lm.md", "lumen.toml", "input.json", "full.json"])
    cpSync(join(ROOT, "examples/settlement", name), join(folder, name));
  return { folder, input: JSON.parse(readFileSync(join(folder, "input.json"), "utf8")) };
}

async function report(folder: string, ...words: readonly string[]): Promise<unknown> {
  const ran = await lumen(folder, "run", "--format", "json", ...words);
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  return jsonLines(ran.stdout)[0];
}

describe("examples/settlement", () => {
  it("settles a year, in as many steps as the prose says, and the run is accepted", async () => {
    const { folder, input } = example();
    const year = await report(folder, "--input", "@input.json");
    const wanted = expected(input);
    expect(year).toMatchObject({ output: wanted, evidence: { steps: 394 } });
    expect(wanted).not.toMatchObject({ refused: 0 });
    const prose = readFileSync(join(folder, "main.lm.md"), "utf8");
    expect(prose).toContain("a year: 394 steps");
    const verified = await lumen(folder, "verify");
    expect(verified.stdout).toContain("re-execution");
  });

  it.each([
    [1, 1],
    [7, 7],
    [64, 10],
    [100, 33],
  ])("settles %d days in periods of %d", async (days, period) => {
    const { folder, input } = example();
    const other = { ...input, days, period };
    writeFileSync(join(folder, "other.json"), JSON.stringify(other));
    const made = await report(folder, "--input", "@other.json", "--no-trace");
    expect(made).toMatchObject({ output: expected(other) });
  });

  it.each([
    [{ days: 0 }, "at least one day"],
    [{ orders: [{ payer: 9, payee: 0, amount: 1, first: 0, every: 1 }] }, "names an account"],
    [{ orders: [{ payer: 1, payee: 0, amount: 0, first: 0, every: 1 }] }, "above zero"],
  ])("fails on %j", async (change, message) => {
    const { folder, input } = example();
    writeFileSync(join(folder, "other.json"), JSON.stringify({ ...input, ...change }));
    const ran = await lumen(folder, "run", "--input", "@other.json");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("E_TILE_FAILED");
    expect(ran.stderr).toContain(message);
  });
});
