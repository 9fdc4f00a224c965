// How JSON input of the wrong shape is refused: where, what was expected, what was found
// (formats 5).

import { type Failure, failure } from "../diagnostic/failure.ts";
import type { JsonNode } from "./json-node.ts";

/** Longest text of a scalar within a message. */
const SHOWN_MAX = 40;

/** Where a node stands: the text of the last step and the way to it. */
export interface Place {
  readonly parent: Place | null;
  /** An index, or the text of a step. */
  readonly step: number | string;
}

/** Raised while converting, caught by the entry points. */
export class InputRefusal extends Error {
  override readonly name = "InputRefusal";
  readonly failure: Failure;
  constructor(failed: Failure) {
    super(failed.message);
    this.failure = failed;
  }
}

/** Refuses the node at a place; null stands for a missing one. */
export function refuse(place: Place, expected: string, node: JsonNode | null): never {
  refuseFound(place, expected, describe(node));
}

/** Like {@link refuse}, with a text of what was found. */
export function refuseFound(place: Place, expected: string, found: string): never {
  const path = renderPlace(place);
  const message = `${path}: expected ${expected}, found ${found}`;
  const more = { path, details: { expected, found } };
  throw new InputRefusal(failure("E_INPUT_TYPE", "decode", message, more));
}

/** The path of a place: `$.items[3]`. */
export function renderPlace(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | null = place; at !== null; at = at.parent) {
    steps.push(typeof at.step === "number" ? `[${at.step}]` : at.step);
  }
  return steps.reverse().join("");
}

/** What a node is, in a few words; null stands for a missing one. */
export function describe(node: JsonNode | null): string {
  if (node === null) return "nothing";
  switch (node.kind) {
    case "null":
      return "null";
    case "bool":
      return String(node.value);
    case "number":
      return `number ${shorten(node.text)}`;
    case "string":
      return `string ${shorten(JSON.stringify(node.value))}`;
    case "array":
      return `array of ${node.items.length}`;
    case "object":
      return node.entries.size === 0 ? "empty object" : `object with ${keysOf(node.entries)}`;
  }
}

function keysOf(entries: ReadonlyMap<string, unknown>): string {
  const keys = [...entries.keys()].map((key) => JSON.stringify(key));
  return shorten(keys.join(", "));
}

function shorten(text: string): string {
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
