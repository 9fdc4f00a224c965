// Documents of evidence with any one place changed: reading and checking never throw, and what is
// changed in substance never holds any more. Hints and lookups are the only places that do not
// matter.

import {
  fraudProofId,
  readDispute,
  readFraudProof,
  readWindow,
  writeDispute,
  writeWindow,
} from "@lumen/core/commit";
import { toHex } from "@lumen/core/hash";
import { describe, expect, it } from "vitest";
import {
  type EvidenceRun,
  fraudOf,
  materialOf,
  partyOf,
  recordedRun,
  runOf,
  schemaOfRun,
  TYPED_CONTROL,
  windowOf,
} from "../testing/evidence-runs.ts";
import { WRONG } from "../testing/forgery-edits.ts";
import { unwrap } from "../testing/worked-runs.ts";
import { bisect, checkTranscript } from "./bisect.ts";
import { checkFraudProof } from "./fraud-check.ts";
import { replayWindow } from "./window-check.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Every document with one place changed, and where. */
function* changes(
  document: Json,
  path = "",
): Generator<{ readonly at: string; readonly to: Json }> {
  for (const to of others(document)) yield { at: path, to };
  if (typeof document !== "object" || document === null) return;
  const items = Array.isArray(document) ? document.entries() : Object.entries(document);
  for (const [key, item] of items) {
    for (const change of changes(item, `${path}/${key}`))
      yield { at: change.at, to: replaced(document, key, change.to) };
    yield { at: `${path}/${key}`, to: without(document, key) };
  }
}

/** Other values for one place: of another type, and one that is near. */
function others(value: Json): readonly Json[] {
  const strange: readonly Json[] = [null, 7, "x", [], {}, -1, 1.5];
  const plain = strange.filter((other) => JSON.stringify(other) !== JSON.stringify(value));
  if (typeof value === "number") return [...plain, value + 1];
  if (typeof value === "boolean") return [...plain, !value];
  if (typeof value !== "string" || value === "") return plain;
  const last = value.endsWith("0") ? "1" : "0";
  return [...plain, `${value.slice(0, -1)}${last}`, value.slice(0, -2), `${value}00`];
}

function replaced(document: Json, key: string | number, to: Json): Json {
  if (Array.isArray(document)) return document.with(Number(key), to);
  return { ...(document as object), [key]: to };
}

function without(document: Json, key: string | number): Json {
  if (Array.isArray(document)) return document.toSpliced(Number(key), 1);
  return Object.fromEntries(Object.entries(document ?? {}).filter(([name]) => name !== key));
}

async function lyingRun(): Promise<EvidenceRun> {
  const { leaves } = await recordedRun(TYPED_CONTROL);
  const last = leaves.length - 2;
  return runOf(
    leaves.map((leaf, i) =>
      i === last && leaf.record.kind === "Tile"
        ? { ...leaf, record: { ...leaf.record, postState: WRONG } }
        : leaf,
    ),
  );
}

/** Changes that came through the check, by place. */
async function survivors(
  text: string,
  holds: (text: string) => Promise<boolean>,
): Promise<readonly string[]> {
  expect(await holds(text)).toBe(true);
  const found = new Set<string>();
  let count = 0;
  for (const { at, to } of changes(JSON.parse(text))) {
    count += 1;
    if (await holds(JSON.stringify(to))) found.add(at.replaceAll(/\/\d+/g, "/n"));
  }
  expect(count).toBeGreaterThan(200);
  return [...found].sort();
}

describe("a document with one place changed", () => {
  it("is no fraud proof, hints apart", async () => {
    const run = await lyingRun();
    const material = materialOf(TYPED_CONTROL);
    const leaf = run.leaves.length - 2;
    const schema = schemaOfRun(TYPED_CONTROL);
    const { text } = unwrap(await fraudOf(run, { schema, leaf, material }));
    const survived = await survivors(text, async (changed) => {
      const document = JSON.parse(changed);
      // A forger makes the id fit.
      if (typeof document?.proof_id === "string" && !/1\.5/.test(changed))
        document.proof_id = toHex(fraudProofId(document));
      const proof = readFraudProof(JSON.stringify(document), "proof");
      if (!proof.ok) return false;
      const verdict = await checkFraudProof(proof.value, material);
      return verdict.kind === "fraud";
    });
    expect(survived).toEqual([
      "/expected",
      "/expected/record",
      "/program/tiles",
      "/program/tiles/n",
      "/program/tiles/n/code",
      "/program/tiles/n/tile_id",
      "/proof_id",
      "/reason",
    ]);
  });

  it("is no window that matches", async () => {
    const run = await recordedRun(TYPED_CONTROL);
    const window = unwrap(windowOf(run, TYPED_CONTROL, { start: 7, end: 9 }));
    const survived = await survivors(writeWindow(window), async (changed) => {
      const read = readWindow(changed, "window");
      if (!read.ok) return false;
      const verdict = await replayWindow(read.value, materialOf(TYPED_CONTROL));
      return verdict.kind === "replayed" && verdict.matched;
    });
    expect(survived).toEqual([]);
  });

  it("is no transcript that holds, a loser that is null and may be left out apart", async () => {
    const sides = { a: partyOf(await recordedRun(TYPED_CONTROL)), b: partyOf(await lyingRun()) };
    const text = writeDispute(await bisect(sides));
    const survived = await survivors(text, async (changed) => {
      const read = readDispute(changed, "transcript");
      return read.ok && (await checkTranscript(read.value)).ok;
    });
    expect(survived).toEqual(["/loser"]);
  });
});
