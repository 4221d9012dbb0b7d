import { existsSync } from 'node:fs';
import { HIDDEN } from './secret-forms.ts';

/** Number of characters by which values are found. Shorter values can't be found. */
export const LEAST_CHARACTERS = 6;

/** Minimum length of a hidden piece. Shorter pieces also occur in unrelated text, and reveal little of a key. */
const LEAST_PIECE = 8;

/** A value whose text is hidden, and how much of its beginning and of its end is hidden if the rest is missing. */
interface Hidden {
  readonly text: string;
  readonly leastBeginning: number;
  readonly leastEnd: number;
}

/** The part of a value to search for: its first characters, or its last ones. */
interface Anchor {
  readonly hidden: Hidden;
  readonly isEnd: boolean;
}

/** Returns how many characters of a value's beginning, and of its end, are a piece to hide. Infinity if none are. */
export interface PieceLengths {
  readonly beginning: number;
  readonly end: number;
}

const NO_PIECES: PieceLengths = { beginning: Number.POSITIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/**
 * Returns the minimum lengths at which the beginning or the end of a value is hidden on its own, so that a value that
 * is split over two chunks, lines or texts is hidden. They are hidden if no letter or digit follows the beginning, or
 * precedes the end. The beginnings of URLs and of files are not secrets, and each line of a text is a separate value.
 *
 * @param isStated Whether a text must remain readable.
 */
export function pieceLengths(value: string, isStated: (text: string) => boolean): PieceLengths {
  if (value.length < 2 * LEAST_PIECE || /:\/\/|\n/.test(value) || existsSync(value)) return NO_PIECES;
  let [beginning, end] = [LEAST_PIECE, LEAST_PIECE];
  while (beginning < value.length && isStated(value.slice(0, beginning))) beginning += 1;
  while (end < value.length && isStated(value.slice(-end))) end += 1;
  return { beginning, end };
}

/** Base of the rolling hash of `LEAST_CHARACTERS` characters, and the factor of its oldest character. */
const BASE = 0x01_00_01_93;
const OLDEST = Array.from({ length: LEAST_CHARACTERS - 1 }).reduce<number>((power) => Math.imul(power, BASE), 1);

/** Most hashes are ruled out by a table of 2¹⁶ entries. */
const SLOTS = 2 ** 16;

/**
 * Finds any number of values in a text, in one pass whose cost doesn't depend on their number: a regular expression of
 * many values, and of their pieces, would cost ten times as much.
 */
export class HiddenValues {
  readonly #isUsed = new Uint8Array(SLOTS);
  readonly #anchors = new Map<number, Anchor[]>();

  /** Hides a text of at least `LEAST_CHARACTERS` characters, and its pieces of these lengths. */
  add(text: string, { beginning, end }: PieceLengths): void {
    const hidden = { text, leastBeginning: beginning, leastEnd: end };
    this.#anchor({ hidden, isEnd: false }, text.slice(0, LEAST_CHARACTERS));
    if (end < text.length) this.#anchor({ hidden, isEnd: true }, text.slice(-LEAST_CHARACTERS));
  }

  /** Replaces all values and pieces in a text. Returns the text unchanged if it contains none. */
  redact(text: string): string {
    const found = this.#find(text).sort(([a], [b]) => a - b);
    if (found.length === 0) return text;
    let [redacted, done] = ['', 0];
    for (const [start, end] of found) {
      // One value may be a part of another.
      if (start >= done) redacted += text.slice(done, start) + HIDDEN;
      done = Math.max(done, end);
    }
    return redacted + text.slice(done);
  }

  #anchor(anchor: Anchor, text: string): void {
    let hash = 0;
    for (let at = 0; at < LEAST_CHARACTERS; at += 1) hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
    this.#isUsed[hash & (SLOTS - 1)] = 1;
    const others = this.#anchors.get(hash);
    if (others) others.push(anchor);
    else this.#anchors.set(hash, [anchor]);
  }

  #find(text: string): [start: number, end: number][] {
    const found: [number, number][] = [];
    let hash = 0;
    for (let at = 0; at < text.length; at += 1) {
      if (at >= LEAST_CHARACTERS) hash = (hash - Math.imul(text.charCodeAt(at - LEAST_CHARACTERS), OLDEST)) | 0;
      hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
      if (this.#isUsed[hash & (SLOTS - 1)] === 0 || at < LEAST_CHARACTERS - 1) continue;
      for (const anchor of this.#anchors.get(hash) ?? []) {
        const range = rangeAt(text, at - LEAST_CHARACTERS + 1, anchor);
        if (range) found.push(range);
      }
    }
    return found;
  }
}

/** Returns the position of a value, or a piece of it, that begins or ends with the characters from `start`. */
function rangeAt(text: string, start: number, { hidden, isEnd }: Anchor): [number, number] | undefined {
  const { text: value, leastBeginning, leastEnd } = hidden;
  let length = 0;
  if (isEnd) {
    const end = start + LEAST_CHARACTERS;
    while (length < value.length && text.charCodeAt(end - length - 1) === value.charCodeAt(value.length - length - 1)) {
      length += 1;
    }
    if (length < leastEnd) return undefined;
    if (beginsAt(text, end - length)) return [end - length, end];
    // The last letters of an escape, such as the A of %0A, may be those that precede the piece in the value.
    for (let at = end - length + 1; at <= Math.min(end - leastEnd, end - length + LONGEST_ESCAPE); at += 1) {
      if (isAfterEscape(text, at)) return [at, end];
    }
    return undefined;
  }
  while (length < value.length && text.charCodeAt(start + length) === value.charCodeAt(length)) length += 1;
  const isPiece = length >= leastBeginning && !LETTER_OR_DIGIT.test(text.charAt(start + length));
  return length === value.length || isPiece ? [start, start + length] : undefined;
}

const LETTER_OR_DIGIT = /[a-z\d]/i;
/** A line break or a color that is written as letters, as in JSON, in a URL and in a terminal. */
const ESCAPE = /(?:\\[bfnrtv]|\\u[\da-f]{4}|\\x[\da-f]{2}|%[\da-f]{2}|\[[\d;]*[a-z])$/i;
const LONGEST_ESCAPE = 12;

/** Whether the end of a value can begin at a position. Words that end like a value are not hidden. */
const beginsAt = (text: string, at: number): boolean =>
  !LETTER_OR_DIGIT.test(text.charAt(at - 1)) || isAfterEscape(text, at);

const isAfterEscape = (text: string, at: number): boolean =>
  ESCAPE.test(text.slice(Math.max(0, at - LONGEST_ESCAPE), at));
