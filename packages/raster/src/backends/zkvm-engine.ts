// Runs Lumen tiles and counts cycles as a cost model would (spec/formats.md 21.2): the prices of
// the model stand in the place of those of lir.md, so the interpreter adds them up with each block.

import { type CostModel, guestCost, lirCodeBytes, lirCycles } from "@lumen/core/cost";
import type { Failure } from "@lumen/core/diagnostic";
import { ok, type Result } from "@lumen/core/result";
import { calledCells, forgetCalls } from "@lumen/vm";
import type { TileMetadata, TileResult } from "../backend.ts";
import type { GuestEngine, GuestLimits, GuestRun } from "./guest-engine.ts";
import { frameGuestInput, readGuestInput } from "./guest-framing.ts";
import { type LinkedSlice, linkSlice, runSlice } from "./lir-engine.ts";

/** A slice with the prices of a model, and the bytes that each of its cells would have. */
interface PricedSlice {
  readonly slice: LinkedSlice;
  readonly metadata: TileMetadata;
  readonly codeBytes: ReadonlyMap<string, number>;
}

/** The engine of simulated guests. There is none for JavaScript, whose cycles nobody can count. */
export function zkvmEngine(model: CostModel): GuestEngine {
  const prices = lirCycles(model);
  return {
    kind: "lir",
    open: (metadata, code) => {
      const slice = linkSlice(metadata, code, prices);
      if (!slice.ok) return slice;
      const cells = [...slice.value.program.cells.values()];
      const codeBytes = new Map(cells.map((cell) => [cell.name, lirCodeBytes(cell.lir.code)]));
      const priced = { slice: slice.value, metadata, codeBytes };
      return ok({ execute: (input, limits) => execute(priced, model, input, limits) });
    },
  };
}

/** Host and guest as in a virtual machine: a framed input goes in, a journal comes out. */
function execute(
  guest: PricedSlice,
  model: CostModel,
  input: Uint8Array,
  limits: GuestLimits,
): Result<GuestRun, Failure> {
  const given = readGuestInput(frameGuestInput(input));
  if (!given.ok) return given;
  forgetCalls(guest.slice.program);
  // Compiled code marks the cells that it calls less exactly than the interpreter does.
  const run = runSlice(guest.slice, guest.metadata, given.value, { ...limits, compile: null });
  return ok({ ...run, result: priced(run, guest, model, input.length) });
}

/** The result with the cycles of the whole execution; its output is the journal. */
function priced(
  { result, allocatedBytes }: GuestRun,
  { slice, codeBytes }: PricedSlice,
  model: CostModel,
  inputBytes: number,
): TileResult {
  const called = calledCells(slice.program);
  const { cycles, proofCycles } = guestCost(
    {
      instructionCycles: result.cycles ?? 0,
      codeBytes: called.reduce((sum, { name }) => sum + (codeBytes.get(name) ?? 0), 0),
      inputBytes,
      outputBytes: result.kind === "finished" ? result.output.length : 0,
      allocatedBytes: allocatedBytes ?? 0,
    },
    model,
  );
  if (result.kind === "failed") return { ...result, cycles };
  return { ...result, cycles, proof: { proofCycles, receipt: null, verified: null } };
}
