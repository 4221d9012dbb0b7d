import { CHANNEL_POSITIONS, CHANNELS, marksIn, markWord } from './marks.ts';

/** What a text must be like. */
export interface TextOptions {
  /** Whether it has some sentences. Otherwise, it has one to three words. */
  readonly isLong: boolean;
  /** Limits of its length in characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** How many words a long text has at least, and how many more it can have. */
const LEAST = 6;
const SPREAD = 7;
/** How many words a short text can have. */
const SHORT = 3;

/**
 * The texts of an answer. They consist of its mark words, and each is in the next channel. Those after the last channel
 * share it. The number of the answer decides how many words its texts have, so that successive answers differ.
 */
export class MarkedAnswer {
  readonly #number: number;
  readonly #pauses: Uint8Array;
  #words: number[] = [];

  /**
   * @param number The number of the answer: see `UpstreamRequest.number`.
   * @param pauses Bytes that decide where long texts have commas and full stops.
   */
  constructor(number: number, pauses: Uint8Array) {
    this.#number = number;
    this.#pauses = pauses;
  }

  /** Number of words in each channel so far. */
  get words(): readonly number[] {
    return this.#words;
  }

  /** What the answer's receipt says about its words. */
  get made(): { readonly words: readonly number[] } {
    const [first, ...others] = this.#words;
    return first === undefined || others.length > 0
      ? { words: this.#words.slice() }
      : (ONE_TEXT[first] as { words: [number] });
  }

  /**
   * Returns the next text. It has no other words: a piece of a stream without any part of a mark word could be lost
   * unseen. For the same reason, it begins and ends with a word, except for a full stop.
   *
   * @returns undefined if no word fits into the text, or into the last channel
   */
  text({ isLong, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: TextOptions): string | undefined {
    const channel = Math.min(this.#words.length, CHANNELS - 1);
    const first = this.#words[channel] ?? 0;
    const usual = isLong ? LEAST + (this.#number % SPREAD) : 1 + (this.#number % SHORT);
    let text = '';
    let next = first;
    while ((next - first < usual || text.length < minLength) && next < CHANNEL_POSITIONS) {
      const pause = text === '' ? '' : isLong ? this.#pauseAfter(text) : ' ';
      const word = markWord(this.#number, channel * CHANNEL_POSITIONS + next);
      const longer = text + pause + (isLong && (pause === '' || pause === '. ') ? capitalized(word) : word);
      if (longer.length > maxLength) break;
      text = longer;
      next += 1;
    }
    if (next === first) return undefined;
    this.#words[channel] = next;
    return (isLong && text.length < maxLength ? `${text}.` : text).padEnd(minLength, '.');
  }

  /** Says that the texts since there were `channels` channels end earlier: `text` is what is left of them. */
  cut(channels: number, text: string): void {
    const left = marksIn(text).map(({ position }) => Math.floor(position / CHANNEL_POSITIONS));
    this.#words = this.#words.map((words, channel) =>
      channel < channels ? words : left.filter((other) => other === channel).length,
    );
  }

  #pauseAfter(text: string): string {
    const die = (this.#pauses[text.length % this.#pauses.length] ?? 0) % 8;
    return die === 0 ? '. ' : die < 3 ? ', ' : ' ';
  }
}

/** What receipts say about answers with one text, by its words. Sharing it halves the memory that marks take. */
const ONE_TEXT = Array.from({ length: CHANNEL_POSITIONS + 1 }, (_, words) => ({ words: [words] }));

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
