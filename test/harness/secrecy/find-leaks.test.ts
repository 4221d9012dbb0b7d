import { expect, test } from 'vitest';
import { internalsIn, secretsIn, showsToken } from '../../../harness/secrecy/find-leaks.ts';

const TARGETS = {
  secrets: [
    { name: 'API_KEY', forms: ['sk-4f8a"1c', 'sk-4f8a\\"1c'] },
    { name: 'DATABASE_URL', forms: ['3d7e9a'] },
  ],
  folders: ['/home/ada/shop'],
};

const nothing = () => '';

test('a secret is found in each of its forms, anywhere in a text', () => {
  expect(secretsIn('connect postgres://u:3d7e9a@h/d', TARGETS)).toEqual(['DATABASE_URL']);
  expect(secretsIn(JSON.stringify({ key: 'sk-4f8a"1c', url: '3d7e9a' }), TARGETS)).toEqual(['API_KEY', 'DATABASE_URL']);
  expect(secretsIn('the key sk-4f… was refused', TARGETS)).toEqual([]);
});

test('a caller may see its own key again', () => {
  expect(secretsIn('unknown key 3d7e9a', TARGETS, () => 'X-Api-Key: 3d7e9a')).toEqual([]);
  expect(secretsIn('unknown key 3d7e9a', TARGETS, () => 'X-Api-Key: another')).toEqual(['DATABASE_URL']);
});

test("a caller must not see another one's generated key, although both contain the same secret", () => {
  const sent = () => '{"X-Api-Key":"key1-3d7e9a"}';
  expect(secretsIn('{"you":"key1-3d7e9a"}', TARGETS, sent)).toEqual([]);
  expect(secretsIn('{"you":"key1-3d7e9a","other":"key2-3d7e9a"}', TARGETS, sent)).toEqual(['DATABASE_URL']);
  expect(secretsIn('key11-3d7e9a', TARGETS, sent)).toEqual(['DATABASE_URL']);
});

const SIGNATURE = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const TOKEN = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ`;

test('a token is one only with its signature', () => {
  expect(showsToken(`{"authorization":"Bearer ${TOKEN}.${SIGNATURE}"}`)).toBe(true);
  expect(showsToken(`Bearer ${TOKEN}.…`)).toBe(false);
  expect(showsToken(`Bearer ${TOKEN}.[redacted]`)).toBe(false);
});

test.each([
  ['Node', 'Error: no\n    at ask (/srv/app/ask.js:10:5)'],
  ['Node, inside JSON', JSON.stringify({ stack: 'Error: no\n    at file:///srv/app/ask.mjs:10:5' })],
  ['Node itself', 'at process.processTicksAndRejections (node:internal/process/task_queues:103:5)'],
  ['Express', '<pre>Error: no<br> &nbsp; &nbsp;at ask (/srv/app/ask.ts:10:5)<br></pre>'],
  ['Python', 'Traceback (most recent call last):\n  File "/srv/app.py", line 10, in ask'],
  ['Python, inside JSON', JSON.stringify({ detail: 'File "/srv/app.py", line 10, in ask' })],
  ['Python, inside HTML', 'File &quot;/srv/app.py&quot;, line 10, in ask'],
  ['Ruby', "/srv/app.rb:10:in `ask'"],
  ['PHP', '#0 /srv/app/ask.php(10): ask()'],
  ['Java', 'java.lang.Error\n\tat com.example.Ask.ask(Ask.java:10)'],
  ['Java, inside JSON', JSON.stringify({ trace: 'java.lang.Error\n\tat com.example.Ask.ask(Ask.java:10)' })],
  ['Java itself', 'at java.base/java.lang.Thread.run(Thread.java:840)'],
  ['a constructor in Java', 'at com.example.Ask.<init>(Ask.java:5)'],
  ['Go', 'goroutine 18 [running]:\nmain.ask()\n\t/srv/ask.go:10 +0x1d'],
  ['.NET', 'at Shop.Ask() in C:\\shop\\Ask.cs:line 10'],
])('a stack trace of %s is recognized', (_, body) => {
  expect(internalsIn(body, TARGETS, false, nothing)).toContain('stack-trace');
});

test.each([
  '{"error":"connect ECONNREFUSED https://api.shop.rs:8443/v1"}',
  '{"error":"no answer from //shop.py:80"}',
  'see https://shop.example/docs/guide.ts:10',
  '{"next":"/v1/notes?after=2026-11-26T10:00:00"}',
  'GET /static/app.js 200 in 10 ms',
  'a long look at the goroutine (10)',
  '{"file":"notes.py","line":10}',
])('no stack trace: %s', (body) => {
  expect(internalsIn(body, TARGETS, true, nothing)).toEqual([]);
});

test("the service's own folders are internal in any response, other paths only in errors", () => {
  expect(internalsIn('read /home/ada/shop/notes.db', TARGETS, false, nothing)).toEqual(['path']);
  const message = "ENOENT: no such file or directory, open '/etc/shop/key.pem'";
  expect(internalsIn(message, TARGETS, true, nothing)).toEqual(['path']);
  expect(internalsIn(message, TARGETS, false, nothing)).toEqual([]);
  expect(internalsIn('{"link":"/home/settings"}', TARGETS, true, nothing)).toEqual([]);
});

test('a path that the caller sent may come back', () => {
  expect(internalsIn('Cannot GET /etc/passwd', TARGETS, true, () => 'GET /etc/passwd')).toEqual([]);
});

test('a long text without spaces is searched quickly', () => {
  const body = ',/a'.repeat(300_000);
  const long = processorTimeOf(() => internalsIn(body, TARGETS, true, nothing));
  const tenth = processorTimeOf(() => internalsIn(body.slice(0, 90_000), TARGETS, true, nothing));
  // Quadratic time would be 100 times as much.
  expect(long / Math.max(1_000, tenth)).toBeLessThan(40);
});

/** Returns the processor time that this thread spends on an action, in microseconds. Other programs don't affect it. */
function processorTimeOf(act: () => unknown): number {
  const before = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}
