import { expect, test, vi } from 'vitest';
import { escapeControls } from '../../../harness/base/controls.ts';
import { print, printJson, shown, styled } from '../../../harness/base/print.ts';

test.each([
  ['\u001b[2J\u001b]0;title\u0007', '\\u001b[2J\\u001b]0;title\\u0007'],
  ['12 %\r100 %', '12 %\\u000d100 %'],
  ['\u009b2J \u0085 \u007f', '\\u009b2J \\u0085 \\u007f'],
  ['a\u202egpj.exe\u2066', 'a\\u202egpj.exe\\u2066'],
  ['a\u2028b', 'a\\u2028b'],
  ['x\n::stop-commands::y\n  ::error::z', 'x\n\\u003a:stop-commands::y\n  \\u003a:error::z'],
  ['at ::1, std::vector', 'at ::1, std::vector'],
  ['x ##[group]y ##vso[task] # ## [z]', 'x #\\u0023[group]y #\\u0023vso[task] # ## [z]'],
  ['\ud800', '\ufffd'],
  ['Grüße\tan\nalle ✓ 漢字 👩‍💻', 'Grüße\tan\nalle ✓ 漢字 👩‍💻'],
])('%j is printed as %j', (text, written) => {
  expect(escapeControls(text)).toBe(written);
  expect(shown(text)).toBe(written);
});

test('our own styles are applied, but the same escape sequence in a text is not', () => {
  vi.stubEnv('FORCE_COLOR', '1');
  const text = `${styled('green', 'PASS')} \u001b[32mPASS\u001b[39m \u001b[32;1mPASS`;
  expect(shown(text)).toBe('\u001b[32mPASS\u001b[39m \\u001b[32mPASS\\u001b[39m \\u001b[32;1mPASS');
  expect(shown(styled(['bold', 'red'], 'a\u001b[2J'))).toBe('\u001b[1m\u001b[31ma\\u001b[2J\u001b[39m\u001b[22m');
});

test('without colors, styles have no effect', () => {
  vi.stubEnv('FORCE_COLOR', '0');
  expect(styled('green', 'PASS')).toBe('PASS');
});

test('JSON stays valid JSON, with the same texts', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const value = { text: '\u001b[2J \u009b \u202e ##[group]\n::error::' };
  printJson(value);
  print('\u001b[2J');
  const [[json], [text]] = log.mock.calls as [[string], [string]];
  expect(JSON.parse(json)).toEqual(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
  expect(json + text).not.toMatch(/[\u001b\u0080-\u009f\u202e]|##\[/);
});
