// Command lines of servers (language 11.9): words and quotes, and nothing that a shell would add.

import { describe, expect, it } from "vitest";
import { parseCommandLine } from "../../index.ts";

const words = (text: string): readonly string[] | string => {
  const parsed = parseCommandLine(text);
  return parsed.ok ? [parsed.value.program, ...parsed.value.args] : parsed.error;
};

describe("parseCommandLine", () => {
  it.each([
    ["npx -y server-github", ["npx", "-y", "server-github"]],
    ["  a\t b \n c ", ["a", "b", "c"]],
    [`a 'b c' "d e"`, ["a", "b c", "d e"]],
    [`a b'c d'e"f"`, ["a", "bc def"]],
    [`a '' ""`, ["a", "", ""]],
    [String.raw`a "x\"y\\z\n"`, ["a", String.raw`x"y\z\n`]],
    [String.raw`C:\bin\a.exe 'x\'`, [String.raw`C:\bin\a.exe`, "x\\"]],
    ["a $HOME ~ *.txt | b && c > d; `e`", "a $HOME ~ *.txt | b && c > d; `e`".split(" ")],
  ])("reads %j", (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it.each([
    ["", "the command is empty"],
    ["  ", "the command is empty"],
    ["'' a", "the command is empty"],
    ["a 'b", "the quote ' at character 3 is not closed"],
    [`a b"c\\"`, 'the quote " at character 4 is not closed'],
    ["a\0b", "a command has no NUL character"],
    [
      "https://x.org/mcp",
      "'https://x.org/mcp' is an address; expected the command that starts the server",
    ],
  ])("refuses %j", (text, expected) => {
    expect(words(text)).toBe(expected);
  });
});
