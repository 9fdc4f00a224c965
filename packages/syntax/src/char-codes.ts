// Character classes of the lexer over UTF-16 codes: a table for ASCII, Unicode properties beyond.

/** Codes with a name of their own in the lexer. */
export const CODE = {
  tab: 9,
  newline: 10,
  carriageReturn: 13,
  space: 32,
  quote: 34,
  hash: 35,
  apostrophe: 39,
  openParen: 40,
  minus: 45,
  dot: 46,
  zero: 48,
  colon: 58,
  openBracket: 91,
  backslash: 92,
  underscore: 95,
  backtick: 96,
  openBrace: 123,
  closeBrace: 125,
} as const;

const LETTER = 1;
const DIGIT = 2;
const HEX = 4;
const WORD = 3;

const CLASSES = makeClasses();

function makeClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 0; code < 128; code += 1) {
    const char = String.fromCharCode(code);
    let bits = 0;
    if (/[A-Za-z_]/.test(char)) bits |= LETTER;
    if (/[0-9]/.test(char)) bits |= DIGIT;
    if (/[0-9A-Fa-f]/.test(char)) bits |= HEX;
    classes[code] = bits;
  }
  return classes;
}

function has(code: number, bits: number): boolean {
  return code < 128 && ((CLASSES[code] ?? 0) & bits) !== 0;
}

/** ASCII letter or `_`: what an identifier starts with. False for NaN, as all of these. */
export function isIdentifierStart(code: number): boolean {
  return has(code, LETTER);
}

/** ASCII letter, digit or `_`: what identifiers are made of, but for other scripts. */
export function isWordCode(code: number): boolean {
  return has(code, WORD);
}

/** ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Hexadecimal digit of either case. */
export function isHexDigit(code: number): boolean {
  return has(code, HEX);
}

/** Space, tab or a lone carriage return (language 2.1). */
export function isBlank(code: number): boolean {
  return code === CODE.space || code === CODE.tab || code === CODE.carriageReturn;
}

const WORD_CHARACTER = /^[\p{L}\p{Nd}]$/u;

/** End of the identifier characters from `start` (letters and digits of any script, `_`). */
export function scanWord(text: string, start: number, limit: number): number {
  let at = start;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (code < 128) {
      if (((CLASSES[code] ?? 0) & WORD) === 0) break;
      at += 1;
    } else {
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
      if (!WORD_CHARACTER.test(char)) break;
      at += char.length;
    }
  }
  return at;
}
