// The words of one source, each spelling once: a name that is read again is the same string, which
// takes no memory and compares at once. Knows what a spelling means to the lexer, too.

import { isWordCode, scanWord } from "./char-codes.ts";
import { LANDMARKS } from "./landmarks.ts";
import { KEYWORD_OF, type TokenKind } from "./token.ts";

/** A spelling of a source. */
export interface Word {
  readonly text: string;
  readonly kind: TokenKind;
  /** It is one of {@link LANDMARKS}. */
  readonly isLandmark: boolean;
}

const FIRST_SIZE = 512;

/** So many places are looked at for a word; names that collide more often are read as they come. */
const PROBE_COUNT_MAX = 16;

/** An open hash table that reads its keys where they stand. A class because it grows. */
export class WordTable {
  /** End of the word that was read last. */
  end = 0;
  #places: (Word | null)[] = new Array<Word | null>(FIRST_SIZE).fill(null);
  #hashes = new Int32Array(FIRST_SIZE);
  #count = 0;

  /** The word that starts at `start`; a constant number of comparisons. */
  read(code: string, start: number, limit: number): Word {
    let hash = 0;
    let at = start;
    for (; at < limit; at += 1) {
      const unit = code.charCodeAt(at);
      if (!isWordCode(unit)) {
        if (unit < 128) break;
        const end = scanWord(code, at, limit);
        if (end === at) break;
        at = end - 1;
      }
      hash = (Math.imul(hash, 31) + code.charCodeAt(at)) | 0;
    }
    this.end = at;
    return this.#find(code, start, hash ^ (hash >>> 15));
  }

  #find(code: string, start: number, hash: number): Word {
    const mask = this.#places.length - 1;
    for (let probe = 0; probe < PROBE_COUNT_MAX; probe += 1) {
      const place = (hash + probe) & mask;
      const known = this.#places[place] ?? null;
      if (known === null) return this.#add(place, hash, code.slice(start, this.end));
      if (this.#hashes[place] === hash && isTextAt(code, start, this.end, known.text)) return known;
    }
    return makeWord(code.slice(start, this.end));
  }

  #add(place: number, hash: number, text: string): Word {
    const word = makeWord(text);
    this.#places[place] = word;
    this.#hashes[place] = hash;
    this.#count += 1;
    if (this.#count * 2 > this.#places.length) this.#grow();
    return word;
  }

  #grow(): void {
    const [places, hashes] = [this.#places, this.#hashes];
    const size = places.length * 2;
    this.#places = new Array<Word | null>(size).fill(null);
    this.#hashes = new Int32Array(size);
    for (let index = 0; index < places.length; index += 1) {
      const word = places[index] ?? null;
      const hash = hashes[index] ?? 0;
      if (word !== null) this.#put(word, hash);
    }
  }

  /** A word that finds no place near its own is forgotten: it is read as a new one. */
  #put(word: Word, hash: number): void {
    for (let probe = 0; probe < PROBE_COUNT_MAX; probe += 1) {
      const place = (hash + probe) & (this.#places.length - 1);
      if ((this.#places[place] ?? null) !== null) continue;
      this.#places[place] = word;
      this.#hashes[place] = hash;
      return;
    }
  }
}

function makeWord(text: string): Word {
  return { text, kind: KEYWORD_OF.get(text) ?? "name", isLandmark: LANDMARKS.has(text) };
}

function isTextAt(code: string, start: number, end: number, text: string): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i += 1) {
    if (text.charCodeAt(i) !== code.charCodeAt(start + i)) return false;
  }
  return true;
}
