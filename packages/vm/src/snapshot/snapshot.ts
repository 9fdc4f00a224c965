// The state of a machine as bytes (formats 30):
//
//   "LUMSNAP\n"  u16le major, minor  program_id (32 bytes)  tables, root  SHA-256 of all before

import { type Failure, failure, unsupportedVersion } from "@lumen/core/diagnostic";
import { DecodeError } from "@lumen/core/encoding";
import { concatBytes, equalBytes, sha256, toHex } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import { codeOf } from "../link/compile-cell.ts";
import type { LinkedProgram } from "../link/program.ts";
import { type Fiber, Frame } from "../machine/fiber.ts";
import type { MachineParts } from "../machine/parts.ts";
import { bool, type Codec, count, integer, list, option, record } from "./codec.ts";
import { faultExit, request, thing } from "./parts.ts";
import { SnapshotReader } from "./reader.ts";
import { NotStorable, SnapshotError } from "./snapshot-error.ts";
import { SnapshotWriter } from "./writer.ts";

const MAGIC = new Uint8Array([0x4c, 0x55, 0x4d, 0x53, 0x4e, 0x41, 0x50, 0x0a]);
const [MAJOR, MINOR] = [1, 0];
const VERSION_AT = MAGIC.length;
const PROGRAM_AT = VERSION_AT + 4;
const BODY_AT = PROGRAM_AT + 32;
const DIGEST_BYTES = 32;

/** Versions that can be read. */
export const SNAPSHOT_VERSIONS: readonly string[] = [`${MAJOR}.${MINOR}`];

/** Any number, also infinite: a limit. */
const limit: Codec<number> = {
  write: (out, part) => out.wire.f64(part),
  read: (input) => {
    const at = input.wire.offset;
    const found = input.wire.f64();
    return found >= 0 ? found : input.fail("a limit is not below 0", at);
  },
  bytesMin: 8,
};

const fiber: Codec<Fiber> = thing<Fiber>("fiber");

const parts: Codec<MachineParts> = record<MachineParts>({
  cycles: count,
  fuel: limit,
  memoryBytes: limit,
  budgetBytes: integer,
  suspendTiles: bool,
  door: bool,
  main: fiber,
  ready: list(fiber),
  live: list(fiber),
  pending: list(record({ fiber, request })),
  requestCount: count,
  taskCount: count,
  orderCount: count,
  instanceCount: count,
  deadlock: option(faultExit),
});

/**
 * The bytes of a machine's state; equal states give equal bytes. The error names what cannot be
 * written down: `live actor`.
 */
export function encodeSnapshot(
  state: MachineParts,
  programId: Uint8Array,
): Result<Uint8Array, string> {
  const out = new SnapshotWriter();
  try {
    parts.write(out, state);
    const header = new Uint8Array(BODY_AT);
    header.set(MAGIC);
    new DataView(header.buffer).setUint16(VERSION_AT, MAJOR, true);
    new DataView(header.buffer).setUint16(VERSION_AT + 2, MINOR, true);
    header.set(programId, PROGRAM_AT);
    const bytes = concatBytes(header, out.finish());
    return ok(concatBytes(bytes, sha256(bytes)));
  } catch (error) {
    if (error instanceof NotStorable) return err(error.what);
    throw error;
  }
}

/**
 * The state that the bytes hold. E_UNSUPPORTED_VERSION; E_ARTIFACT_CORRUPT for damage, and for a
 * snapshot of another program; E_DECODE with the offset for bytes that no encoder writes.
 */
export function decodeSnapshot(
  bytes: Uint8Array,
  program: LinkedProgram,
  programId: Uint8Array,
): Result<MachineParts, Failure> {
  const checked = checkFrame(bytes, programId);
  if (checked !== null) return err(checked);
  try {
    const input = new SnapshotReader(bytes.subarray(BODY_AT, -DIGEST_BYTES), program);
    const state = parts.read(input);
    input.wire.end();
    checkFrames(input);
    return ok(state);
  } catch (error) {
    if (error instanceof SnapshotError) return err(malformed(error.message, error.offset));
    if (error instanceof DecodeError) return err(malformed(error.message, error.offset));
    throw error;
  }
}

function malformed(message: string, offset: number): Failure {
  const at = BODY_AT + offset;
  return failure("E_DECODE", "decode", `not a snapshot: ${message}`, { offset: at });
}

/** What is wrong with everything around the tables. */
function checkFrame(bytes: Uint8Array, programId: Uint8Array): Failure | null {
  const isSnapshot = equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
  if (!isSnapshot || bytes.length < BODY_AT + DIGEST_BYTES)
    return failure("E_ARTIFACT_CORRUPT", "load", "this is no snapshot", { offset: 0 });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = `${view.getUint16(VERSION_AT, true)}.${view.getUint16(VERSION_AT + 2, true)}`;
  if (!SNAPSHOT_VERSIONS.includes(found))
    return unsupportedVersion({ format: "snapshot", found, supported: SNAPSHOT_VERSIONS });
  const end = bytes.length - DIGEST_BYTES;
  if (!equalBytes(sha256(bytes.subarray(0, end)), bytes.subarray(end)))
    return failure("E_ARTIFACT_CORRUPT", "load", "the digest of the snapshot is another", {
      offset: end,
    });
  const of = bytes.subarray(PROGRAM_AT, BODY_AT);
  if (equalBytes(of, programId)) return null;
  const message = `the snapshot is one of program ${toHex(of)}, not of ${toHex(programId)}`;
  return failure("E_ARTIFACT_CORRUPT", "load", message, { offset: PROGRAM_AT });
}

/**
 * A frame has the registers of its cell; those may come later in the file than the frame. Those
 * that hold a constant hold it, also where the snapshot is of an interpreter that filled them late.
 */
function checkFrames(input: SnapshotReader): void {
  for (const frame of input.all("frame")) {
    if (!(frame instanceof Frame)) continue;
    const { registers, cell } = frame;
    const { blank } = codeOf(cell);
    if (registers.length !== blank.length)
      input.fail(`a frame of ${cell.name} has other registers`, input.wire.offset);
    for (const [r, value] of blank.entries()) if (value !== null) registers[r] = value;
  }
}
