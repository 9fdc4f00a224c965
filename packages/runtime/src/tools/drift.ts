// The drift layer: what a tool answers against the type that the program declares for the result
// (language 11.4). Behind the journal, so that a replay repeats the outcome and not the check.

import type { Failure } from "@lumen/core/diagnostic";
import {
  type InputOptions,
  parseJson,
  renderType,
  valueFromJson,
  valueToJsonText,
} from "@lumen/core/encoding";
import type { ToolEntry } from "@lumen/core/program";
import type { TypeDescriptor, Value } from "@lumen/core/value";
import type { DoorAnswer, Drift, Layer } from "../door.ts";

/** Rules that results obey beyond their types: those of the program. */
export interface ResultRules {
  /** Defaults of record fields that an answer leaves out. */
  readonly defaults: NonNullable<InputOptions["defaults"]>;
  /** The first constraint of a record that a value breaks; null when all hold. */
  readonly check: (type: TypeDescriptor, value: Value) => Failure | null;
}

/**
 * Makes the Json of an answer a value of the declared type, or the failure OutputValidationFailed.
 * Fields that a record does not have are told as drift and left out; Any and Json keep all.
 */
export function driftLayer(rules: ResultRules): Layer {
  return {
    name: "drift",
    handle: async (request, next): Promise<DoorAnswer> => {
      const answer = await next(request);
      const { tool } = request;
      return tool === undefined || !answer.ok ? answer : checked(tool, answer, rules);
    },
  };
}

function checked(
  tool: ToolEntry,
  answer: DoorAnswer & { readonly ok: true },
  rules: ResultRules,
): DoorAnswer {
  const type = tool.result ?? "json";
  const refusal = (why: string): DoorAnswer => {
    const schema = tool.result === null ? "JSON" : `schema ${renderType(tool.result)}`;
    const { value: _value, ...rest } = answer;
    const message = `OutputValidationFailed: the answer does not match ${schema}: ${why}`;
    return { ...rest, ok: false, code: "OutputValidationFailed", message };
  };
  const text = valueToJsonText("json", answer.value);
  if (!text.ok) return refusal(text.error.message);
  if (tool.result === null) return answer;
  const node = parseJson(text.value);
  if (!node.ok) return refusal(node.error.message);
  const drifts: Drift[] = [];
  const extra: InputOptions["extra"] = ({ path, expected, found }) =>
    drifts.push({ at: path, expected, found });
  const value = valueFromJson(type, node.value, { defaults: rules.defaults, extra });
  if (!value.ok) return refusal(value.error.message);
  const broken = rules.check(type, value.value);
  return broken === null ? { ...answer, value: value.value, drifts } : refusal(broken.message);
}
