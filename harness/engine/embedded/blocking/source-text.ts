import type { Token } from 'acorn';

/** The text of a module, and its tokens, to find places by. */
export class SourceText {
  readonly text: string;
  readonly #tokens: readonly Token[];

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.#tokens = tokens;
  }

  /** The first token from an offset on, or the first of that text. There has to be one. */
  tokenAfter(offset: number, text?: string): Token {
    let index = this.#indexFrom(offset);
    while (text !== undefined && !this.#is(index, text)) index += 1;
    return this.#tokens[index] as Token;
  }

  /** The last token of that text that ends before an offset. There has to be one. */
  tokenBefore(offset: number, text: string): Token {
    let index = this.#indexFrom(offset) - 1;
    while (!this.#is(index, text)) index -= 1;
    return this.#tokens[index] as Token;
  }

  /** The line breaks of a stretch: what is put in its place keeps them, so that no line moves. */
  lineBreaks(from: number, to: number): string {
    return this.text.slice(from, to).replace(/[^\n]/g, '');
  }

  #is(index: number, text: string): boolean {
    const token = this.#tokens[index];
    if (!token) throw new RangeError(`no token ${text}`);
    return this.text.slice(token.start, token.end) === text;
  }

  #indexFrom(offset: number): number {
    let [low, high] = [0, this.#tokens.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#tokens[middle] as Token).start < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
