import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createDice } from '../../../faults/base/dice.ts';
import { ANSWERS, CHANNEL_POSITIONS, CHANNELS, marksIn, markWord } from '../../../faults/marks/marks.ts';

const POSITIONS = CHANNELS * CHANNEL_POSITIONS;
const bare = (marks: ReturnType<typeof marksIn>) => marks.map(({ answer, position }) => [answer, position]);
const words = [markWord(36, 0), markWord(36, 1), markWord(36, 2)];
const found = [
  [36, 0],
  [36, 1],
  [36, 2],
];

test('finds each answer and position in its word, and no two words are the same', () => {
  const every = new Set<string>();
  const wrong: string[] = [];
  const add = (answer: number, position: number) => {
    const word = markWord(answer, position);
    every.add(word);
    const [mark, ...others] = marksIn(word);
    if (mark?.answer !== answer || mark.position !== position || mark.index !== 0 || others.length > 0)
      wrong.push(word);
  };
  for (let answer = 0; answer < ANSWERS; answer += 1) add(answer, (answer * 7) % POSITIONS);
  for (let position = 0; position < POSITIONS; position += 1) for (const answer of [0, 1, 9999]) add(answer, position);
  expect(wrong).toEqual([]);
  expect(every.size).toBeGreaterThan(ANSWERS + 2 * POSITIONS);
});

test('begins all words of an answer with the same syllables, and those of the next with others', () => {
  const beginnings = [36, 37, 38].map((answer) => [0, 1, 127, 128].map((place) => markWord(answer, place).slice(0, 4)));
  expect(beginnings.map((all) => new Set(all).size)).toEqual([1, 1, 1]);
  expect(new Set(beginnings.flat()).size).toBe(3);
});

test('counts on after the largest number', () => {
  expect(markWord(ANSWERS + 5, POSITIONS + 3)).toBe(markWord(5, 3));
});

test('ends every third word with an accent', () => {
  const accented = [0, 1, 2, 3, 4, 5].filter((place) => /[^\x20-\x7e]/.test(markWord(7, place)));
  expect(accented).toEqual([2, 5]);
});

const text = `${words[0]}, then ${words[1]} and ${words[2]}.`;

test.each([
  ['as it is', text],
  ['upper case', text.toUpperCase()],
  ['title case', text.replaceAll(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase())],
  ['decomposed accents', text.normalize('NFD')],
  ['no accents', text.normalize('NFD').replaceAll('\u0301', '')],
  ['JSON', JSON.stringify({ text })],
  ['JSON with ASCII only', escaped(JSON.stringify({ text: `\n${words.join('\n')}`, quoted: '\u201c' }))],
  ['JSON with ASCII only in a JSON string', JSON.stringify(escaped(JSON.stringify(`\t${words.join('\\u201c')}`)))],
  ['HTML', text.replaceAll(/[^\x20-\x7e]/g, (letter) => `&#${letter.charCodeAt(0)};`)],
  [
    'HTML with hexadecimal numbers',
    text.replaceAll(/[^\x20-\x7e]/g, (letter) => `&#x${letter.charCodeAt(0).toString(16)};`),
  ],
  ['HTML with names', text.normalize('NFD').replaceAll(/(.)\u0301/g, '&$1acute;')],
  ['HTML that was escaped twice', text.normalize('NFD').replaceAll(/(.)\u0301/g, '&amp;$1acute;')],
  ['the notation of Python', text.replaceAll(/[^\x20-\x7e]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16)}`)],
  ['Markdown', words.map((word) => `**${word}**_${word.slice(9)}_`).join('\n- ')],
  ['a URL', `?q=${encodeURIComponent(text)}`],
  ['a URL with upper case', `?q=${encodeURIComponent(text.toUpperCase())}`],
  ['names', words.join('_')],
  ['other scripts', words.join('です')],
])('finds words in %s', (_, changed) => {
  expect(bare(marksIn(changed))).toEqual(found);
});

/** Returns a text with ASCII only, as many JSON libraries write it. */
function escaped(json: string): string {
  return json.replaceAll(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

test('gives the place of each word in the text', () => {
  expect(marksIn(text).map(({ index }) => index)).toEqual(words.map((word) => text.indexOf(word)));
});

test.each([
  ['a letter is missing', words.map((word) => word.slice(1))],
  ['the last letter is missing', words.map((word) => word.slice(0, -1))],
  ['words are joined', [words.join('')]],
  ['a character was cut', words.slice(2).map((word) => new TextDecoder().decode(Buffer.from(word).subarray(0, -1)))],
  ['UTF-8 was read as Latin-1', words.slice(2).map((word) => Buffer.from(word).toString('latin1'))],
  ['the case of letters was lost', words.map((word) => word.slice(0, 5) + word.slice(5).toUpperCase())],
])('finds no word if %s', (_, changed) => {
  expect(marksIn(changed.join(' '))).toEqual([]);
});

test('finds one of 64 words that are made of the parts of two others', () => {
  const spliced = Array.from({ length: 6400 }, (_, answer) => {
    const head = markWord(answer, answer % 90);
    const tail = markWord(answer + 1, answer % 80);
    return head.slice(0, 1 + (answer % 8)) + tail.slice(1 + (answer % 8));
  });
  expect(marksIn(spliced.join(' ')).length).toBeLessThan(150);
});

const dice = createDice('marks');
const digits = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet.charAt(Math.floor(dice() * alphabet.length))).join('');
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const root = new URL('../../../', import.meta.url);
const docs = readdirSync(new URL('docs', root), { recursive: true, encoding: 'utf8' }).filter(
  (name) =>
    // One has examples of words.
    name.endsWith('.md') && name !== 'answers.md',
);

test.each([
  ['English texts', docs.map((name) => readFileSync(new URL(`docs/${name}`, root), 'utf8')).join('\n')],
  ['checksums of packages', readFileSync(new URL('package-lock.json', root), 'utf8')],
  ['Base64', digits(BASE64, 2_000_000)],
  ['hexadecimal digits', digits('0123456789abcdef', 1_000_000)],
  ['letters and digits', digits('0123456789abcdefghijklmnopqrstuvwxyz-_', 1_000_000)],
])('finds no word in %s', (_, sample) => {
  expect(sample.length).toBeGreaterThan(100_000);
  expect(marksIn(sample)).toEqual([]);
});

test('finds words in a long text in a few milliseconds', () => {
  const long = digits(BASE64, 500_000) + ' '.repeat(500_000) + 'babababab'.repeat(50_000);
  const began = process.threadCpuUsage();
  expect(marksIn(`${long} ${text}`)).toHaveLength(3);
  expect(process.threadCpuUsage(began).user / 1e3).toBeLessThan(1000);
});
