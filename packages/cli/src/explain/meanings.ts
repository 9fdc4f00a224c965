// What named codes mean for somebody who runs a program, and what to do. Codes that only concern
// the inside of schema and trace files are explained by their titles and by the formats.

import type { FailureCode } from "@lumen/core/diagnostic";

/** A sentence on the cause and one on the way out. */
export const MEANINGS: { readonly [C in FailureCode]?: readonly [string, string] } = {
  E_NO_ENTRY: [
    "The program has neither a sequence nor a cell `main`, and no other entry was named.",
    "Declare `main`, or choose one with `--sequence` or `--cell`.",
  ],
  E_NO_CELL: [
    "The cell that the command names is not in the program, or there are no tests to run.",
    "`lumen list` shows sequences, tiles and cells.",
  ],
  E_RECUR_LIMIT: [
    "A recur tile did not say that it is done within the iterations that it may take.",
    "Give a higher `max_iterations`, or see to it that its first component becomes true.",
  ],
  E_LOOP_LIMIT: [
    "A loop of a sequence did not end within the iterations that it may take.",
    "Give a higher `max_iterations`, or see to it that its condition becomes false.",
  ],
  E_DECODE: [
    "Bytes are not the encoding of a value of the type that is due: too short, too long, or wrong.",
    "They belong to another type or version, or were damaged: make them again from the value.",
  ],
  E_ENCODE: [
    "A value cannot be written as the type that is due, or is larger than an encoding may be.",
    "Give the declared type, or pass smaller values from tile to tile.",
  ],
  E_INPUT_JSON: [
    "The text given with `--input` is not JSON; line and column say from where on.",
    "A file is given as `--input @file.json`; texts need quotes: `--input '\"text\"'`.",
  ],
  E_INPUT_TYPE: [
    "The input is JSON, but not a value of the declared type; the path says where, as in `$.lines[0]`.",
    "Several parameters are an object of their names or an array; `lumen list` shows their types.",
  ],
  E_TILE_FAILED: [
    "A tile gave `err(…)`, or stopped with a fault, and with it the sequence.",
    "`lumen trace show` lists the steps before it; call the tile from a cell to handle its result.",
  ],
  E_TRACE_TORN: [
    "The trace file ends in the middle of a frame: its writer was stopped.",
    "What stands before can be looked at; a finished run has to be made again.",
  ],
  E_TRACE_CORRUPT: [
    "The trace file is not as it was written: a check of a frame fails at the offset that is named.",
    "Get the file again from where it was recorded; nothing in it can be relied on.",
  ],
  E_COMMIT_MISMATCH: [
    "The commitment that the trace states is not that of its steps.",
    "The trace was changed after the run, or was never that of a run.",
  ],
  E_STEP_MISMATCH: [
    "A recorded step is not the one that the program makes there: tile, code, input or output differ.",
    "The message shows both sides; look at the step with `lumen trace show --step K`.",
  ],
  E_MISSING_VALUE: [
    "The trace holds only the digest of a value that the check needs.",
    "Record with `--trace-io inline`, or verify with `--level structure`.",
  ],
  E_IO: [
    "A file, folder or stream could not be read or written.",
    "The message names it; see whether it is there and may be used.",
  ],
  E_USAGE: [
    "The command was called in a way that it does not have. Nothing was done.",
    "`lumen COMMAND --help` shows how it is called.",
  ],
  E_PROJECT: [
    "There is no project here, or its `lumen.toml` has a mistake.",
    "A project has `[package]` with `name`, `version` and `entry`; a lone document is given by name.",
  ],
  E_COMPILE: [
    "The program has errors, which are listed before this message.",
    "Mend them; `lumen check` shows them alone.",
  ],
  E_DIVERGENCE: [
    "Run again, the program asked for something else than what was recorded.",
    "It is another program, or the trace was changed; the message shows both sides.",
  ],
  E_NO_PROVIDER: [
    "The program calls a tool, and nothing here carries out its calls.",
    "Run it where the tool has a provider.",
  ],
  E_RUN_BUSY: [
    "Another process records this run, or goes on with it.",
    "Wait until it has ended. A lock of a process on another machine that is gone is a file to remove.",
  ],
  E_UNHANDLED_EFFECT: [
    "The program performs an effect that neither it nor the host handles.",
    "Put `handle … with` around the call, or `bind effect` it.",
  ],
  E_TRAP_OVERFLOW: [
    "The result of an operation on Int does not fit into 64 bits.",
    "Compute with smaller numbers, or with Float where digits may be lost.",
  ],
  E_TRAP_DIV_ZERO: ["An Int was divided by 0.", "Test the divisor first."],
  E_TRAP_INDEX: [
    "A list, tuple or text has no element at this index.",
    "Compare with `length(…)` first. Indices begin at 0, negative ones count from the end.",
  ],
  E_TRAP_TYPE: [
    "A value of type `Any`, Json or a union was not of the type that was needed.",
    "Test it with `is` or `match` first, or declare its type.",
  ],
  E_TRAP_UNWRAP: [
    "`!` or `unwrap` met an `err` or null.",
    "Take the value with `??`, `?` or `match`, which say what else is to happen.",
  ],
  E_TRAP_ASSERT: [
    "An assertion does not hold, or a field does not fulfil its `where`.",
    "The message shows what was compared, or the field and what it was given.",
  ],
  E_TRAP_HALT: [
    "The program stopped itself with `halt`, `panic` or `error`.",
    "The message is its own.",
  ],
  E_TRAP_STACK: [
    "Calls or values nest deeper than a machine allows: most often a recursion without an end.",
    "See to it that each call comes nearer to a case without one, or write a loop.",
  ],
  E_TRAP_FUEL: [
    "The program took more cycles than it was allowed: most often a loop without an end.",
    "See to it that the loop ends; for tests, `--fuel` allows more.",
  ],
  E_TRAP_MEMORY: [
    "The program, or one value of it, became larger than a machine allows.",
    "Keep less at a time: pass parts from step to step, or read input in pieces.",
  ],
};
