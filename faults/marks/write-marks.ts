import { CHANNEL_POSITIONS, type Mark, marksIn } from './marks.ts';
import type { VectorMark } from './vectors.ts';

/** Nine letters of a word of an answer. Most texts have none, and this is quicker than looking for whole words. */
const LIKE_MARKS = /(?:[bdfghjklmnprstvz][aiou]){4}[bdfghjklmnprstvz]/i;

/** The beginning of what may be left of a broken word: its first two syllables, and more letters. */
const LIKE_PIECES = /\b((?:[bdfghjklmnprstvz][aiou]){2})[a-z]/gi;

/** The least number of pieces of words with the same beginning to report. A text that was cut has one. */
const SEVERAL = 2;

/** A piece of a text that comes twice, one after the other. */
const TWICE = /([^\n]{3,40})\1/g;

/** A list of numbers that begins with two small ones, as marked vectors do, or the field of one in Base64. */
const LIKE_VECTORS = /\[\s*(?:0|0\.0\d*|\d(?:\.\d+)?e-\d+),\s*(?:0|0\.0\d*|\d(?:\.\d+)?e-\d+),\s*-?\d|"embedding":\s?"/;

/** Whether a body may contain words of answers, or marked vectors. */
export const mayHaveMarks = (body: string): boolean => LIKE_MARKS.test(body) || LIKE_VECTORS.test(body);

/** Writes which marked vectors there are, as `writeMarks` does with words: `37.v:0-4` are the first five of answer 37. */
export const writeVectors = (vectors: readonly VectorMark[]): string =>
  written(vectors.map(({ answer, index }) => [`${answer}.v`, index]));

/**
 * Writes which words of answers a text has, in their order, or an empty text if it has none: the number of the answer,
 * its channel unless that is 0, and positions. `37:0-14,16 36.1:4` are words 0 to 14 and 16 of answer 37, and then word
 * 4 in channel 1 of answer 36. `~lako:5+2/99` are five broken words, all of which begin with `lako`, like those of one
 * answer, in a text of 99 characters in which two pieces come twice. Many texts have words that begin alike, so broken words are only looked for
 * in a stream, and beside whole words.
 */
export function writeMarks(text: string, isStream = false): string {
  // Programs that break lines insert soft hyphens, which are not shown.
  const plain = text.includes('\u00ad') ? text.replaceAll('\u00ad', '') : text;
  const marks = LIKE_MARKS.test(plain) ? marksIn(plain) : [];
  const mayBeBroken = isStream || marks.length > 0;
  return [groupsOf(marks), ...(mayBeBroken ? piecesIn(plain, marks) : [])].filter(Boolean).join(' ');
}

function groupsOf(marks: readonly Mark[]): string {
  return written(
    marks.map(({ answer, position }) => {
      const channel = Math.floor(position / CHANNEL_POSITIONS);
      return [channel === 0 ? String(answer) : `${answer}.${channel}`, position % CHANNEL_POSITIONS];
    }),
  );
}

/** Writes places of answers as groups of runs. */
function written(places: readonly (readonly [of: string, place: number])[]): string {
  const groups: { of: string; runs: [from: number, to: number][] }[] = [];
  for (const [of, place] of places) {
    const group = groups.at(-1);
    const run = group?.runs.at(-1);
    if (group?.of !== of) groups.push({ of, runs: [[place, place]] });
    else if (run && run[1] + 1 === place) run[1] = place;
    else group.runs.push([place, place]);
  }
  return groups
    .map(({ of, runs }) => `${of}:${runs.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(',')}`)
    .join(' ');
}

/** Returns how many broken words begin like those of one answer, if there are several. */
function piecesIn(text: string, marks: readonly Mark[]): string[] {
  const whole = new Set(marks.map(({ index }) => index));
  const counts = new Map<string, number>();
  for (const { 1: start = '', index } of text.matchAll(LIKE_PIECES)) {
    if (whole.has(index)) continue;
    const key = start.toLowerCase();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const broken = [...counts].filter(([, times]) => times >= SEVERAL);
  const twice = broken.length === 0 ? 0 : (text.match(TWICE)?.length ?? 0);
  return broken.map(([start, times]) => `~${start}:${times}+${twice}/${text.length}`);
}
