// For tests: traces of sequences, and a forgery for every check that concerns them.

import { methodId, stateDigest } from "@lumen/core/commit";
import { valueDigest } from "@lumen/core/encoding";
import { toHex, utf8Encode } from "@lumen/core/hash";
import type { OpenedTrace } from "./forge.ts";
import { event, type Forgery, final, genesis, tile, WRONG, without } from "./forgery-edits.ts";
import { programOf } from "./verify-runs.ts";
import {
  CONTROL_CFS,
  CONTROL_TILES,
  COUNT_CFS,
  COUNT_TILES,
  failedWith,
  functionTile,
  HELLO_CFS,
  HELLO_TILES,
  hex,
  type RecordingOptions,
} from "./worked-runs.ts";

/** Right traces by name. */
export const RUNS = {
  hello: { cfs: HELLO_CFS, tiles: HELLO_TILES, inputs: [hex("06526173746572")] },
  count: { cfs: COUNT_CFS, tiles: COUNT_TILES, inputs: [hex("0003")] },
  control: { cfs: CONTROL_CFS, tiles: CONTROL_TILES, inputs: [hex("04")] },
  failed: {
    cfs: HELLO_CFS,
    tiles: [
      ...HELLO_TILES.slice(1),
      functionTile("greet", HELLO_TILES[0]?.code ?? WRONG, () =>
        failedWith("E_TILE_FAILED", hex("0178")),
      ),
    ],
    inputs: [hex("06526173746572")],
  },
  pinned: {
    cfs: withPins({ method_ids: { native: toHex(methodId("native", utf8Encode("guest:greet"))) } }),
    tiles: HELLO_TILES,
    inputs: [hex("06526173746572")],
  },
  trapped: {
    cfs: HELLO_CFS,
    tiles: [
      ...HELLO_TILES.slice(1),
      functionTile("greet", HELLO_TILES[0]?.code ?? WRONG, () =>
        failedWith("E_TRAP_INDEX", new Uint8Array(0)),
      ),
    ],
    inputs: [hex("06526173746572")],
  },
} as const satisfies { readonly [name: string]: RecordingOptions };

function withPins(fields: object): unknown {
  const cfs = structuredClone(HELLO_CFS) as { tiles: object[] };
  Object.assign(cfs.tiles[1] ?? {}, fields);
  return cfs;
}

/** The last output replaced everywhere: record, bytes, state, Final. */
function lieAboutTheLastOutput(trace: OpenedTrace): OpenedTrace {
  const lie = hex("0178");
  const outputDigest = valueDigest(lie);
  const state = {
    stack: [],
    recur: null,
    steps: 2,
    status: { kind: "Done", outputDigest },
  } as const;
  const postState = stateDigest(state);
  const outcome = { kind: "Ok", outputDigest } as const;
  const steps = [
    tile(6, (record) => ({ ...record, outcome, postState })),
    event(6, "TileStep", (step) => ({ ...step, output: lie })),
    final((record) => ({ ...record, outcome })),
    event(-2, "TileStep", (step) => ({ ...step, output: lie })),
  ];
  return steps.reduce((forged, step) => step(forged), trace);
}

