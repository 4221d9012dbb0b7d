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
])('a value is hidden wherever it occurs: %s', (text, expected) => {
  expect(shown(text, KEY)).toBe(expected);
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
])('passwords in URLs and parameters are hidden without being registered: %s', (text, expected) => {
  expect(new Secrets().redact(text)).toBe(expected);
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

/** All texts in which each part of the key has eight characters or more. */
const SPLIT = 'sk-live-abcdef0123456789';
const splits = Array.from({ length: SPLIT.length - 15 }, (_, index) => [
  SPLIT.slice(0, index + 8),
  SPLIT.slice(index + 8),
]);

test.each([
  ['lines', (parts: string[]) => parts.map((part) => `a piece: ${part}`).join('\n')],
  ['lines of JSON', (parts: string[]) => parts.map((part) => JSON.stringify({ msg: `a ${part}` })).join('\n')],
  ['a line break in JSON', (parts: string[]) => JSON.stringify({ msg: parts.join('\n') })],
  ['a line break in a URL', (parts: string[]) => encodeURIComponent(parts.join('\n'))],
  ['colors', (parts: string[]) => parts.join('\u001b[31m')],
  ['server-sent events', (parts: string[]) => parts.map((part) => `data: ${part}\n\n`).join('')],
])('a value that is split over %s is hidden', (_, join) => {
  for (const parts of splits) {
    const text = shown(join(parts), SPLIT);
    expect(parts.filter((part) => text.includes(part))).toEqual([]);
  }
});

test('each piece is hidden by itself, and words that begin or end like a value are not', () => {
  for (const piece of splits.flat()) expect(shown(`(${piece})`, SPLIT)).toBe('(REDACTED)');
  expect(shown('sk-live-zz 89, my23456789 sk-live-abcx', SPLIT)).toBe('sk-live-zz 89, my23456789 sk-live-abcx');
  expect(shown('ten-characters', 'ten-characters-1')).toBe('REDACTED');
  expect(shown('ten-characters', 'ten-characters1')).toBe('ten-characters');
});

test('the end of a value is hidden after an escape that ends with the letters before it', () => {
  const value = 'qwertyuiopsdfghAklzxcvbnm12345678';
  expect(shown('x%0Aklzxcvbnm12345678', value)).toBe('x%0AREDACTED');
  expect(shown('x\\u000Aklzxcvbnm12345678', value)).toBe('x\\u000AREDACTED');
  expect(shown('xAklzxcvbnm12345678', value)).toBe('xAklzxcvbnm12345678');
});

test('the beginnings of addresses and files, and pieces that must remain readable, are not hidden', () => {
  expect(shown('https://h.example/ https://', 'https://h.example/hooks/abcdef')).toBe('https://h.example/ https://');
  expect(shown(`${import.meta.dirname}/`, import.meta.filename)).toBe(`${import.meta.dirname}/`);
  const secrets = new Secrets();
  secrets.hide('change-me-in-production', [], (text) => 'SECRET_KEY is change-me'.includes(text));
  expect(secrets.redact('change-me, change-me-in, change-me-in-production')).toBe('change-me, REDACTED, REDACTED');
});

test.each([
  ['Base64', Buffer.from(KEY).toString('base64')],
  ['Base64 in a URL', Buffer.from(KEY).toString('base64url')],
  ['hexadecimal digits', Buffer.from(KEY).toString('hex')],
  ['HTML', 'sk-live &quot;4f/7&quot; ü'],
  ['the JSON of Python', '"sk-live \\"4f/7\\" \\u00fc"'],
  ['the JSON of PHP', '"sk-live \\"4f\\/7\\" ü"'],
  ['JSON in JSON', JSON.stringify(JSON.stringify(KEY))],
])('a value is hidden in %s', (_, text) => {
  expect(shown(text, KEY)).toMatch(/^[\\"]*REDACTED[\\"]*$/);
});

test.each([
  ['Authorization: Bearer abc123.def/ghi+jkl=', 'Authorization: Bearer REDACTED'],
  ['Authorization: Basic dXNlcjpwYXNzMQ==', 'Authorization: Basic REDACTED'],
  ['WWW-Authenticate: Bearer authentication', 'WWW-Authenticate: Bearer authentication'],
  [`a ${'eyJhbGciOiJI'}.${'eyJzdWIiOiJhIn0'}.${'c2lnbmF0dXJlLW9mLWEtdG9rZW4'}!`, 'a REDACTED!'],
])('credentials as they are sent, and signed tokens, are hidden without being registered: %s', (text, expected) => {
  expect(new Secrets().redact(text)).toBe(expected);
});

test('the latest values are remembered, and hiding a value again makes it the latest', () => {
  const secrets = new Secrets();
  secrets.hide('the-key-of-the-user', ['KEY']);
  secrets.hide('the-key-of-the-lab');
  for (let n = 0; n < 4_999; n += 1) secrets.hide(`made for lab ${n}`);
  secrets.hide('the-key-of-the-lab');
  secrets.hide('made for the last lab');
  expect(secrets.redact('the-key-of-the-user the-key-of-the-lab made for the last lab made for lab 0')).toBe(
    'REDACTED REDACTED REDACTED made for lab 0',
  );
});
