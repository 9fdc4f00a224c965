// Inputs for the phases behind the parser: programs that are right but for a few words, so that
// most of them parse and reach types, effects, analyses and, a good part of them, lowering.

import { wellTypedProgram } from "../property/well-typed.ts";
import type { FuzzInput } from "./inputs.ts";
import type { Random } from "./random.ts";
import { randomOf } from "./random.ts";

/** One input in so many is many sources in one module. */
const LARGE_EVERY = 50;
const LARGE_PARTS_MAX = 40;
const CHANGES_MAX = 2;

/** A word, a number, a string or a mark. */
const PIECE = /[A-Za-z_]\w*|\d+(?:\.\d+)?|"[^"\n]*"|[^\s\w"]/g;

/** What a word, number or string can be replaced by so that most texts still parse. */
const CLASSES: readonly {
  readonly is: RegExp;
  readonly standIns: readonly [string, ...string[]];
}[] = [
  {
    is: /^[A-Z]\w*$/,
    standIns: ["Int", "Any", "String?", "list[Any]", "Null", "fn(Int) -> Int", "Unknown", "T"],
  },
  {
    is: /^(?:\d|")/,
    standIns: ["null", "0", "-1", "1.5", '"text"', "true", "[]", "{}", "{1, 2}", "(1, 2)"],
  },
  {
    is: /^(?!(?:cell|end|if|else|match|let|for|while|loop|record|enum|return|in|import|fn)$)[a-z_]/,
    standIns: ["self", "null", "print", "length", "unknown", "fn(x) => x", "parse_json", "err"],
  },
];

/** The input at an index: a source with one or two changes, or many sources with some. */
export function nearProgramAt(
  sources: readonly [FuzzInput, ...FuzzInput[]],
  place: { readonly seed: number; readonly index: number },
): FuzzInput {
  const random = randomOf(place.seed, place.index);
  if (place.index % LARGE_EVERY === LARGE_EVERY - 1) return large(sources, random);
  const isMade = place.index % 3 === 0;
  const { path, text } = isMade
    ? { path: "a.lm", text: wellTypedProgram(random) }
    : random.pick(sources);
  return { path, text: changed(text, 1 + random.below(CHANGES_MAX), random) };
}

function large(sources: readonly [FuzzInput, ...FuzzInput[]], random: Random): FuzzInput {
  const code = sources.filter(({ path }) => path === "a.lm");
  const [first = sources[0], ...rest] = code;
  const count = 2 + random.below(LARGE_PARTS_MAX);
  const parts = Array.from({ length: count }, () => random.pick([first, ...rest]).text);
  return { path: "a.lm", text: changed(parts.join("\n"), random.below(CHANGES_MAX), random) };
}

function changed(text: string, count: number, random: Random): string {
  let now = text;
  for (let i = 0; i < count; i += 1) now = changedOnce(now, random);
  return now;
}

/** Mostly a word becomes another one of its kind; sometimes a piece or a line moves, or is gone. */
function changedOnce(text: string, random: Random): string {
  const pieces = [...text.matchAll(PIECE)];
  const one = (from: readonly RegExpExecArray[]) => from[random.below(Math.max(1, from.length))];
  const [at, other] = [one(pieces), one(pieces)];
  if (at === undefined || other === undefined) return text;
  const put = (piece: RegExpExecArray, by: string): string =>
    text.slice(0, piece.index) + by + text.slice(piece.index + piece[0].length);
  const way = random.below(20);
  if (way === 0) return put(at, "");
  if (way === 1) return put(at, `${at[0]} ${at[0]}`);
  if (way === 2) return put(at, other[0]);
  if (way < 5) return withLines(text, random);
  const kind = CLASSES[random.below(CLASSES.length)];
  const alike = pieces.filter((piece) => kind?.is.test(piece[0]));
  const [place, word] = [one(alike), one(alike)];
  if (kind === undefined || place === undefined || word === undefined) return text;
  return put(place, random.below(3) === 0 ? random.pick(kind.standIns) : word[0]);
}

/** A line stands at another place, or once more. */
function withLines(text: string, random: Random): string {
  const lines = text.split("\n");
  const from = random.below(lines.length);
  const moved = random.below(2) === 0 ? lines.splice(from, 1) : [lines[from] ?? ""];
  lines.splice(random.below(lines.length + 1), 0, ...moved);
  return lines.join("\n");
}
