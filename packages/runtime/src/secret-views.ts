// Other readings of bytes, each unit of which knows where it stands in the original: escapes of
// JSON and C, percent-encoding, character references of HTML, and no blanks at all.

/** Bytes as they are, or as they read once decoded. */
export interface View {
  readonly bytes: Uint8Array;
  /** Where each byte begins and ends in the original; null: where it stands. */
  readonly places: { readonly from: Int32Array; readonly to: Int32Array } | null;
}

/** How often encodings may stand in each other: JSON in JSON in a URL. */
export const NESTED_ENCODINGS_MAX = 3;

/** What stands for something else at a place: its length, and the bytes that it means. */
interface Escape {
  readonly length: number;
  readonly means: readonly number[];
}

/** One way of writing bytes. `mark` begins everything that is not written as it is. */
interface Reading {
  readonly mark: number;
  readonly at: (bytes: Uint8Array, index: number) => Escape | null;
}

const READINGS: readonly Reading[] = [
  { mark: 0x5c, at: backslash },
  { mark: 0x25, at: percent },
  { mark: 0x26, at: reference },
];

/**
 * The bytes and all that they can be read as, the bytes themselves first. Linear in the length of
 * the bytes where nothing is encoded.
 */
export function viewsOf(bytes: Uint8Array): readonly View[] {
  const views: View[] = [{ bytes, places: null }];
  let level: readonly View[] = views.slice();
  for (let depth = 0; depth < NESTED_ENCODINGS_MAX; depth += 1) {
    level = level.flatMap((view) => READINGS.flatMap((reading) => readAs(view, reading) ?? []));
    views.push(...level);
  }
  return views;
}

/** The view without blanks and control characters; itself where there are none. */
export function withoutBlanks(view: View): View {
  if (!view.bytes.some(isBlank)) return view;
  const writer = new ViewWriter(view);
  for (let i = 0; i < view.bytes.length; i += 1) {
    const byte = view.bytes[i] ?? 0;
    if (!isBlank(byte)) writer.put(byte, i, i + 1);
  }
  return writer.view();
}

/** Whether a byte is a blank or a control character of ASCII. */
export function isBlank(byte: number): boolean {
  return byte <= 0x20 || byte === 0x7f;
}

/** Null where nothing is written in this way. */
function readAs(view: View, { mark, at }: Reading): View | null {
  const { bytes } = view;
  let next = bytes.indexOf(mark);
  if (next < 0) return null;
  const writer = new ViewWriter(view);
  let found = false;
  for (let i = 0; i < bytes.length; ) {
    const meant = i === next ? at(bytes, i) : null;
    const end = i + (meant?.length ?? 1);
    if (meant === null) writer.put(bytes[i] ?? 0, i, end);
    else {
      found = true;
      for (const byte of meant.means) writer.put(byte, i, end);
    }
    i = end;
    if (next < i) next = bytes.indexOf(mark, i);
  }
  return found ? writer.view() : null;
}

/** Collects a view of a view; nothing that is read means more bytes than it is written with. */
class ViewWriter {
  readonly #source: View;
  readonly #bytes: Uint8Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  #length = 0;

  constructor(source: View) {
    this.#source = source;
    this.#bytes = new Uint8Array(source.bytes.length);
    this.#from = new Int32Array(source.bytes.length);
    this.#to = new Int32Array(source.bytes.length);
  }

  /** A byte that stands for `start` to `end` of the source. */
  put(byte: number, start: number, end: number): void {
    const at = this.#length;
    const { places } = this.#source;
    this.#bytes[at] = byte;
    this.#from[at] = places?.from[start] ?? start;
    this.#to[at] = places?.to[end - 1] ?? end;
    this.#length += 1;
  }

  view(): View {
    const end = this.#length;
    const places = { from: this.#from.subarray(0, end), to: this.#to.subarray(0, end) };
    return { bytes: this.#bytes.subarray(0, end), places };
  }
}

const SHORT_ESCAPES: ReadonlyMap<string, number> = new Map([
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["b", 8],
  ["f", 12],
  ["v", 11],
  ["0", 0],
]);

/** `\n`, `\"`, `\xHH`, `\uHHHH` (two of them for one character), `\u{H…}`. */
function backslash(bytes: Uint8Array, at: number): Escape | null {
  const next = ascii(bytes, at + 1, 1);
  if (next === "u") return unicodeEscape(bytes, at);
  if (next === "x") return hexByte(bytes, at + 2, 4);
  const short = SHORT_ESCAPES.get(next);
  if (short !== undefined) return { length: 2, means: [short] };
  const code = bytes[at + 1];
  const isSign = code !== undefined && code > 0x20 && code < 0x7f && !/[A-Za-z0-9]/.test(next);
  return isSign ? { length: 2, means: [code] } : null;
}

function unicodeEscape(bytes: Uint8Array, at: number): Escape | null {
  const braced = /^\\u\{([0-9A-Fa-f]{1,6})\}/.exec(ascii(bytes, at, 10));
  if (braced !== null) return character(Number.parseInt(braced[1] ?? "", 16), braced[0].length);
  const [text, first, second] =
    /^\\u([0-9A-Fa-f]{4})(?:\\u([0-9A-Fa-f]{4}))?/.exec(ascii(bytes, at, 12)) ?? [];
  if (text === undefined || first === undefined) return null;
  const high = Number.parseInt(first, 16);
  const low = Number.parseInt(second ?? "0", 16);
  const isPair = high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
  return isPair
    ? character(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), 12)
    : character(high, 6);
}

function percent(bytes: Uint8Array, at: number): Escape | null {
  return hexByte(bytes, at + 1, 3);
}

const NAMED_REFERENCES: ReadonlyMap<string, number> = new Map([
  ["amp", 0x26],
  ["lt", 0x3c],
  ["gt", 0x3e],
  ["quot", 0x22],
  ["apos", 0x27],
]);

/** `&amp;`, `&#38;`, `&#x26;`. */
function reference(bytes: Uint8Array, at: number): Escape | null {
  const [text, name = "", decimal, hex] =
    /^&([a-z]{2,4}|#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6}));/.exec(ascii(bytes, at, 11)) ?? [];
  if (text === undefined) return null;
  const named = NAMED_REFERENCES.get(name);
  if (named !== undefined) return character(named, text.length);
  if (hex !== undefined) return character(Number.parseInt(hex, 16), text.length);
  return decimal === undefined ? null : character(Number(decimal), text.length);
}

function hexByte(bytes: Uint8Array, at: number, length: number): Escape | null {
  const digits = ascii(bytes, at, 2);
  if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return null;
  return { length, means: [Number.parseInt(digits, 16)] };
}

function character(code: number, length: number): Escape | null {
  if (code > 0x10ffff) return null;
  return { length, means: [...Buffer.from(String.fromCodePoint(code), "utf8")] };
}

/** Some bytes as a text of characters below 256. */
function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
