// Forms of a secret that are found, and those that are not promised (language 11.7).

import { describe, expect, it } from "vitest";
import { makeScrub, SECRET_LENGTH_MIN } from "./index.ts";

const VALUE = "sk-live/42+é&Zz";
const MARK = "[secret K]";

function shown(text: string, value: string = VALUE): string {
  return makeScrub([{ name: "K", value }])?.text(text) ?? text;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const hex = Buffer.from(VALUE).toString("hex");

describe("a secret", () => {
  it.each([
    ["as it is", `a${VALUE}b`, `a${MARK}b`],
    ["percent-encoded in small letters", "%2bsk-live%2f42%2b%c3%a9%26Zz", `%2b${MARK}`],
    ["with some characters as escapes", "sk\\u002dlive\\/42+\\u00E9&Zz", MARK],
    ["in JSON in JSON in a URL", encodeURIComponent(JSON.stringify(`"${VALUE}"`)), "%22%5C%22"],
    ["with character references", "sk-live/42&#43;&#xe9;&amp;Zz.", `${MARK}.`],
    ["with escapes in pairs of units", "\\ud83d\\ude00 sk-live/42+é&Zz", `\\ud83d\\ude00 ${MARK}`],
    ["alone in base64", base64(VALUE), MARK],
    ["in base64 behind a byte", base64(`u${VALUE}`), "d"],
    ["in base64 behind two bytes", `${base64(`uv${VALUE}`)}!`, "dX"],
    ["in base64 of URLs", Buffer.from(VALUE).toString("base64url"), MARK],
    ["in base64 over lines", base64(VALUE).replace(/.{5}/g, "$&\r\n"), MARK],
    ["in hexadecimal", `0x${hex}.`, `0x${MARK}.`],
    ["in hexadecimal with colons", hex.replace(/..(?=.)/g, "$&:").toUpperCase(), MARK],
    ["in hexadecimal with blanks", hex.replace(/..(?=.)/g, "$& "), MARK],
    ["over two lines", "sk-live/42+\n  é&Zz", MARK],
    ["twice", VALUE + VALUE, MARK + MARK],
    ["cut at the end", "key: sk-live/42+", `key: ${MARK}`],
    ["cut with dots", "key: sk-live/42…", `key: ${MARK}…`],
    ["cut at the beginning", "ve/42+é&Zz!", `${MARK}!`],
  ])("is found %s", (_, text, expected) => {
    const found = shown(text);
    expect(found.startsWith(expected)).toBe(true);
    expect(found).toContain(MARK);
    expect(Buffer.from(found, "base64").includes("live")).toBe(false);
  });

  it("is found in UTF-16 of both orders", () => {
    const wide = Buffer.from(VALUE, "utf16le");
    for (const bytes of [wide, Buffer.from(wide).swap16()])
      expect(makeScrub([{ name: "K", value: VALUE }])?.heldBy(bytes)).toBe("K");
  });

  it.each([
    ["less than half of it", "key: sk-live"],
    ["a part in the middle", "key: live/42+é& and more"],
    ["it in another case", VALUE.toUpperCase()],
    ["it reversed", [...VALUE].reverse().join("")],
  ])("leaves %s alone", (_, text) => {
    expect(shown(text)).toBe(text);
  });

  it("counts from its bound on", () => {
    const least = "y".repeat(SECRET_LENGTH_MIN);
    expect(shown(least, least)).toBe(MARK);
    expect(shown(least.slice(1), least.slice(1))).toBe(least.slice(1));
  });

  it("takes no more than linear time in what is nearly it", () => {
    const value = `${"\\".repeat(30)}x`;
    expect(shown("\\".repeat(200_000), value)).toContain(MARK);
    expect(shown("%5C".repeat(100_000), `${"a".repeat(30)}x`)).toBe("%5C".repeat(100_000));
  });
});
