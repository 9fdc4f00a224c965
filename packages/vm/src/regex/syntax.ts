// The tree of a regular expression: what the parser gives and the compiler takes.

import type { CharSet } from "./char-set.ts";

/** A condition on a place between two characters. */
export type Assertion =
  | "line start"
  | "line end"
  | "text start"
  | "text end"
  | "word boundary"
  | "no word boundary";

/** A node of the tree. */
export type RegexNode =
  | { readonly kind: "empty" }
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly options: readonly RegexNode[] }
  | { readonly kind: "group"; readonly index: number; readonly body: RegexNode }
  | {
      readonly kind: "repeat";
      readonly body: RegexNode;
      readonly min: number;
      /** Null: no bound. */
      readonly max: number | null;
      readonly greedy: boolean;
    };

/** A parsed pattern. `groups` counts the capturing groups, the whole match not among them. */
export interface RegexSyntax {
  readonly root: RegexNode;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

/** Why a text is no pattern: `reason`, with the part of the pattern that it is about. */
export interface PatternProblem {
  readonly reason: string;
}

/** True when the node can match the empty text. */
export function matchesEmpty(node: RegexNode): boolean {
  switch (node.kind) {
    case "empty":
    case "assertion":
      return true;
    case "set":
      return false;
    case "sequence":
      return node.parts.every(matchesEmpty);
    case "choice":
      return node.options.some(matchesEmpty);
    case "group":
      return matchesEmpty(node.body);
    case "repeat":
      return node.min === 0 || matchesEmpty(node.body);
  }
}
