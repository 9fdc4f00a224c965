// A ledger: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

const mod = (a, b) => ((a % b) + b) % b;

function documentOf(n) {
  const lines = [];
  let seed = 42;
  for (let i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647;
    const kind = seed % 2 === 0 ? "debit" : "credit";
    const account = `acc-${seed % 997}`;
    const fault = i % 150;
    if (fault === 49) lines.push(`${i},${account},${seed % 100000}`);
    else if (fault === 99) lines.push(`${i},${account},12x,${kind}`);
    else if (fault === 149) lines.push(`${i},${account},${seed % 100000},loan`);
    else lines.push(`${i},${account},${seed % 100000},${kind}`);
  }
  return lines.join("\n");
}

function read(line) {
  const parts = line.split(",");
  if (parts.length !== 4) return { error: "fields" };
  const [, account, amount, kind] = parts;
  if (!/^[+-]?\d+$/.test(amount)) return { error: "amount" };
  if (kind !== "debit" && kind !== "credit") return { error: "kind" };
  return { row: { account, cents: Number(amount), isDebit: kind === "debit" } };
}

bench((n) => {
  const accounts = new Map();
  const faults = new Map();
  for (const line of documentOf(n).split("\n")) {
    const { row, error } = read(line);
    if (row === undefined) {
      faults.set(error, (faults.get(error) ?? 0) + 1);
      continue;
    }
    const known = accounts.get(row.account) ?? { balance: 0, rows: 0, largest: 0 };
    accounts.set(row.account, {
      balance: known.balance + (row.isDebit ? row.cents : -row.cents),
      rows: known.rows + 1,
      largest: Math.max(known.largest, row.cents),
    });
  }
  let sum = 0;
  for (const name of [...accounts.keys()].sort()) {
    const { balance, rows, largest } = accounts.get(name);
    const part = mod(balance, 1000003) + rows * 7 + largest + name.length;
    sum = (sum * 31 + part) % 1000000007;
  }
  for (const reason of [...faults.keys()].sort())
    sum = (sum * 31 + reason.length * faults.get(reason)) % 1000000007;
  return sum;
});
