// How a virtual machine is given its input (spec/formats.md 6): u32 length, little endian, and the
// bytes. Its output are the bytes of its journal, nothing more.

import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";

/** Bytes of the length. */
const LENGTH_BYTES = 4;

/** What a host writes for an input; below 4 GiB, as all values are. */
export function frameGuestInput(input: Uint8Array): Uint8Array {
  const framed = new Uint8Array(LENGTH_BYTES + input.length);
  new DataView(framed.buffer).setUint32(0, input.length, true);
  framed.set(input, LENGTH_BYTES);
  return framed;
}

/** What a guest reads: `E_DECODE` unless the length is that of what follows it. */
export function readGuestInput(framed: Uint8Array): Result<Uint8Array, Failure> {
  const view = new DataView(framed.buffer, framed.byteOffset, framed.byteLength);
  const length = framed.length < LENGTH_BYTES ? null : view.getUint32(0, true);
  if (length === framed.length - LENGTH_BYTES) return ok(framed.subarray(LENGTH_BYTES));
  const said = length === null ? "no length" : `the length ${length}`;
  const message = `the input of a guest has ${framed.length} bytes and ${said}`;
  return err(failure("E_DECODE", "execute", message));
}
