// Mutations of existing sources: bytes, words, lines and indentation change; parts of other sources
// come in.

import type { Random } from "./random.ts";

const SNIPPETS: readonly [string, ...string[]] = [
  "end",
  "\n",
  "\n\n",
  "  ",
  "\t",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  '"',
  '"""',
  "'",
  "```",
  "`",
  "#",
  "# note\n",
  "\\\n",
  "\\",
  ",",
  ":",
  ";",
  ".",
  "..",
  "...",
  "?",
  "!",
  "@",
  "@x(1)\n",
  "|",
  "->",
  "=>",
  "=",
  "-",
  "- ",
  " -",
  "not ",
  "await ",
  "try ",
  "else ",
  "elif x ",
  "then ",
  "if ",
  "with\n",
  " in\n",
  "handle\n",
  "do ",
  "cell ",
  "fn(x) ",
  "match x\n",
  "role a: ",
  "role a: |\n",
  "state A\n",
  "stages:\n",
  "grant A\n",
  "agent A\n",
  "trait T\n",
  "perform A.b",
  "checkpoint ",
  "approve x\n",
  "comptime {",
  "set[",
  "0x",
  "1.",
  "é",
  "😀",
  "\u0000",
  "\r\n",
  "\ufeff",
  "> ",
  "- ```lumen\n",
  "```lumen\n",
  "~~~\n",
];

/** `text` with one to eight changes; `other` is where foreign parts come from. */
export function mutate(text: string, other: string, random: Random): string {
  let result = text;
  for (let count = 1 + random.below(8); count > 0; count -= 1) {
    result = change(result, other, random);
  }
  return result;
}

function change(text: string, other: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(9)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random.below(8));
    case 1:
      return text.slice(0, at) + random.pick(SNIPPETS) + text.slice(at);
    case 2:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
    case 3:
      return withLines(text, random, (lines, i) => lines.splice(i, 1));
    case 4:
      return withLines(text, random, (lines, i) => lines.splice(i, 0, lines[i] ?? ""));
    case 5:
      return withLines(text, random, (lines, i) => {
        lines[i] = " ".repeat(random.below(6)) + (lines[i] ?? "").trimStart();
      });
    case 6:
      return withLines(text, random, (lines, i) => {
        lines.splice(i, 2, `${lines[i] ?? ""} ${(lines[i + 1] ?? "").trimStart()}`);
      });
    case 7: {
      const from = random.below(other.length + 1);
      return text.slice(0, at) + other.slice(from, from + random.below(200)) + text.slice(at);
    }
    default: {
      const word = text.indexOf(" ", at);
      const end = word === -1 ? text.length : word;
      return `${text.slice(0, end)}${random.pick(["\n", "  ", ""])}${text.slice(end + 1)}`;
    }
  }
}

function withLines(
  text: string,
  random: Random,
  edit: (lines: string[], index: number) => void,
): string {
  const lines = text.split("\n");
  edit(lines, random.below(lines.length));
  return lines.join("\n");
}
