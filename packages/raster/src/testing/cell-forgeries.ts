// For tests: traces of runs entered by a cell, and a forgery for every check that concerns them.

import { valueDigest } from "@lumen/core/encoding";
import { cellProgram } from "./cell-runs.ts";
import { event, type Forgery, final, genesis, request, tile, WRONG } from "./forgery-edits.ts";
import { hex } from "./worked-runs.ts";

/**
 * cell: 0 Genesis, 1 CellStart, 2 EffectPerform, 3 EffectResume, 4 Request, 5-7 greet, 8 ToolCall,
 * 9 ToolResult, 10 Request, 11 CellEnd, 12 Final, 13 RunEnd.
 */
export const CELL_FORGERIES: readonly Forgery<"cell" | "cellCount">[] = [
  {
    check: "cell-entry",
    what: "the entry is no cell of the program",
    run: "cell",
    options: { program: { ...cellProgram(), cells: new Set(["other"]) } },
    leaf: 0,
  },
  {
    check: "cell-entry",
    what: "the entry is a tile",
    run: "cell",
    edit: (trace) => {
      const { header, events } = genesis((record) => ({ ...record, entry: "greet" }))(trace);
      return { header: { ...header, entry: "greet" }, events };
    },
    leaf: 0,
  },
  {
    check: "cell-tile",
    what: "the tile is none of the program",
    run: "cell",
    options: { program: { ...cellProgram(), codes: new Map() } },
    leaf: 2,
    tileId: "greet",
  },
  {
    check: "cell-path",
    what: "a record has a path",
    run: "cell",
    edit: (trace) =>
      event(5, "TileStart", (start) => ({ ...start, path: [{ kind: "Item", index: 0 }] }))(
        tile(6, (record) => ({ ...record, path: [{ kind: "Item", index: 0 }] }))(trace),
      ),
    leaf: 2,
  },
  {
    check: "cell-state",
    what: "a record has a state",
    run: "cell",
    edit: tile(6, (record) => ({ ...record, postState: WRONG })),
    leaf: 2,
  },
  {
    check: "cell-state",
    what: "Genesis has a state",
    run: "cell",
    edit: genesis((record) => ({ ...record, postState: WRONG })),
    leaf: 0,
  },
  {
    check: "cell-recursion",
    what: "an iter tile has an iteration",
    run: "cell",
    edit: (trace) =>
      event(5, "TileStart", (start) => ({ ...start, iteration: 0 }))(
        tile(6, (record) => ({ ...record, iteration: 0 }))(trace),
      ),
    leaf: 2,
  },
  {
    check: "code",
    what: "other code than that of the program file",
    run: "cell",
    edit: tile(6, (record) => ({ ...record, code: WRONG })),
    leaf: 2,
  },
  {
    check: "input",
    what: "stored input bytes are changed",
    run: "cell",
    edit: event(6, "TileStep", (step) => ({ ...step, input: hex("0178") })),
    leaf: 2,
  },
  {
    check: "output-bytes",
    what: "stored output bytes are changed",
    run: "cell",
    edit: event(6, "TileStep", (step) => ({ ...step, output: hex("0178") })),
    leaf: 2,
  },
  {
    check: "control",
    what: "a plain call has control",
    run: "cell",
    edit: tile(6, (record) => ({ ...record, control: { done: true, nextDigest: WRONG } })),
    leaf: 2,
  },
  {
    check: "order",
    what: "an index is skipped",
    run: "cell",
    edit: tile(6, (record) => ({ ...record, index: 3 })),
    leaf: 2,
  },
  {
    check: "request-operation",
    what: "the record names another operation than its event",
    run: "cell",
    edit: request(4, (record) => ({ ...record, operation: "Ask.age" })),
    leaf: 1,
  },
  {
    check: "request-arguments",
    what: "the arguments of a tool are changed",
    run: "cell",
    edit: event(8, "ToolCall", (call) => ({
      ...call,
      args: { kind: "Inline", bytes: hex("0600") },
    })),
    leaf: 3,
  },
  {
    check: "request-outcome",
    what: "the answer of an effect is changed",
    run: "cell",
    edit: event(3, "EffectResume", (answer) => ({
      ...answer,
      result: { kind: "Inline", bytes: hex("0178") },
    })),
    leaf: 1,
  },
  {
    check: "request-outcome",
    what: "an error is made an answer",
    run: "cell",
    edit: event(9, "ToolResult", (answer) => ({ ...answer, ok: true })),
    leaf: 3,
  },
  {
    check: "request-outcome",
    what: "a digest payload is changed",
    run: "cell",
    edit: event(3, "EffectResume", (answer) => ({
      ...answer,
      result: { kind: "Digest", digest: WRONG, length: 7 },
    })),
    options: { level: "structure" },
    leaf: 1,
  },
  {
    check: "final",
    what: "Final counts another number of steps",
    run: "cell",
    edit: final((record) => ({ ...record, steps: 2 })),
    leaf: 4,
  },
  {
    check: "final-output",
    what: "the stored output of the run is changed",
    run: "cell",
    edit: event(-2, "TileStep", (step) => ({ ...step, output: hex("0178") })),
    leaf: 4,
  },
  // cellCount: 0 Genesis, 1 CellStart, then three events for each of four iterations.
  {
    check: "cell-recursion",
    what: "an iteration is left out",
    run: "cellCount",
    edit: (trace) =>
      [
        event(5, "TileStart", (start) => ({ ...start, iteration: 2 })),
        tile(6, (record) => ({ ...record, iteration: 2 })),
      ].reduce((forged, step) => step(forged), trace),
    leaf: 2,
  },
  {
    check: "cell-recursion",
    what: "the run ends before the call is done",
    run: "cellCount",
    edit: (trace) => {
      const { header, events } = final((record) => ({ ...record, steps: 3 }))(trace);
      const kept = events.filter((other, i) => !(i >= 11 && i < 14) && other.kind !== "RunEnd");
      return { header, events: kept };
    },
    leaf: 4,
  },
  {
    check: "cell-recursion-input",
    what: "an iteration gets another state than the one before returned",
    run: "cellCount",
    edit: (trace) =>
      [
        event(6, "TileStep", (step) => ({ ...step, input: hex("0203") })),
        tile(6, (record) => ({ ...record, inputDigest: valueDigest(hex("0203")) })),
      ].reduce((forged, step) => step(forged), trace),
    leaf: 2,
  },
  {
    check: "control",
    what: "an iteration says that it is done too early",
    run: "cellCount",
    edit: tile(3, (record) => ({
      ...record,
      control: { done: true, nextDigest: record.control?.nextDigest ?? WRONG },
    })),
    leaf: 1,
  },
  {
    check: "control",
    what: "an iteration has no control",
    run: "cellCount",
    edit: tile(3, (record) => ({ ...record, control: null })),
    leaf: 1,
  },
  {
    check: "code",
    what: "a second code for one tile, without a program file",
    run: "cellCount",
    edit: tile(6, (record) => ({ ...record, code: WRONG })),
    options: { program: null },
    leaf: 2,
  },
  {
    check: "error-code",
    what: "a tile ends with a code of the host",
    run: "cellCount",
    edit: (trace) =>
      [
        tile(12, (record) => ({
          ...record,
          control: null,
          outcome: { kind: "Err", code: "E_IO", errorDigest: WRONG } as const,
        })),
      ].reduce((forged, step) => step(forged), trace),
    leaf: 4,
  },
];
