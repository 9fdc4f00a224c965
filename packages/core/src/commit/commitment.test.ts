// Worked digests: method ids, code digests, trace commitments, window id.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromHex, toHex, utf8Encode } from "../hash/index.ts";
import { required } from "../result/result.ts";
import { codeDigest, methodId, shortForm, traceCommitment, windowId } from "./commitment.ts";
import { consistencyProof, frontierAppend, inclusionProof } from "./merkle.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);
const bytes = (hex: string): Uint8Array => required(fromHex(hex), "vectors are hex");

describe("worked digests", () => {
  it("has the method ids", () => {
    expect(worked.method_id).toHaveLength(2);
    for (const row of worked.method_id) {
      expect(toHex(methodId(row.backend, utf8Encode(row.guest_utf8)))).toBe(row.method_id);
    }
    expect(toHex(methodId("native", utf8Encode("guest:count_to")))).toBe(worked.recur.method_id);
  });

  it("has the code digests", () => {
    expect(worked.code).toHaveLength(3);
    for (const row of worked.code) {
      expect(toHex(codeDigest(utf8Encode(row.code_utf8)))).toBe(row.code);
    }
    for (const [tile, code] of Object.entries(worked.control.codes)) {
      expect(toHex(codeDigest(utf8Encode(`guest:${tile}`)))).toBe(code);
    }
    expect(toHex(codeDigest(utf8Encode("guest:count_to")))).toBe(worked.recur.code);
  });

  it("has the trace commitments and the short form", () => {
    const schemaHash = bytes(worked.schema_hash[0].schema_hash);
    for (const name of ["commitment", "cell_run"]) {
      const run = worked[name];
      const tree = { size: run.records.length, root: bytes(run.root), schemaHash };
      expect(toHex(traceCommitment(tree))).toBe(run.trace_commitment);
    }
    expect(worked.commitment.size).toBe(4);
    expect(shortForm(bytes(worked.commitment.trace_commitment))).toBe(
      worked.commitment.trace_id_128,
    );
  });

  it("has the window id", () => {
    const { start, end, hash } = worked.window_id;
    const window = { root: bytes(worked.commitment.root), size: 4, start, end };
    expect(toHex(windowId(window))).toBe(hash);
  });

  it("has the proofs and the frontier of the hello run", () => {
    const { records, inclusion_leaf_1, consistency_2_4, consistency_3_4, frontier_3 } =
      worked.commitment;
    const leaves = records.map((record: { leaf_hash: string }) => bytes(record.leaf_hash));
    expect(inclusionProof(leaves, 1).map(toHex)).toEqual(inclusion_leaf_1);
    expect(consistencyProof(leaves, 2, 4).map(toHex)).toEqual(consistency_2_4);
    expect(consistencyProof(leaves, 3, 4).map(toHex)).toEqual(consistency_3_4);
    let frontier: Uint8Array[] = [];
    for (let size = 0; size < 3; size += 1) frontier = frontierAppend(frontier, size, leaves[size]);
    expect(frontier.map(toHex)).toEqual(frontier_3);
  });
});
