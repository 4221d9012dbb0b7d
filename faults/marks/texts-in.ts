/** Finds the texts and vectors in a response's body: where each of them is, and joins them over the events of a stream. */

import { LEAST_DIMENSIONS, markOf, type VectorMark } from './vectors.ts';

/** The texts of a body by their paths, and what it says about the answer that it passes on. */
export interface Texts {
  /** For example `choices[].message.content`, followed by the indexes of later choices: `choices[].text#1`. */
  readonly byPath: ReadonlyMap<string, string>;
  /** The marks of its vectors by their paths, in their order. */
  readonly vectors: ReadonlyMap<string, readonly VectorMark[]>;
  /** The tokens that it reports. */
  readonly usage: { input?: number; output?: number };
  /** The model that it names. */
  readonly model?: string | undefined;
  /** Whether its texts are joined pieces of a stream. */
  readonly isStream: boolean;
}

/** Names of fields with tokens, in all APIs. */
const TOKENS: Readonly<Record<string, 'input' | 'output'>> = {
  prompt_tokens: 'input',
  input_tokens: 'input',
  promptTokens: 'input',
  inputTokens: 'input',
  completion_tokens: 'output',
  output_tokens: 'output',
  completionTokens: 'output',
  outputTokens: 'output',
};

/** Fields that say which of several texts a piece belongs to. */
const INDEXES = ['index', 'output_index', 'content_index'];
/** More texts than this at one place of a stream are pieces of one, and their indexes are their numbers. */
const MOST_TEXTS = 16;

