import { randomInt } from 'node:crypto';
import { styleText } from 'node:util';
import { escapeControls } from './controls.ts';
import { secrets } from './secrets.ts';
import { jsonWithoutSecrets } from './without-secrets.ts';

/**
 * A random number that marks the escape sequences of our own styles. Text from other sources doesn't contain it, so
 * only our own sequences are left unescaped.
 */
const MARK = randomInt(2 ** 30, 2 ** 31);
const OWN_STYLE = new RegExp(`(\\u001b\\[\\d+);${MARK}m`, 'g');

type Style = Parameters<typeof styleText>[0];

/** Adds a style to text for `print`, if standard output is a terminal that supports colors. Respects NO_COLOR. */
export function styled(style: Style, text: string): string {
  const sequences = styleText(style, '\n', { stream: process.stdout }).split('\n');
  const [begin = '', end = ''] = sequences.map((sequence) => sequence.replaceAll('m', `;${MARK}m`));
  return `${begin}${escapeControls(text)}${end}`;
}

/** Makes text safe to print: redacts secrets and escapes all terminal control sequences except our own styles. */
export function shown(text: string): string {
  const redacted = secrets.redact(text);
  const parts = redacted.split(OWN_STYLE);
  // Parts matched by the capturing parentheses have odd indexes.
  return parts.map((part, index) => (index % 2 === 1 ? `${part}m` : escapeControls(part))).join('');
}

/** Writes to standard output. All of proofload's output goes through this function or the ones below. */
export const print = (text = ''): void => console.log(shown(text));

/** Writes to standard error. */
export const printError = (text: string): void => console.error(shown(text));

/** Writes a value to standard output as JSON. */
export const printJson = (value: unknown): void => console.log(escapeControls(jsonWithoutSecrets(value, 2)));

/**
 * Writes a one-line GitHub Actions workflow command to standard output. It is not escaped, because the runner has to
 * interpret it.
 */
export const printCommand = (line: string): void => console.log(secrets.redact(line));