/** hello: 0 Genesis, 1 SequenceStart, 2-4 greet, 5-7 exclaim, 8 SequenceEnd, 9 Final, 10 RunEnd. */
export const SEQUENCE_FORGERIES: readonly Forgery<keyof typeof RUNS>[] = [
  {
    check: "frames",
    what: "a byte of a frame is changed",
    run: "hello",
    bytes: (file) => file.map((byte, i) => (i === 700 ? byte ^ 1 : byte)),
    leaf: null,
  },
  {
    check: "frames",
    what: "the magic is another",
    run: "hello",
    bytes: (file) => file.map((byte, i) => (i === 0 ? 0x53 : byte)),
    leaf: null,
  },
  {
    check: "nesting",
    what: "an end event is dropped",
    run: "hello",
    edit: without(4, 1),
    leaf: null,
  },
  {
    check: "nesting",
    what: "a record stands in the span of another tile",
    run: "hello",
    edit: event(6, "TileStep", (step) => ({ ...step, span: 2 })),
    leaf: 2,
  },
  {
    check: "header",
    what: "the header names another entry",
    run: "hello",
    edit: ({ header, events }) => ({ header: { ...header, entry: "other" }, events }),
    leaf: 0,
  },
  {
    check: "header",
    what: "the header names another program",
    run: "hello",
    edit: ({ header, events }) => ({ header: { ...header, programId: WRONG }, events }),
    leaf: 0,
  },
  {
    check: "program",
    what: "the program file is another",
    run: "hello",
    options: { program: { ...programOf(HELLO_TILES), programId: WRONG } },
    leaf: 0,
  },
  {
    check: "schema",
    what: "the schema is another",
    run: "hello",
    options: { schema: COUNT_CFS },
    leaf: 0,
  },
  {
    check: "entry",
    what: "another entry was asked for",
    run: "hello",
    options: { entry: "other" },
    leaf: 0,
  },
  {
    check: "genesis",
    what: "an input is missing",
    run: "hello",
    edit: (trace) =>
      event(0, "TileStep", (step) => ({ ...step, input: hex("00") }))(
        genesis((record) => ({ ...record, inputDigests: [] }))(trace),
      ),
    leaf: 0,
  },
  {
    check: "genesis",
    what: "the default bound is another",
    run: "hello",
    edit: genesis((record) => ({ ...record, defaultBound: 5 })),
    leaf: 0,
  },
  {
    check: "inputs",
    what: "stored input bytes are changed",
    run: "hello",
    edit: event(0, "TileStep", (step) => ({ ...step, input: hex("010706526173746573") })),
    leaf: 0,
  },
  {
    check: "inputs",
    what: "stored input bytes are no list",
    run: "hello",
    edit: event(0, "TileStep", (step) => ({ ...step, input: hex("05") })),
    leaf: 0,
  },
  {
    check: "initial-state",
    what: "the first state is another",
    run: "hello",
    edit: genesis((record) => ({ ...record, postState: WRONG })),
    leaf: 0,
  },
  {
    check: "order",
    what: "an index is skipped",
    run: "hello",
    edit: tile(6, (record) => ({ ...record, index: 2 })),
    leaf: 2,
  },
  {
    check: "callee",
    what: "another tile runs first",
    run: "hello",
    edit: (trace) =>
      [
        event(2, "TileStart", (start) => ({ ...start, tileId: "exclaim" })),
        tile(3, (record) => ({ ...record, tileId: "exclaim" })),
        event(4, "TileEnd", (end) => ({ ...end, tileId: "exclaim" })),
      ].reduce((forged, step) => step(forged), trace),
    leaf: 1,
    tileId: "exclaim",
  },
  {
    check: "path",
    what: "a record and its start event have another path",
    run: "hello",
    edit: (trace) =>
      event(5, "TileStart", (start) => ({ ...start, path: [{ kind: "Item", index: 4 }] }))(
        tile(6, (record) => ({ ...record, path: [{ kind: "Item", index: 4 }] }))(trace),
      ),
    leaf: 2,
  },
  {
    check: "iteration",
    what: "a plain call has an iteration",
    run: "hello",
    edit: (trace) =>
      event(5, "TileStart", (start) => ({ ...start, iteration: 0 }))(
        tile(6, (record) => ({ ...record, iteration: 0 }))(trace),
      ),
    leaf: 2,
  },
  {
    check: "code",
    what: "other code than that of the program file",
    run: "hello",
    edit: tile(3, (record) => ({ ...record, code: WRONG })),
    leaf: 1,
    tileId: "greet",
  },
  {
    check: "code",
    what: "a second code for one tile, without a program file",
    run: "count",
    edit: tile(6, (record) => ({ ...record, code: WRONG })),
    options: { program: null },
    leaf: 2,
  },
  {
    check: "method",
    what: "a method id that the schema pins otherwise",
    run: "pinned",
    edit: event(3, "TileStep", (step) => ({ ...step, methodId: WRONG })),
    leaf: 1,
  },
  {
    check: "input",
    what: "an input digest is another",
    run: "hello",
    edit: tile(6, (record) => ({ ...record, inputDigest: WRONG })),
    leaf: 2,
  },
  {
    check: "input",
    what: "stored input bytes of a step are changed",
    run: "hello",
    edit: event(6, "TileStep", (step) => ({ ...step, input: hex("0178") })),
    leaf: 2,
  },
  {
    check: "error-code",
    what: "a tile ends with a code of the host",
    run: "failed",
    edit: (trace) =>
      event(4, "TileFailure", (end) => ({ ...end, error: { ...end.error, code: "E_IO" } }))(
        tile(3, (record) => ({
          ...record,
          outcome: { kind: "Err", code: "E_IO", errorDigest: valueDigest(hex("0178")) },
        }))(trace),
      ),
    options: { program: null },
    leaf: 1,
  },
  {
    check: "error-code",
    what: "a trap has an error value",
    run: "trapped",
    edit: tile(3, (record) => ({
      ...record,
      outcome: { kind: "Err", code: "E_TRAP_INDEX", errorDigest: WRONG },
    })),
    options: { program: null },
    leaf: 1,
  },
  {
    check: "output-bytes",
    what: "stored output bytes are changed",
    run: "hello",
    edit: event(3, "TileStep", (step) => ({ ...step, output: hex("0178") })),
    options: { program: null },
    leaf: 1,
  },
  {
    check: "output-bytes",
    what: "a failed tile has output bytes",
    run: "failed",
    edit: event(3, "TileStep", (step) => ({ ...step, output: hex("0178") })),
    options: { program: null },
    leaf: 1,
  },
  {
    check: "re-execution",
    what: "the last tile's output is another, and everything after it fits",
    run: "hello",
    edit: lieAboutTheLastOutput,
    leaf: 2,
    tileId: "exclaim",
  },
  {
    check: "control",
    what: "a recursive call has no control",
    run: "count",
    edit: tile(3, (record) => ({ ...record, control: null })),
    leaf: 1,
  },
  {
    check: "control",
    what: "a call says that it is done too early",
    run: "count",
    edit: tile(3, (record) => ({
      ...record,
      control: { done: true, nextDigest: record.control?.nextDigest ?? WRONG },
    })),
    options: { program: null },
    leaf: 1,
  },
  {
    check: "control",
    what: "a plain call has control",
    run: "hello",
    edit: tile(3, (record) => ({ ...record, control: { done: true, nextDigest: WRONG } })),
    leaf: 1,
  },
  {
    check: "post-state",
    what: "a state is another",
    run: "hello",
    edit: tile(3, (record) => ({ ...record, postState: WRONG })),
    leaf: 1,
  },
  {
    check: "value-shape",
    what: "a tested value is no bool",
    run: "control",
    edit: (trace) =>
      event(3, "TileStep", (step) => ({ ...step, output: hex("05") }))(
        tile(3, (record) => ({
          ...record,
          outcome: { kind: "Ok", outputDigest: valueDigest(hex("05")) },
        }))(trace),
      ),
    options: { program: null },
    leaf: 1,
  },
  {
    check: "tile-start-path",
    what: "a start event has another path than its record",
    run: "hello",
    edit: event(5, "TileStart", (start) => ({ ...start, path: [] })),
    leaf: 2,
  },
  {
    check: "tile-start-iteration",
    what: "a start event has another iteration than its record",
    run: "count",
    edit: event(5, "TileStart", (start) => ({ ...start, iteration: 9 })),
    leaf: 2,
  },
  {
    check: "tile-end",
    what: "a tile that succeeded ends with a failure",
    run: "hello",
    edit: event(4, "TileEnd", ({ span, tileId, timestamp }) => ({
      kind: "TileFailure",
      span,
      tileId,
      timestamp,
      error: { code: "E_TILE_FAILED", message: "", domain: "Verifiable", details: null },
    })),
    leaf: 1,
  },
  {
    check: "tile-end",
    what: "the error bytes of a failure event are others",
    run: "failed",
    edit: event(4, "TileFailure", (end) => ({
      ...end,
      error: { ...end.error, details: hex("00") },
    })),
    leaf: 1,
  },
  {
    check: "final",
    what: "Final counts another number of steps",
    run: "hello",
    edit: final((record) => ({ ...record, steps: 3 })),
    leaf: 3,
  },
  {
    check: "final",
    what: "Final stands before the run is over",
    run: "hello",
    edit: without(5, 3),
    leaf: 2,
  },
  {
    check: "final",
    what: "Final has another output",
    run: "hello",
    edit: final((record) => ({ ...record, outcome: { kind: "Ok", outputDigest: WRONG } })),
    leaf: 3,
  },
  {
    check: "final-output",
    what: "the stored output of the run is changed",
    run: "hello",
    edit: event(-2, "TileStep", (step) => ({ ...step, output: hex("0178") })),
    leaf: 3,
  },
  {
    check: "complete",
    what: "the trace ends before Final",
    run: "hello",
    edit: without(9, 2),
    leaf: 3,
  },
  {
    check: "complete",
    what: "the run was aborted",
    run: "hello",
    edit: (trace) =>
      event(-1, "RunEnd", (end) => ({ ...end, status: "Aborted" }))(without(9, 1)(trace)),
    leaf: 3,
  },
  {
    check: "run-end",
    what: "RunEnd has another root",
    run: "hello",
    edit: event(-1, "RunEnd", (end) => ({ ...end, root: WRONG })),
    keepCommitment: true,
    leaf: null,
  },
  {
    check: "run-end",
    what: "RunEnd has another number of steps",
    run: "hello",
    edit: event(-1, "RunEnd", (end) => ({ ...end, steps: 3 })),
    leaf: null,
  },
  {
    check: "run-status",
    what: "RunEnd says that the run failed",
    run: "hello",
    edit: event(-1, "RunEnd", (end) => ({ ...end, status: "Failed" })),
    leaf: null,
  },
];
