/**
 * Mark words: words of ten letters that say which answer of a fake they belong to, and at which position.
 *
 * A word has five syllables, each of a consonant and a vowel, such as `lakofumidu`. They contain 30 bits: the number of
 * the answer modulo 2^14, the position modulo 2^10, and a checksum of both. All words of an answer begin with the same
 * two syllables, and the next answer's words with others. There is no `e` in them, because most English words with
 * such syllables end in it, and the checksum excludes all but one in 64 of the others. Every third word ends with an
 * accent, so that a text that was cut inside of a character, or lost its encoding, also lost a word.
 *
 * Scripts use this too, so it imports nothing, and needs nothing that only Node has.
 */

const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aiou';
const ACCENTED = 'áíóú';
const ACUTE = '\u0301';
/** A pattern for how entities begin, also if they were escaped once more. */
const AND = '&(?:amp;)*';

/** Number of answers, positions and positions of a channel that words can distinguish. */
export const ANSWERS = 2 ** 14;
const POSITIONS = 2 ** 10;
export const CHANNEL_POSITIONS = 2 ** 7;
export const CHANNELS = POSITIONS / CHANNEL_POSITIONS;

/** An odd factor and its inverse modulo 2^14. It gives successive answers different first syllables. */
const SCATTER = 10125;
const GATHER = 13125;

/** A mark word in a text. */
export interface Mark {
  /** The number of the answer, modulo `ANSWERS`. */
  readonly answer: number;
  /** The number of the channel times `CHANNEL_POSITIONS`, plus the position in the channel. */
  readonly position: number;
  /** The index of its first letter in the text. */
  readonly index: number;
}

/** Returns the word at a position of an answer. The numbers may be larger than a word can distinguish. */
export function markWord(answer: number, position: number): string {
  const number = answer % ANSWERS;
  const place = position % POSITIONS;
  const name = (number * SCATTER) % ANSWERS;
  const sum = checksum(number, place);
  return (
    syllable(name >> 8) +
    syllable((name >> 2) & 63) +
    syllable(((name & 3) << 4) | (place >> 6)) +
    syllable(place & 63) +
    (place % 3 === 2 ? ACCENTED_SYLLABLES : SYLLABLES)[sum]
  );
}

/**
 * Returns the mark words in a text, in order. Their case doesn't matter if it is one that whole words have, nor do
 * accents: a word is also found without them, or if they are decomposed, or escaped as in JSON, HTML or a URL.
 */
export function marksIn(text: string): Mark[] {
  const found: Mark[] = [];
  for (const match of text.matchAll(WORD)) {
    const [word, letters = '', ...lastVowels] = match;
    const { index } = match;
    if (!isWhole(text, index, index + word.length) || !hasUsualCase(letters)) continue;
    const last = lastVowels.findIndex((vowel) => vowel !== undefined);
    const bits = bitsOf(letters, last);
    const answer = ((bits >> 16) * GATHER) % ANSWERS;
    const position = (bits >> 6) & (POSITIONS - 1);
    if ((bits & 63) === checksum(answer, position)) found.push({ answer, position, index });
  }
  return found;
}

/** Returns the numbers of the answers whose words are in a text, each once. */
export const quotesIn = (text: string): number[] => [...new Set(marksIn(text).map(({ answer }) => answer))];

const syllablesWith = (vowels: string): string[] =>
  CONSONANTS.split('').flatMap((consonant) => vowels.split('').map((vowel) => consonant + vowel));
const SYLLABLES = syllablesWith(VOWELS);
const ACCENTED_SYLLABLES = syllablesWith(ACCENTED);
const syllable = (bits: number): string => SYLLABLES[bits] as string;

/** Returns six bits that depend on every bit of both numbers, which have up to 14 and 11 bits. */
export function checksum(answer: number, position: number): number {
  const mixed = Math.imul(((answer << 11) ^ position) + 1, 0x9e3779b1);
  return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca77) >>> 26;
}

/**
 * A pattern for the last vowel of a word. Its accent may be missing, decomposed or escaped: `á`, `a`, `a` and U+0301,
 * `\u00e1`, `\xe1`, `&aacute;`, `&#225;`, `&#xe1;`, also with `&amp;`, `%C3%A1`.
 */
function lastVowel(vowel: string): string {
  const accented = ACCENTED.charAt(VOWELS.indexOf(vowel));
  const escaped = [accented, accented.toUpperCase()].flatMap((letter) => {
    const code = letter.charCodeAt(0);
    const hex = code.toString(16);
    return [`\\\\+(?:u00|x)${hex}`, `${AND}#${code};`, `${AND}#x${hex};`, encodeURIComponent(letter)];
  });
  return [`${vowel}${ACUTE}?`, accented, `${AND}${vowel}acute;`, ...escaped].join('|');
}

/** Nine letters, then the last vowel, which is in the group of its number. */
const WORD = new RegExp(
  `((?:[${CONSONANTS}][${VOWELS}]){4}[${CONSONANTS}])(?:${VOWELS.split('')
    .map((vowel) => `(${lastVowel(vowel)})`)
    .join('|')})`,
  'gi',
);

function bitsOf(letters: string, last: number): number {
  let bits = 0;
  for (const [place, letter] of [...letters.toLowerCase()].entries()) {
    bits = place % 2 === 0 ? (bits << 4) | CONSONANTS.indexOf(letter) : (bits << 2) | VOWELS.indexOf(letter);
  }
  return (bits << 2) | last;
}

/** Whether letters are lower case, upper case, or lower case after the first. Others are in Base64 and the like. */
function hasUsualCase(letters: string): boolean {
  const lower = letters.toLowerCase();
  return letters === lower || letters.slice(1) === lower.slice(1) || letters === letters.toUpperCase();
}

const LETTER = /[a-z\u00c0-\u024f]|[\u0300-\u036f]/i;
/** What ends with a letter, but is no part of a word: escapes in JSON and URLs. */
const ESCAPED_BEFORE = /(?:\\[bfnrt]|\\u[\da-f]{4}|%[\da-f]{2})$/i;

/** Whether no letter is next to a part of a text. */
const isWhole = (text: string, start: number, end: number): boolean =>
  !LETTER.test(text.charAt(end)) &&
  (!LETTER.test(text.charAt(start - 1)) || ESCAPED_BEFORE.test(text.slice(Math.max(0, start - 6), start)));
