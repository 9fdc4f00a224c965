// Windows and disputes over generated runs: any window of an honest run matches, no step of it can
// be proved wrong, and a run that lies is bisected to its lie, which one tile decides.

import { compileSchema, readCfs, type Schema } from "@lumen/core/cfs";
import {
  encodeRecord,
  leafOf,
  MerkleTree,
  readFraudProof,
  readWindow,
  type StepRecord,
  writeFraudProof,
  writeWindow,
} from "@lumen/core/commit";
import type { Failure } from "@lumen/core/diagnostic";
import { encodeWith, wire } from "@lumen/core/encoding";
import { equalBytes } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import {
  FraudProver,
  machineOutcome,
  type RecordedLeaf,
  treeParty,
  WindowBuilder,
} from "@lumen/raster";
import {
  bisect,
  checkFraudProof,
  checkTranscript,
  type FraudMaterial,
  replayWindow,
} from "@lumen/raster/verify";
import type { Random } from "../random.ts";
import { PROGRAM_ID, type TamperRun } from "./record.ts";
import { TILE_DOCUMENTS, tileOf } from "./tiles.ts";

/** What is wrong with the evidence about an honest run and one that lies, or null. */
export async function evidenceProblem(
  honest: TamperRun,
  liar: TamperRun,
  random: Random,
): Promise<string | null> {
  return (
    (await windowProblem(honest, random)) ??
    (await correctStepProblem(honest, random)) ??
    (await disputeProblem(honest, liar))
  );
}

async function windowProblem(run: TamperRun, random: Random): Promise<string | null> {
  const start = random.below(run.steps.length);
  const range = { start, end: start + 1 + random.below(run.steps.length - start) };
  const { codes, ...material } = materialOf(run);
  const builder = new WindowBuilder(schemaOf(run), { tree: treeOf(run), range, codes });
  const taken = followed(run, (leaf) => builder.take(leaf));
  const window = taken.ok ? builder.finish() : taken;
  const read = window.ok ? readWindow(writeWindow(window.value), "window") : window;
  if (!read.ok) return `window ${range.start}-${range.end}: ${read.error.message}`;
  const replayed = await replayWindow(read.value, { codes, ...material });
  if (replayed.kind === "replayed" && replayed.matched) return null;
  return `window ${range.start}-${range.end}: ${JSON.stringify(replayed)}`;
}

async function correctStepProblem(run: TamperRun, random: Random): Promise<string | null> {
  const leaf = 1 + random.below(run.steps.length + 1);
  const proven = await fraudOf(run, leaf);
  if (!proven.ok && proven.error.code === "E_FRAUD_INVALID") return null;
  return `leaf ${leaf} of an honest run: ${JSON.stringify(proven)}`;
}

async function disputeProblem(honest: TamperRun, liar: TamperRun): Promise<string | null> {
  const dispute = await bisect({ a: partyOf(honest), b: partyOf(liar) });
  const { leaf, verdict, rounds } = dispute;
  const first = leavesOf(honest).findIndex(
    ({ record }, i) => !equalBytes(encodeRecord(record), bytesAt(liar, i)),
  );
  if (verdict !== "leaf" || leaf !== first) return `bisected to ${verdict} ${leaf}, not ${first}`;
  if (rounds.length > Math.ceil(Math.log2(treeOf(honest).size + 1))) return "too many rounds";
  if (!(await checkTranscript(dispute)).ok) return "the transcript does not hold";
  const proven = await fraudOf(liar, leaf);
  if (!proven.ok) return `leaf ${leaf} is not proved wrong: ${proven.error.message}`;
  let executions = 0;
  const proof = readFraudProof(proven.value, "proof");
  if (!proof.ok) return proof.error.message;
  const verdictOn = await checkFraudProof(
    proof.value,
    materialOf(liar, () => {
      executions += 1;
    }),
  );
  const holds = verdictOn.kind === "fraud" && executions === 1;
  return holds ? null : `leaf ${leaf}, ${executions} executions: ${JSON.stringify(verdictOn)}`;
}

function bytesAt(run: TamperRun, leaf: number): Uint8Array {
  const record = leavesOf(run)[leaf]?.record;
  return record === undefined ? new Uint8Array(0) : encodeRecord(record);
}

async function fraudOf(run: TamperRun, leaf: number): Promise<Result<string, Failure>> {
  const tree = treeOf(run);
  const { schemaHash } = run.genesis;
  const trace = { tree, schemaHash, size: tree.size, root: tree.root() };
  const prover = new FraudProver(schemaOf(run), { trace, leaf, material: materialOf(run) });
  const taken = followed(run, (each) => prover.take(each));
  if (!taken.ok) return taken;
  const proven = await prover.finish();
  return proven.ok ? ok(writeFraudProof(proven.value.proof)) : proven;
}

function followed(
  run: TamperRun,
  take: (leaf: RecordedLeaf) => Result<null, Failure>,
): Result<null, Failure> {
  for (const leaf of leavesOf(run)) {
    const taken = take(leaf);
    if (!taken.ok) return taken;
  }
  return ok(null);
}

function leavesOf({ genesis, inputs, steps, final, output }: TamperRun): readonly RecordedLeaf[] {
  const input = encodeWith(wire.list(wire.bytes), inputs);
  return [
    { record: genesis, input, output: null },
    ...steps,
    { record: final, input: null, output },
  ];
}

function treeOf(run: TamperRun): MerkleTree {
  const tree = new MerkleTree();
  for (const { record } of leavesOf(run)) tree.push(leafOf(record));
  return tree;
}

function partyOf(run: TamperRun): ReturnType<typeof treeParty> {
  const records: readonly StepRecord[] = leavesOf(run).map(({ record }) => record);
  const { schemaHash } = run.genesis;
  return treeParty({
    tree: treeOf(run),
    schemaHash,
    record: (leaf) => {
      const record = records[leaf];
      if (record === undefined) throw new Error(`there is no leaf ${leaf}`);
      return ok(record);
    },
  });
}

function schemaOf({ document }: TamperRun): Schema {
  const cfs = readCfs(document, { entry: "main" });
  const schema = cfs.ok ? compileSchema(cfs.value, "main") : cfs;
  if (!schema.ok) throw new Error(schema.error.message);
  return schema.value;
}

function materialOf({ document }: TamperRun, count: () => void = () => undefined): FraudMaterial {
  const tiles = TILE_DOCUMENTS.flatMap(({ id }) => tileOf(id) ?? []);
  return {
    schema: document,
    codes: new Map(tiles.map(({ id, code }) => [id, code])),
    execute: async ({ tileId, input }) => {
      count();
      const ran = await tileOf(tileId)?.execute(input);
      if (ran === undefined) throw new Error(`there is no tile ${tileId}`);
      if (!ran.ok) return err(ran.error);
      const how = { mode: "estimate", cycles: null, receipt: null, verified: null } as const;
      return ok({ outcome: machineOutcome(ran.value), ...how });
    },
    programId: PROGRAM_ID,
    cells: new Set(),
    commitment: null,
    declared: null,
  };
}
