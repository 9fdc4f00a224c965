// Verifies a trace in one pass (spec/formats.md 18, 15.4): nesting, framing and commitment here,
// the records in sequence-check.ts or cell-check.ts. Memory: the open spans, the state of the run.

import {
  type Cfs,
  compileSchema,
  readCfs,
  schemaHash,
  type TileSignature,
  type ValueSource,
} from "@lumen/core/cfs";
import {
  formatPath,
  type GenesisRecord,
  leafOf,
  MerkleLog,
  type Outcome,
  traceCommitment,
} from "@lumen/core/commit";
import { type Failure, failure, type PlainJson } from "@lumen/core/diagnostic";
import { equalBytes, toHex, ZERO32 } from "@lumen/core/hash";
import { assert, required } from "@lumen/core/result";
import {
  NestingChecker,
  type PlacedEvent,
  type TraceEventOf,
  type TraceHeader,
} from "@lumen/core/trace";
import type { Awaitable } from "./awaitable.ts";
import { CellCheck } from "./cell-check.ts";
import { reject } from "./checks.ts";
import type {
  ExecuteTile,
  IsConfined,
  Material,
  PlacedStep,
  ProgramFacts,
  RunCheck,
} from "./run-check.ts";
import { SequenceCheck } from "./sequence-check.ts";
import { EventSource } from "./source.ts";
import { TileEvents } from "./tile-events.ts";
import { type Finding, type Place, undecided, type Verdict, type VerifyLevel } from "./verdict.ts";

/** A trace, and what it is checked against. */
export interface VerifyOptions {
  /** The file, binary or JSON lines, in chunks of any size. */
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Names the trace in messages. */
  readonly subject: string;
  /** The CFS document. */
  readonly schema: unknown;
  /** Types from tile manifests, for documents that carry none (18.2). */
  readonly signatureOf?: (tileId: string) => TileSignature | undefined;
  /** The entry asked for; without one that of Genesis counts as given (11.1). */
  readonly entry?: string;
  /** The program file; null where it is not at hand. */
  readonly program: ProgramFacts | null;
  /** Null: the highest level that the material allows. */
  readonly level: VerifyLevel | null;
  /** Bytes of values beside those in the trace. */
  readonly values?: ValueSource;
  /** Runs tiles again. */
  readonly execute?: ExecuteTile;
  /** Tiles that `execute` runs within limits that the recorded run did not have; none if absent. */
  readonly isConfined?: IsConfined;
}

/** Checks a trace. Never throws for what is in it. */
export async function verifyTrace(options: VerifyOptions): Promise<Verdict> {
  const source = new EventSource(options.subject);
  const check = new TraceCheck(options);
  for await (const chunk of options.chunks) {
    for (const placed of source.push(chunk)) {
      const taken = check.take(placed, source.header);
      const found = taken instanceof Promise ? await taken : taken;
      if (found !== null) return found;
    }
  }
  const { events, torn, failure: broken } = source.end();
  for (const placed of events) {
    const found = await check.take(placed, source.header);
    if (found !== null) return found;
  }
  if (broken !== null) return unreadable(broken);
  return check.end(torn === null ? [] : [torn]);
}

/** A file of an unknown version was not checked; a broken one is no trace. */
function unreadable(cause: Failure): Verdict {
  if (cause.code !== "E_TRACE_CORRUPT") return undecided(cause);
  const place = { ...NOWHERE, offset: cause.offset ?? null };
  return reject("frames", place, { expected: null, found: null }, cause);
}

const NOWHERE: Place = {
  leafIndex: null,
  eventIndex: null,
  offset: null,
  tileId: null,
  path: null,
};

