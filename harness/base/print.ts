import { randomInt } from 'node:crypto';
import { styleText } from 'node:util';
import { secrets } from './secrets.ts';

/**
 * What a terminal, or the log of a CI, would obey: control characters but for the tab and the end of a line, what turns the
 * direction of writing, and workflow commands of GitHub Actions (`::` at the beginning of a line, `##[` anywhere).
 */
const OBEYED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|(?<=^\s*):(?=:)|(?<=#)#(?=(?:vso)?\[)/gmu;

/** Text that nothing obeys: what would be is written as `\u001b`, which in JSON is the same character. */
export const escapeControls = (text: string): string =>
  text.toWellFormed().replace(OBEYED, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** In the sequences of our own styles: no text that comes from elsewhere has it, so these alone are let through. */
const MARK = randomInt(2 ** 30, 2 ** 31);
const OWN_STYLE = new RegExp(`(\\u001b\\[\\d+);${MARK}m`, 'g');

type Style = Parameters<typeof styleText>[0];

/** Text in a style, for `print`, where standard output is a terminal that shows colours (NO_COLOR is obeyed). */
export function styled(style: Style, text: string): string {
  const sequences = styleText(style, '\n', { stream: process.stdout }).split('\n');
  const [begin = '', end = ''] = sequences.map((one) => one.replaceAll('m', `;${MARK}m`));
  return `${begin}${escapeControls(text)}${end}`;
}

/** Text as it may be shown, without secrets and without anything that a terminal obeys, but for our own styles. */
export function shown(text: string): string {
  const redacted = secrets.redact(text);
  const parts = redacted.split(OWN_STYLE);
  // A part in capturing parentheses is between two others.
  return parts.map((part, index) => (index % 2 === 1 ? `${part}m` : escapeControls(part))).join('');
}

/** Writes to standard output. All that proofload says goes this way, or by the functions below. */
export const print = (text = ''): void => console.log(shown(text));

/** Writes to standard error. */
export const printError = (text: string): void => console.error(shown(text));

/** Writes a value as JSON to standard output. */
export const printJson = (value: unknown): void => console.log(escapeControls(JSON.stringify(value, null, 2)));

/** Writes a workflow command of GitHub Actions, which is one line, to standard output: its runner is to obey it. */
export const printCommand = (line: string): void => console.log(secrets.redact(line));
