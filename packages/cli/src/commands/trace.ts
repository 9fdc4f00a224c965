// lumen trace: the subcommands and which options each takes

import { GRAPH_FORMS } from "@lumen/analysis";
import { TRACE_FORMS } from "@lumen/toolchain";
import type { Command, Invocation } from "../command.ts";
import { usageError } from "./outcome.ts";
import { checkProofCommand, commitCommand, proveCommand } from "./trace-commit.ts";
import { exportCommand } from "./trace-export.ts";
import { listCommand } from "./trace-list.ts";
import { recoverCommand } from "./trace-recover.ts";
import { showCommand } from "./trace-show.ts";
import { stepCommand } from "./trace-step.ts";

interface Action {
  readonly options: readonly string[];
  readonly run: (invocation: Invocation, target: string | undefined) => Promise<number>;
}

const ACTIONS: { readonly [name: string]: Action } = {
  ls: { options: [], run: listCommand },
  show: { options: ["step", "program", "graph", "all", "state"], run: showCommand },
  step: { options: ["at", "back", "program"], run: stepCommand },
  export: { options: ["to", "output"], run: exportCommand },
  commit: { options: [], run: commitCommand },
  prove: { options: ["leaf", "from", "output"], run: proveCommand },
  check: { options: ["commitment"], run: checkProofCommand },
  recover: { options: ["output"], run: recoverCommand },
};

const OWN_OPTIONS = new Set(Object.values(ACTIONS).flatMap((action) => action.options));

/** Looks into traces. */
export const traceCommand: Command = {
  name: "trace",
  group: "evidence",
  summary: "the runs, what is in one, other forms of it, its commitment and proofs about it",
  positionals: "ls [DIR] | show|step|export|commit|prove|recover [TRACE] | check FILE",
  positionalsMax: 2,
  options: {
    step: { value: "K", help: "show: one step, with its values" },
    program: { value: "FILE", help: "the program file (default: beside the trace)" },
    graph: { value: "G", choices: GRAPH_FORMS, help: "show: what ran inside of what" },
    all: { help: "with --graph: every round of a loop" },
    state: { value: "PROCESS[@N]", help: "show: the state of a process after its N-th move" },
    at: { value: "K", help: "step: the stop after K steps (default: the last)" },
    back: { value: "N", help: "step: N steps before that" },
    to: { value: "FORM", choices: TRACE_FORMS, help: "export: the form" },
    output: { value: "FILE", short: "o", help: "export, prove, recover: the file to write" },
    leaf: { value: "K", help: "prove: that leaf K is in the trace" },
    from: { value: "M", help: "prove: that the trace continues its first M leaves" },
    commitment: { value: "HEX", help: "check: the commitment that the proof must be about" },
  },
  run: async (invocation) => {
    const [name, target] = invocation.positionals;
    const action = name === undefined || !Object.hasOwn(ACTIONS, name) ? undefined : ACTIONS[name];
    if (action === undefined) {
      const found = name === undefined ? "nothing" : `'${name}'`;
      const names = Object.keys(ACTIONS).join(", ");
      return usageError(invocation, "trace", `expected one of ${names}, found ${found}`);
    }
    const given = [...Object.keys(invocation.options), ...invocation.flags];
    const foreign = given.find((o) => OWN_OPTIONS.has(o) && !action.options.includes(o));
    if (foreign !== undefined)
      return usageError(invocation, "trace", `trace ${name} takes no --${foreign}`);
    return action.run(invocation, target);
  },
};