/** The checks of one trace, event by event. After a finding it must not be used any more. */
export class TraceCheck {
  readonly #options: VerifyOptions;
  readonly #nesting: NestingChecker;
  readonly #tiles = new TileEvents();
  readonly #log = new MerkleLog();
  #genesis: GenesisRecord | null = null;
  #run: RunCheck | null = null;
  #steps = 0;
  #final: Outcome | null = null;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#nesting = new NestingChecker(options.subject);
  }

  /** Number of things kept besides open spans: what the memory depends on. */
  get held(): number {
    return this.#tiles.size + (this.#run?.held ?? 0);
  }

  /** Takes the next event. */
  take(placed: PlacedEvent, header: TraceHeader | null): Awaitable<Finding> {
    const place = this.#place(placed);
    const nesting = this.#nesting.check(placed);
    if (nesting !== null) {
      const { type = null } = nesting.details ?? {};
      return reject("nesting", place, { expected: null, found: type }, nesting);
    }
    const { event } = placed;
    const tile = this.#tiles.take(event, place);
    if (tile !== null) return tile;
    if (event.kind === "RunEnd") return this.#runEnd(event, place);
    if (event.kind === "TileStep") return this.#record({ event, place }, header);
    this.#run?.event(event);
    return null;
  }

  /** After the last event. A run without Final is not a whole run (18.3). */
  end(warnings: readonly Failure[]): Verdict {
    const genesis = this.#genesis;
    const run = this.#run;
    if (genesis === null || run === null || !run.finished) {
      const place = { ...NOWHERE, leafIndex: this.#log.size };
      const sides = { expected: "a Final record", found: "the end of the trace" };
      return { ...reject("complete", place, sides), warnings };
    }
    const { size } = this.#log;
    const root = this.#log.root();
    const bound = !equalBytes(genesis.programId, ZERO32);
    return {
      kind: "accepted",
      ...run.reached(),
      entry: genesis.entry,
      steps: this.#steps,
      size,
      root,
      commitment: traceCommitment({ size, root, schemaHash: genesis.schemaHash }),
      programId: bound ? genesis.programId : null,
      warnings,
    };
  }

  #record(step: PlacedStep, header: TraceHeader | null): Awaitable<Finding> {
    const { record } = step.event;
    const found =
      this.#run === null && record.kind === "Genesis"
        ? this.#begin(record, step, header)
        : required(this.#run, "nesting lets nothing come before Genesis").record(step);
    if (record.kind === "Tile" || record.kind === "Request") this.#steps += 1;
    if (record.kind === "Final") this.#final = record.outcome;
    this.#log.push(leafOf(record));
    return found;
  }

  #begin(genesis: GenesisRecord, step: PlacedStep, header: TraceHeader | null): Finding {
    this.#genesis = genesis;
    const found =
      checkHeader(genesis, step, header) ??
      this.#checkProgram(genesis, step) ??
      this.#level(genesis);
    if (found !== null) return found;
    const { schema: document, entry } = this.#options;
    const hash = schemaHash(document);
    if (!equalBytes(hash, genesis.schemaHash)) {
      const sides = { expected: toHex(hash), found: toHex(genesis.schemaHash) };
      return reject("schema", step.place, sides);
    }
    if (entry !== undefined && entry !== genesis.entry) {
      return reject("entry", step.place, { expected: entry, found: genesis.entry });
    }
    return this.#chooseRun(genesis, step);
  }

  /** A run of the sequence that Genesis names, else of a cell. */
  #chooseRun(genesis: GenesisRecord, step: PlacedStep): Finding {
    const { signatureOf, schema: document } = this.#options;
    const sequence = hasSequence(document, genesis.entry);
    const cfs = readCfs(document, {
      ...(sequence ? { entry: genesis.entry } : {}),
      ...(signatureOf === undefined ? {} : { signatureOf }),
    });
    if (!cfs.ok) return badSchema(cfs.error, step);
    if (!sequence) return this.#beginCell(cfs.value, genesis, step);
    const schema = compileSchema(cfs.value, genesis.entry);
    if (!schema.ok) return badSchema(schema.error, step);
    this.#run = new SequenceCheck(schema.value, this.#material(genesis), step);
    return null;
  }

  #beginCell(cfs: Cfs, genesis: GenesisRecord, step: PlacedStep): Finding {
    if (this.#options.level === "reexecute") {
      const message = "a run entered by a cell is re-executed by replaying it";
      return undecided(failure("E_VERIFY_HOST", "verify", message, { subject: genesis.entry }));
    }
    const run = new CellCheck(cfs, this.#material(genesis));
    this.#run = run;
    return run.begin(genesis, step);
  }

  #material(genesis: GenesisRecord): Material {
    const { level, program, values, execute, isConfined = () => false } = this.#options;
    const bound = !equalBytes(genesis.programId, ZERO32);
    return {
      level,
      program: bound ? program : null,
      values: values ?? null,
      execute: execute ?? null,
      isConfined,
    };
  }

  #checkProgram(genesis: GenesisRecord, step: PlacedStep): Finding {
    const { program } = this.#options;
    if (program === null || equalBytes(genesis.programId, ZERO32)) return null;
    if (equalBytes(program.programId, genesis.programId)) return null;
    const sides = { expected: toHex(genesis.programId), found: toHex(program.programId) };
    return reject("program", step.place, sides);
  }

  /** Whether the level asked for can be reached at all. */
  #level(genesis: GenesisRecord): Finding {
    const { level, program, execute, subject } = this.#options;
    if (level !== "reexecute") return null;
    if (equalBytes(genesis.programId, ZERO32)) {
      const message = "the code is not bound: Genesis names no program";
      return undecided(failure("E_ARTIFACT_MISSING", "verify", message, { subject }));
    }
    if (program !== null && execute !== undefined) return null;
    const message = `the program file ${toHex(genesis.programId)} is not at hand`;
    return undecided(failure("E_ARTIFACT_MISSING", "verify", message, { subject }));
  }

  #runEnd(event: TraceEventOf<"RunEnd">, place: Place): Finding {
    const computed = { steps: this.#steps, size: this.#log.size, root: toHex(this.#log.root()) };
    const { steps, size } = event;
    const stated = { steps, size, root: toHex(event.root) };
    for (const key of ["steps", "size", "root"] as const) {
      if (computed[key] === stated[key]) continue;
      const sides = { expected: { [key]: computed[key] }, found: { [key]: stated[key] } };
      return reject("run-end", place, sides);
    }
    const status = this.#final === null ? "Aborted" : this.#final.kind === "Ok" ? "Ok" : "Failed";
    if (event.status === status) return null;
    return reject("run-status", place, { expected: status, found: event.status });
  }

  #place({ event, index, offset }: PlacedEvent): Place {
    const step = event.kind === "TileStep" ? event.record : null;
    const tile = step?.kind === "Tile" ? step : null;
    return {
      leafIndex: step === null ? null : this.#log.size,
      eventIndex: index,
      offset,
      tileId: tile?.tileId ?? ("tileId" in event ? event.tileId : null),
      path: tile === null ? null : formatPath(tile.path),
    };
  }
}

