// Textual form of states of machines and of session steps: see dump-ast.ts.

import { assertNever } from "@lumen/core/result";
import type { Hook, MachineState, SessionStep, Transition } from "./ast.ts";
import type { ItemDumper } from "./dump-declarations.ts";
import { dumpExpr, dumpParams } from "./dump-expressions.ts";
import { dumpRow, dumpType, group } from "./dump-types.ts";

/** `(state Name (params) terminal (guard e) (transition T …) (on_enter …))` */
export function dumpMachineState(state: MachineState, dump: ItemDumper): string {
  const { name, params, guard } = state;
  return group(
    "state",
    name.text,
    params.length === 0 ? "" : dumpParams(params, dump.statement),
    state.attributes.map(dump.attribute),
    state.isTerminal ? "terminal" : "",
    guard === null ? "" : group("guard", dumpExpr(guard, dump.statement)),
    state.transitions.map((transition) => dumpTransition(transition, dump)),
    state.hooks.map((hook) => dumpHook(hook, dump)),
  );
}

function dumpTransition({ target, args, condition }: Transition, dump: ItemDumper): string {
  const values = args?.map((arg) => dumpExpr(arg, dump.statement)) ?? [];
  const when = condition === null ? "" : group("if", dumpExpr(condition, dump.statement));
  return group("transition", target.text, args === null ? "" : group(values), when);
}

function dumpHook({ event, params, row, body }: Hook, dump: ItemDumper): string {
  const steps = body.map((step) => {
    if (step.kind === "statement") return dump.statement(step.statement);
    return dumpTransition(step.transition, dump);
  });
  const inputs = params.length === 0 ? "" : dumpParams(params, dump.statement);
  return group(event, inputs, dumpRow(row), steps);
}

/** The steps of a session. */
export function dumpSteps(steps: readonly SessionStep[]): readonly string[] {
  return steps.map((step) => {
    switch (step.kind) {
      case "message":
        return group("->", step.from.text, step.to.text, dumpType(step.type));
      case "choice": {
        const cases = step.cases.map((c) => group("case", c.label.text, dumpSteps(c.steps)));
        return group("choice", step.role.text, cases);
      }
      case "loop":
        return group("loop", step.label.text, dumpSteps(step.steps));
      case "continue":
        return group("continue", step.label.text);
      case "state":
        return group("state", step.name.text);
      default:
        return assertNever(step);
    }
  });
}