/** How a body of lines begins that Vercel's AI SDK writes: `0:"piece"`. */
const CODED_LINE = /^[\da-z]:(?=["{[])/;

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The characters in Base64 that contain the first two numbers of a vector. */
const TWO_FLOATS = 12;

/** Returns the first two numbers of a vector that is written as Base64 of 32-bit numbers. k6 has no `atob`. */
function firstFloats(text: string): number[] {
  const bytes = new DataView(new ArrayBuffer(9));
  for (let place = 0; place < TWO_FLOATS; place += 4) {
    const bits = [0, 1, 2, 3].reduce((sum, next) => sum * 64 + BASE64.indexOf(text.charAt(place + next)), 0);
    if (bits < 0) return [];
    for (const byte of [0, 1, 2]) bytes.setUint8((place / 4) * 3 + byte, (bits >> (16 - 8 * byte)) & 255);
  }
  return [bytes.getFloat32(0, true), bytes.getFloat32(4, true)];
}

/** How a stream begins if its type doesn't say so: with an event, or with two lines of JSON. */
const LIKE_STREAM = /^(?:(?:data|event|id):|[\da-z]:["{[]|\{[^\n]*\}\r?\n\{)/;

/** Whether a body is a stream, so that the pieces of a text may be in different events. */
export const isLikeStream = (body: string, type: string): boolean => EVENTS.test(type) || LIKE_STREAM.test(body);

const EVENTS = /^text\/event-stream\b/i;

/**
 * Returns the texts in a body. JSON has one at each string, an event stream or JSON lines at each path of a string in
 * their events, and anything else is one text as a whole.
 */
export function textsIn(body: string, type: string): Texts {
  if (EVENTS.test(type) || /^(?:data|event|id):/.test(body)) return ofEvents(dataOf(body));
  const whole = parsed(body);
  if (whole !== undefined) return ofEvents([whole], false);
  const lines = body.split(/\r?\n/).filter((line) => line !== '');
  const values = lines.map((line) => parsed(line.replace(CODED_LINE, '')));
  // The last line may be incomplete.
  if (values.length > 1 && values.slice(0, -1).every((value) => value !== undefined)) {
    return ofEvents(values.map((value, index) => value ?? { text: lines[index] }));
  }
  const isPage = /^(text\/html|application\/xhtml\+xml)\b/i.test(type);
  return { byPath: new Map([[isPage ? PAGE : '', body]]), vectors: new Map(), usage: {}, isStream: false };
}

/** The path of the text of a web page, which may contain an answer more than once. */
const PAGE = '<html>';

function ofEvents(values: readonly unknown[], isStream = true): Texts {
  const texts = new Collected();
  for (const value of values) texts.add(value);
  return { byPath: texts.joined(isStream), vectors: texts.vectors, usage: texts.usage, model: texts.model, isStream };
}

const parsed = (text: string): unknown => {
  // Most texts are no JSON, and an exception costs more than this.
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Returns the data of server-sent events: values if they are JSON, otherwise texts. */
function dataOf(body: string): unknown[] {
  const events: unknown[] = [];
  let lines: string[] = [];
  const dispatch = () => {
    const data = lines.join('\n');
    if (lines.length > 0) events.push(parsed(data) ?? data);
    lines = [];
  };
  for (const line of body.split(/\r\n|\n|\r/)) {
    if (line === '') dispatch();
    else if (line.startsWith('data:')) lines.push(line.charAt(5) === ' ' ? line.slice(6) : line.slice(5));
  }
  dispatch();
  return events;
}

/** The strings of the values that were added, by their paths. */
class Collected {
  readonly usage: { input?: number; output?: number } = {};
  model: string | undefined;
  readonly vectors = new Map<string, VectorMark[]>();
  readonly #pieces = new Map<string, (readonly [index: string, piece: string])[]>();

  add(value: unknown, path = '', index = ''): void {
    if (typeof value === 'string') this.#push(path, index, value);
    else if (Array.isArray(value)) {
      if (value.length >= LEAST_DIMENSIONS && typeof value[0] === 'number') this.#addVector(value, path);
      else for (const [place, item] of value.entries()) this.#addItem(item, place, `${path}[]`, index);
    } else if (typeof value === 'object' && value !== null) this.#addFields(value, path, index + indexIn(value));
  }

  /** Returns the text at each path. */
  joined(isStream: boolean): Map<string, string> {
    const texts = new Map<string, string>();
    for (const [path, pieces] of this.#pieces) {
      const indexes = new Set(pieces.map(([index]) => index));
      const isNumbered = isStream && indexes.size > MOST_TEXTS;
      // A document may have a thousand places, and k6 calls functions slowly.
      const byIndex = new Map<string, string[]>();
      for (const [index, piece] of pieces) {
        const own = byIndex.get(isNumbered ? '' : index);
        if (own) own.push(piece);
        else byIndex.set(isNumbered ? '' : index, [piece]);
      }
      for (const [index, own] of byIndex)
        texts.set(path + (/[1-9]/.test(index) ? `#${index.slice(1)}` : ''), joinedPieces(own));
    }
    return texts;
  }

  #addVector(vector: readonly number[], path: string): void {
    const mark = markOf(vector);
    if (mark === undefined) return;
    const marks = this.vectors.get(path);
    if (marks) marks.push(mark);
    else this.vectors.set(path, [mark]);
  }

  #addItem(item: unknown, place: number, path: string, index: string): void {
    const isIndexed = typeof item === 'object' && item !== null && indexIn(item) !== '';
    this.add(item, path, isIndexed ? index : `${index}.${place}`);
  }

  #addFields(value: object, path: string, index: string): void {
    for (const [name, field] of Object.entries(value)) {
      if (typeof field === 'number') {
        const tokens = Object.hasOwn(TOKENS, name) ? TOKENS[name] : undefined;
        if (tokens !== undefined) this.usage[tokens] = field;
      } else if (typeof field === 'string' || (typeof field === 'object' && field !== null)) {
        if (name === 'model' && typeof field === 'string') this.model = field;
        const inside = path === '' ? name : `${path}.${name}`;
        if (name === 'embedding' && typeof field === 'string') this.#addVector(firstFloats(field), inside);
        this.add(field, inside, index);
      }
    }
  }

  #push(path: string, index: string, piece: string): void {
    const pieces = this.#pieces.get(path);
    if (pieces) pieces.push([index, piece]);
    else this.#pieces.set(path, [[index, piece]]);
  }
}

/** This is called for each object in each event. */
function indexIn(value: object): string {
  let text = '';
  for (const name of INDEXES) {
    const index = (value as Record<string, unknown>)[name];
    if (typeof index === 'number') text += `.${index}`;
  }
  return text;
}

/** Minimum length of a piece that repeats the text so far. A shorter one may be the next piece. */
const LONG = 20;
const QUITE_LONG = 8;

/**
 * Joins the pieces of a text. If each piece contains the ones before it, the last one is the text. So is a piece that
 * repeats all of the others, as some APIs do at the end of a stream.
 */
function joinedPieces(pieces: readonly string[]): string {
  const [first = '', ...rest] = pieces;
  const last = rest.at(-1) ?? first;
  // Names and IDs are the same in all events.
  if (rest.length > 2 && rest.every((piece) => piece === first)) return first;
  const isGrowing = rest.every((piece, index) => piece.startsWith(pieces[index] ?? ''));
  if (isGrowing && last.length > first.length && (rest.length > 1 || first.length >= QUITE_LONG)) return last;
  let text = first;
  for (const [index, piece] of rest.entries()) {
    const isRepeated = index > 0 && piece.length >= LONG && piece.startsWith(text.trim());
    text = isRepeated ? piece : text + piece;
  }
  return text;
}
