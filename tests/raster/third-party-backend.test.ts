// A back end that is not ours (formats 12): made from the exported interface alone, given to the
// use cases, with proofs of a kind. docs/backends.md shows the same class.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { methodId } from "@lumen/core/commit";
import { failure } from "@lumen/core/diagnostic";
import { valueDigest } from "@lumen/core/encoding";
import { equalBytes } from "@lumen/core/hash";
import { err, ok } from "@lumen/core/result";
import { type Backend, type CompiledTile, declaredEstimate, whenOk } from "@lumen/raster";
import { NativeBackend } from "@lumen/raster/backends";
import {
  BACKENDS,
  type BackendEntry,
  build,
  runOneSequence,
  runProgram,
  runTile,
} from "@lumen/toolchain";
import { describe, expect, it } from "vitest";
import { document, namesIn, project, ROOT } from "../cli/testing/lumen.ts";

// doc
/** Runs tiles as the native back end does, and signs what they give. */
class NotaryBackend implements Backend {
  readonly name = "notary";
  readonly #inner = new NativeBackend();

  compileTile: Backend["compileTile"] = (metadata, code) =>
    whenOk(this.#inner.compileTile(metadata, code), (tile) =>
      ok({ ...tile, backend: this.name, methodId: methodId(this.name, code) }),
    );

  executeTile: Backend["executeTile"] = (tile, input, mode) =>
    whenOk(this.#inner.executeTile(tile, input, { kind: "estimate" }), (result) => {
      if (mode.kind === "estimate" || result.kind === "failed") return ok(result);
      const receipt = this.sign(tile, result.output);
      const proof = { proofCycles: result.cycles ?? 0, receipt, verified: null };
      return ok({ ...result, proof });
    });

  estimateResources: Backend["estimateResources"] = (metadata) => declaredEstimate(metadata);

  verifyReceipt: Backend["verifyReceipt"] = (tile, receipt) =>
    receipt.length === 64
      ? ok(equalBytes(receipt.subarray(0, 32), tile.metadata.code))
      : err(failure("E_MALFORMED", "prove", "a receipt of a notary has 64 bytes"));

  /** Code, and what it gave. */
  protected sign({ metadata }: CompiledTile, output: Uint8Array): Uint8Array {
    return new Uint8Array([...metadata.code, ...valueDigest(output)]);
  }
}

/** What a use case takes as `backends`. */
const backends: readonly BackendEntry[] = [
  ...BACKENDS,
  { name: "notary", open: () => new NotaryBackend() },
];
// end of doc

/** Signs for other code than it ran. */
class Forger extends NotaryBackend {
  protected override sign(): Uint8Array {
    return new Uint8Array(64);
  }
}

/** Gives no receipts at all. */
class Silent extends NotaryBackend {
  override executeTile: Backend["executeTile"] = (tile, input) =>
    new NativeBackend().executeTile({ ...tile, backend: "native" }, input, { kind: "estimate" });
}

/** Gives receipts of the wrong length. */
class Broken extends NotaryBackend {
  protected override sign(): Uint8Array {
    return new Uint8Array(3);
  }
}

const only = (open: () => Backend): readonly BackendEntry[] => [{ name: "notary", open }];

const folder = (): string =>
  project({
    "main.lm.md": document(
      "@tile(iter)\ncell inc(n: Int) -> Int = n + 1\n\n@sequence\ncell main(n: Int) -> Int = inc(n)",
    ),
    "lumen.toml": '[package]\nname = "notary"\nversion = "0.1.0"\n',
  });

const asked = (target: string, chosen: readonly BackendEntry[]) => ({
  target,
  sequence: undefined,
  tile: undefined,
  backend: "notary",
  backends: chosen,
  note: (text: string): void => expect.unreachable(text),
  input: { json: "41", bytesHex: undefined, stdin: () => "" },
});

describe("a third party's back end", () => {
  it("builds artifacts of its own, and runs from them", async () => {
    const target = folder();
    const built = await build({ ...asked(target, backends), force: false });
    expect(built).toMatchObject({ ok: true, value: { backend: "notary", failures: [] } });
    expect(namesIn(join(target, "target/raster/tiles/inc"))).toEqual(["notary"]);
    const again = await build({ ...asked(target, backends), force: false });
    expect(again).toMatchObject({ value: { tiles: [{ state: "fresh" }] } });
  });

  it("runs programs with the commitment of every other one", async () => {
    const target = folder();
    const commitments = [];
    for (const backend of ["notary", "native"]) {
      const report = await runProgram({
        ...asked(target, backends),
        backend,
        cell: undefined,
        trace: true,
        traceDir: undefined,
        traceFormat: "binary",
        traceIo: "Inline",
        durable: false,
        deterministic: true,
        args: [],
        console: {
          stdout: () => undefined,
          stderr: () => undefined,
          readLine: () => "",
          readRest: () => "",
        },
      });
      if (!report.ok) throw new Error(report.error.failure.message);
      commitments.push(report.value.evidence?.commitment);
    }
    expect(commitments[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(commitments[1]).toBe(commitments[0]);
  });

  it("proves, and its receipts are verified", async () => {
    const request = asked(folder(), backends);
    const proved = await runTile({ ...request, prove: true, verify: false });
    expect(proved).toMatchObject({
      value: {
        verified: null,
        receipt: expect.stringMatching(/^[0-9a-f]{128}$/),
        cycles: expect.any(Number),
      },
    });
    const verified = await runTile({ ...request, prove: false, verify: true });
    expect(verified).toMatchObject({ value: { verified: true } });
    const sequence = await runOneSequence({ ...request, prove: false, verify: true });
    expect(sequence).toMatchObject({ value: { outcome: { output: { json: "42" } } } });
  });

  it.each([
    ["a receipt for other code", () => new Forger(), "E_RECEIPT_INVALID"],
    ["no receipt", () => new Silent(), "E_RECEIPT_INVALID"],
    ["a receipt that cannot be read", () => new Broken(), "E_MALFORMED"],
  ] as const)("%s is never a success", async (_, open, code) => {
    const request = { ...asked(folder(), only(open)), prove: true, verify: true };
    expect(await runTile(request)).toMatchObject({ ok: false, error: { failure: { code } } });
    expect(await runOneSequence(request)).toMatchObject({
      ok: false,
      error: { failure: { code } },
    });
    if (code === "E_MALFORMED") return;
    const unchecked = await runTile({ ...request, verify: false });
    expect(unchecked).toMatchObject({ ok: true, value: { verified: null } });
  });

  it("is what docs/backends.md shows", () => {
    const page = readFileSync(join(ROOT, "docs/backends.md"), "utf8");
    const here = readFileSync(join(ROOT, "tests/raster/third-party-backend.test.ts"), "utf8");
    const shown = here.split("// doc\n")[1]?.split("// end of doc")[0]?.trim();
    expect(shown?.length).toBeGreaterThan(1000);
    expect(page).toContain(`\`\`\`ts\n${shown}\n\`\`\``);
  });
});
