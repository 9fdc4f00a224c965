// The brackets of a token list: where each closes, which are lists, and which of those stand one
// item a line.

import type { LayoutNotes } from "../layout-notes.ts";
import { SAME_LINE, type Token, type TokenKind } from "../token.ts";
import { isEmptyRole } from "./role-text.ts";
import { type Gap, NO_GAP } from "./trivia.ts";

/** What is printed: tokens with what stands before each, and where lines begin. */
export interface Draft {
  readonly tokens: readonly Token[];
  readonly gaps: Gap[];
  /** The token at this index begins a line. */
  readonly newlines: boolean[];
  /** A comma is added behind the token at this index. */
  readonly commas: boolean[];
  readonly brackets: ReadonlyMap<number, Bracket>;
  readonly isRaw: (index: number) => boolean;
}

/** One pair of brackets, by indices of tokens. */
export interface Bracket {
  readonly open: number;
  readonly close: number;
  /** Null unless the bracket is a list: the commas between its items. */
  readonly commas: readonly number[] | null;
}

const CLOSER_OF: ReadonlyMap<TokenKind, TokenKind> = new Map<TokenKind, TokenKind>([
  ["(", ")"],
  ["[", "]"],
  ["?[", "]"],
  ["{", "}"],
]);

/** True for an opening bracket. */
export function isOpener(token: Token): boolean {
  return CLOSER_OF.has(token.kind);
}

/** Tokens and gaps as a draft in which the lists on several lines have one item a line. */
export function draftOf(
  tokens: readonly Token[],
  gaps: readonly Gap[],
  notes: LayoutNotes,
  isRaw: (index: number) => boolean,
): Draft {
  const brackets = findBrackets(tokens, notes, isRaw);
  const newlines = tokens.map((token, index) => index === 0 || token.line !== SAME_LINE);
  const commas = tokens.map(() => false);
  const draft = { tokens, gaps: [...gaps], newlines, commas, brackets, isRaw };
  startLines(draft, notes);
  for (const bracket of brackets.values()) {
    if (bracket.commas !== null && isSpread(draft, bracket)) spreadOut(draft, bracket);
  }
  return draft;
}

/**
 * What a construct over several lines holds begins below its header: `loop a` with `b` on the next
 * line becomes three lines.
 */
function startLines({ tokens, newlines, isRaw }: Draft, notes: LayoutNotes): void {
  const spread = new Set<number>();
  const openerOf = (index: number): number | null => {
    const note = notes.lines.get(tokens[index]?.start ?? -1);
    return note === undefined || isRaw(index) || !("opener" in note) ? null : note.opener;
  };
  tokens.forEach((_, index) => {
    const opener = openerOf(index);
    if (opener !== null && newlines[index] === true) spread.add(opener);
  });
  tokens.forEach((token, index) => {
    const opener = openerOf(index);
    const before = tokens[index - 1]?.kind;
    const isFirst =
      before !== ";" && before !== "," && notes.lines.get(token.start)?.kind === "inside";
    const isFree = !notes.pinned.has(token.start);
    if (opener !== null && isFirst && isFree && spread.has(opener)) newlines[index] = true;
  });
}

function findBrackets(
  tokens: readonly Token[],
  notes: LayoutNotes,
  isRaw: (index: number) => boolean,
): ReadonlyMap<number, Bracket> {
  const found = new Map<number, Bracket>();
  const open: { readonly index: number; readonly commas: number[] }[] = [];
  tokens.forEach((token, index) => {
    if (isRaw(index)) return;
    const top = open[open.length - 1];
    const opener = top === undefined ? undefined : tokens[top.index];
    if (isOpener(token)) {
      open.push({ index, commas: [] });
    } else if (opener !== undefined && CLOSER_OF.get(opener.kind) === token.kind) {
      const { index: start, commas } = top ?? { index, commas: [] };
      const isList = notes.lists.has(opener.start);
      found.set(start, { open: start, close: index, commas: isList ? commas : null });
      open.pop();
    } else if (notes.commas.has(token.start)) {
      top?.commas.push(index);
    }
  });
  return found;
}

/** A line ends next to a bracket or comma of the list itself. */
function isSpread({ newlines, gaps }: Draft, bracket: Bracket): boolean {
  const { open, close, commas } = bracket;
  if (close === open + 1) {
    // Nothing but a comment keeps empty brackets apart.
    const gap = gaps[close] ?? NO_GAP;
    const isKept = gap.trailing !== null || gap.own.length > 0;
    if (!isKept) newlines[close] = false;
    return isKept;
  }
  if (newlines[open + 1] === true || newlines[close] === true) return true;
  return (commas ?? []).some((at) => newlines[at] === true || newlines[at + 1] === true);
}

/** Gives each item of a list its line, and the last one a comma. */
export function spreadOut(draft: Draft, bracket: Bracket): void {
  const { open, close, commas } = bracket;
  const { gaps, newlines } = draft;
  newlines[open + 1] = true;
  newlines[close] = true;
  for (const at of commas ?? []) {
    newlines[at + 1] = true;
    if (isEmptyRoleAt(draft, at - 1)) continue;
    newlines[at] = false;
    gaps[at + 1] = joinGaps(gaps[at] ?? NO_GAP, gaps[at + 1] ?? NO_GAP);
    gaps[at] = NO_GAP;
  }
  const isLastComma = commas?.[commas.length - 1] === close - 1;
  const isClosed = isLastComma || close === open + 1 || isEmptyRoleAt(draft, close - 1);
  if (!isClosed) draft.commas[close - 1] = true;
}

function isEmptyRoleAt({ tokens }: Draft, index: number): boolean {
  const token = tokens[index];
  return token !== undefined && isEmptyRole(token);
}

/** Comments before a comma go behind it. */
function joinGaps(before: Gap, after: Gap): Gap {
  const isFree = before.trailing === null && before.own.length === 0;
  const moved = isFree || after.trailing === null ? [] : [after.trailing];
  return {
    ...after,
    trailing: isFree ? after.trailing : before.trailing,
    own: [...before.own, ...moved, ...after.own],
  };
}
