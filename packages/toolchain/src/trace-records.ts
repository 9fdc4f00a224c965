// Single records of a trace file by their leaf: a party of a dispute opens a handful of a million.

import { closeSync, openSync, readSync } from "node:fs";
import type { StepRecord } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { decodeWith } from "@lumen/core/encoding";
import { err, ok, type Result } from "@lumen/core/result";
import { FRAME_PAYLOAD_BYTES_MAX, traceEventCodec } from "@lumen/core/trace";
import { formOf, readEvents } from "./trace-read.ts";

/** Offsets of records in a trace file, in the order of the leaves. */
export interface RecordPlaces {
  readonly path: string;
  readonly offsets: readonly number[];
}

const LENGTH_BYTES = 4;

/** The record of a leaf. `E_IO` where the file has changed since its places were noted. */
export function recordAt(places: RecordPlaces, leaf: number): Result<StepRecord, Failure> {
  const { path, offsets } = places;
  const offset = offsets[leaf];
  const form = formOf(path);
  if (!form.ok) return form;
  if (offset === undefined) return err(changed(path, leaf));
  return form.value === "binary" ? frameAt(path, offset, leaf) : scanTo(path, leaf);
}

function frameAt(path: string, offset: number, leaf: number): Result<StepRecord, Failure> {
  const fd = openSync(path, "r");
  try {
    const head = new Uint8Array(LENGTH_BYTES);
    readSync(fd, head, 0, LENGTH_BYTES, offset);
    const length = new DataView(head.buffer).getUint32(0, true);
    if (length > FRAME_PAYLOAD_BYTES_MAX) return err(changed(path, leaf));
    const payload = new Uint8Array(length);
    const count = readSync(fd, payload, 0, length, offset + LENGTH_BYTES);
    const event = decodeWith(traceEventCodec, payload.subarray(0, count), { subject: path });
    if (!event.ok || event.value.kind !== "TileStep") return err(changed(path, leaf));
    return ok(event.value.record);
  } finally {
    closeSync(fd);
  }
}

/** Other forms have no places: they are read from the beginning. */
function scanTo(path: string, leaf: number): Result<StepRecord, Failure> {
  let at = 0;
  const found: StepRecord[] = [];
  const read = readEvents(path, ({ event }) => {
    if (event.kind !== "TileStep") return;
    if (at === leaf) found.push(event.record);
    at += 1;
  });
  if (!read.ok) return read;
  const [record] = found;
  return record === undefined ? err(changed(path, leaf)) : ok(record);
}

function changed(path: string, leaf: number): Failure {
  const message = `leaf ${leaf} is not where it was: the trace has changed`;
  return failure("E_IO", "load", message, { subject: path });
}
