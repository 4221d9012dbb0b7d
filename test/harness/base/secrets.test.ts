import { expect, test } from 'vitest';
import { Secrets } from '../../../harness/base/secrets.ts';

/** Returns a text as it is printed while one value is hidden. */
function shown(text: string, value: string, names?: string[]): string {
  const secrets = new Secrets();
  secrets.hide(value, names);
  return secrets.redact(text);
}

const KEY = 'sk-live "4f/7" ü';

test.each([
  ['key=sk-live "4f/7" ü;', 'key=REDACTED;'],
  [JSON.stringify({ key: KEY, n: 1 }), '{"key":"REDACTED","n":1}'],
  [`?k=${encodeURIComponent(KEY)}&x`, '?k=REDACTED&x'],
  [`?k=${encodeURIComponent(KEY).toLowerCase()}&x`, '?k=REDACTED&x'],
  [`xx${KEY}${KEY}`, 'xxREDACTEDREDACTED'],
  ['sk-live', 'sk-live'],
])('a value is hidden wherever it occurs: %s', (text, told) => {
  expect(shown(text, KEY)).toBe(told);
});

test('a value of six characters is hidden anywhere, and a shorter one only after its name', () => {
  expect(shown('s3cr3t and s3cr3t', 's3cr3t')).toBe('REDACTED and REDACTED');
  expect(shown('1 of 21 calls, PIN=1, "PIN": "1", PIN=12', '1', ['PIN'])).toBe(
    '1 of 21 calls, PIN=REDACTED, "PIN": "REDACTED", PIN=12',
  );
  expect(shown('true', 'true')).toBe('true');
  expect(shown('all of it', '')).toBe('all of it');
});

test("a value that is a prefix of another doesn't leave the rest of it visible", () => {
  const secrets = new Secrets();
  for (const value of ['secret', 'secret-of-many-words']) secrets.hide(value);
  expect(secrets.redact('secret-of-many-words secret')).toBe('REDACTED REDACTED');
});

test('a multi-line key is also hidden if it is printed line by line', () => {
  expect(shown('| MIIEvQIBADANBgkq', '-----BEGIN KEY-----\nMIIEvQIBADANBgkq\n-----END KEY-----')).toBe('| REDACTED');
});

test('special characters of regular expressions are taken literally', () => {
  expect(shown('a+b.c$& and aab.c$&', 'a+b.c$&')).toBe('REDACTED and aab.c$&');
});

test.each([
  ['connecting to postgres://u:pw@h/db', 'connecting to postgres://u:REDACTED@h/db'],
  ['postgres://u:a@b@h:5432/db and redis://:x@h', 'postgres://u:REDACTED@h:5432/db and redis://:REDACTED@h'],
  ['host=h password=pw user=u', 'host=h password=REDACTED user=u'],
  ['/v1?api_key=abc&q=1', '/v1?api_key=REDACTED&q=1'],
  ['http://127.0.0.1:8000/x?mail=a@b.c', 'http://127.0.0.1:8000/x?mail=a@b.c'],
])('passwords in URLs and parameters are hidden without being registered: %s', (text, told) => {
  expect(new Secrets().redact(text)).toBe(told);
});

test('the password in a hidden URL is also hidden by itself, plain and encoded', () => {
  const secrets = new Secrets();
  secrets.hidePassword('postgres://u:p%40ss%2Fword@h/db');
  expect(secrets.redact('no p@ss/word, no p%40ss%2fword at h/db')).toBe('no REDACTED, no REDACTED at h/db');
});

test('a password that equals the user name is shown as the name', () => {
  const secrets = new Secrets();
  secrets.hidePassword('postgres://postgres:postgres@h');
  expect(secrets.redact('postgres://postgres:postgres@h')).toBe('postgres://postgres:REDACTED@h');
});

test('the latest thousand values are remembered, and hiding a value again makes it the latest', () => {
  const secrets = new Secrets();
  secrets.hide('the-key-of-the-user');
  for (let n = 0; n < 999; n += 1) secrets.hide(`made-for-lab-${n}`);
  secrets.hide('the-key-of-the-user');
  secrets.hide('made-for-the-last-lab');
  expect(secrets.redact('the-key-of-the-user made-for-the-last-lab made-for-lab-0')).toBe(
    'REDACTED REDACTED made-for-lab-0',
  );
});