/** The header repeats what Genesis commits to (10.2, 14.1). */
function checkHeader(
  genesis: GenesisRecord,
  step: PlacedStep,
  header: TraceHeader | null,
): Finding {
  assert(header !== null, "events come after the header");
  const { entry, programId, schemaHash: schema } = header;
  const pairs: readonly { readonly expected: PlainJson; readonly found: PlainJson }[] = [
    { expected: genesis.entry, found: entry },
    { expected: toHex(genesis.schemaHash), found: schema === null ? null : toHex(schema) },
    { expected: toHex(genesis.programId), found: programId === null ? null : toHex(programId) },
  ];
  const wrong = pairs.find(({ expected, found }) => found !== null && found !== expected);
  return wrong === undefined ? null : reject("header", step.place, wrong);
}

/** A schema that Genesis names and that no runner accepts (11.3), or one of an unknown version. */
function badSchema(cause: Failure, step: PlacedStep): Finding {
  if (cause.code === "E_UNSUPPORTED_VERSION") return undecided(cause);
  return reject("schema", step.place, { expected: "a valid schema", found: cause.code }, cause);
}

/** Whether a document that has not been checked declares a sequence of this id. */
function hasSequence(document: unknown, id: string): boolean {
  const sequences = fieldOf(document, "sequences");
  return Array.isArray(sequences) && sequences.some((sequence) => fieldOf(sequence, "id") === id);
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}
