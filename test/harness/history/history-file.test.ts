import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { secrets } from '../../../harness/base/secrets.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { readHistory } from '../../../harness/history/history-file.ts';
import { historyOf } from '../../../harness/judge/judge-folder.ts';
import { begun, connections, metric, receipt, request, T0 } from '../../support/history.ts';
import { header, recordedFolder } from '../../support/recorded.ts';

/** One event of each type, in chronological order. */
const EVENTS: HistoryEvent[] = [
  { type: 'service', at: T0, event: 'started' },
  begun(1, { action: 'opening' }, 1, 0),
  { type: 'fault', at: T0 + 2, upstream: 'groq', id: 'f1', asked: { kind: 'status', status: 500, next: 1 } },
  request(3, 4.25, 502, { phase: '1' }),
  { ...receipt(1, 4, 1, 'groq', ['f1:status']), route: 'POST /openai/v1/chat/completions', path: '/x' },
  { type: 'receipt', at: T0 + 5, seq: 2, upstream: 'mem0', kind: 'refusing', endedAt: null, faults: ['f2:refuse'] },
  metric('retry_after_seconds', 5, 2, { limit: 'x' }),
  { type: 'transition', at: T0 + 6, breaker: 'llm', to: 'open', line: '⚠️ opened' },
  connections(7, 3),
  { type: 'start', at: T0 + 8, about: 'empty', outcome: 'refused', code: 1, output: 'no\nkey' },
  { type: 'stall', at: T0 + 9, ms: 300, of: 'generator' },
  { type: 'count', at: T0 + 10, of: 'samples', metric: 'm', value: 2, n: 1 },
  { type: 'threshold', at: T0 + 11, metric: 'm', expression: 'rate==1', ok: true, samples: 1, values: { rate: 1 } },
  { type: 'engine', at: T0 + 12, event: 'error', text: 'boom' },
  { type: 'engine', at: T0 + 13, event: 'ended', code: null, signal: 'SIGKILL', why: 'it was late' },
  { type: 'service', at: T0 + 14, event: 'exited', code: 0, signal: null, asked: true },
  { type: 'end', at: T0 + 15, series: [{ of: 'count', first: 1, last: 1 }] },
];

secrets.hide('value-of-a-key');

async function file(): Promise<string> {
  const folder = await recordedFolder(EVENTS, ['breaker-opens']);
  onTestFinished(() => rm(folder, { recursive: true }));
  return historyOf(folder);
}

test('an event of each type is read as it was written', async () => {
  const recorded = await readHistory(await file());
  expect(recorded.history.inOrder()).toEqual(EVENTS);
  expect(recorded.header).toEqual(header(['breaker-opens']));
  expect(recorded.ended).toBe(T0 + 5_000);
});

test('a route that the method and the path of a request say is not written, and read again', async () => {
  const target = '/openai/v1/chat/completions';
  const plain = { ...receipt(1, 4, 1, 'groq'), method: 'POST', path: `${target}?a=b`, route: `POST ${target}` };
  const call = { ...receipt(2, 5, 2, 'cache'), method: 'GET', path: '', route: 'GET' };
  const other = { ...receipt(3, 6, 3, 'groq'), method: 'POST', path: '/x', route: `POST ${target}` };
  const folder = await recordedFolder([plain, call, other], ['breaker-opens']);
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = historyOf(folder);
  expect((await readFile(path, 'utf8')).match(/"route":"[^"]*"/g)).toEqual([`"route":"POST ${target}"`]);
  expect((await readHistory(path)).history.inOrder()).toEqual([plain, call, other]);
});

test('the file has one JSON object per line, between a header and a footer', async () => {
  const lines = (await readFile(await file(), 'utf8')).trimEnd().split('\n');
  const types = lines.map((line) => JSON.parse(line).type);
  expect([types[0], types.at(-1), types.length]).toEqual(['header', 'footer', EVENTS.length + 2]);
});

test("the file doesn't contain the settings that the service is started with", async () => {
  const text = await readFile(await file(), 'utf8');
  expect(text).not.toMatch(/"environment"|GROQ_API_KEY|service\/main\.ts/);
});

test('its texts contain no secrets, and its names stay unchanged, whatever the secrets are', async () => {
  const folder = await recordedFolder(
    [
      begun(1, { action: 'endpoint', endpoint: 'value-of-a-key' }, 1, 0),
      begun(2, { own: 'value-of-a-key' }, 1, 0),
      request(2, 1, 0, { phase: 'value-of-a-key', url: 'http://h/?k=value-of-a-key', error: 'no value-of-a-key' }),
      { type: 'transition', at: T0 + 3, breaker: 'value-of-a-key', to: 'open', line: 'opened by value-of-a-key' },
      { type: 'start', at: T0 + 4, about: 'value-of-a-key', outcome: 'refused', code: 1, output: 'value-of-a-key\nno' },
      { ...receipt(1, 5, 1, 'value-of-a-key'), path: '/x?k=value-of-a-key', route: 'GET /value-of-a-key' },
      metric('unexpected_status', 6, 500, { endpoint: 'value-of-a-key', body: '{"error":"bad value-of-a-key"}' }),
      metric('own', 7, 1, { name: 'value-of-a-key' } as Record<string, string>),
      { type: 'stored', at: T0 + 8, rows: { 'value-of-a-key': 1 } },
      { type: 'fault', at: T0 + 9, upstream: 'groq', asked: { kind: 'value-of-a-key', upstream: 'value-of-a-key' } },
    ],
    ['breaker-opens'],
  );
  onTestFinished(() => rm(folder, { recursive: true }));
  expect((await readHistory(historyOf(folder))).history.inOrder()).toMatchObject([
    { data: { action: 'endpoint', endpoint: 'value-of-a-key' }, title: 'endpoint REDACTED' },
    { data: { own: 'REDACTED' } },
    { tags: { phase: 'value-of-a-key', url: 'http://h/?k=REDACTED', error: 'no REDACTED' } },
    { breaker: 'value-of-a-key', line: 'opened by REDACTED' },
    { about: 'value-of-a-key', output: 'REDACTED\nno' },
    { upstream: 'value-of-a-key', path: '/x?k=REDACTED', route: 'GET /REDACTED' },
    { tags: { endpoint: 'value-of-a-key', body: '{"error":"bad REDACTED"}' } },
    { tags: { name: 'REDACTED' } },
    { rows: { REDACTED: 1 } },
    { asked: { kind: 'value-of-a-key', upstream: 'REDACTED' } },
  ]);
});

const replaced = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);

test.each<[string, (text: string) => string, RegExp]>([
  ['is empty', () => '', /it is empty/],
  ['is something else', () => '{"name":"proofload"}\n', /does not begin with the header/],
  ['is no JSON', () => 'PK\u0003\u0004', /line 1 is not JSON/],
  ['is a list', () => '[]\nnull\n', /does not begin with the header/],
  ['was cut after a line', (text) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1), /no footer/],
  ['was cut within a line', (text) => text.slice(0, text.length - 300), /line \d+ is not JSON|no footer/],
  ['has one line less', replaced(/\{"type":"phase".*\n/, ''), /it has 16 of 17 events; lines are missing/],
  ['has another status', replaced('"status":502', '"status":503'), /it was altered/],
  ['has another number of events', replaced('"events":17', '"events":16'), /it has 17 of 16 events/],
  ['ended at another time', replaced(/"ended":\d+/, '"ended":1'), /it was altered/],
  ['promises something else', replaced('"threshold":5', '"threshold":6'), /it was altered/],
  ['holds a type that is not known', replaced('"type":"phase"', '"type":"moon"'), /line 3 is not a valid entry/],
  ['lacks a field', replaced('"ms":4.25,', ''), /line 5 is not a valid entry:\n.*expected number.*\n.*at ms/],
  ['is of an earlier version', replaced('"version":8', '"version":7'), /its version is 7; allowed: 8/],
  ['is of a later version', replaced('"version":8', '"version":9'), /its version is 9; allowed: 8/],
  ['goes on after its end', (text) => `${text}{"type":"phase"}\n`, /line 20 comes after the footer/],
])('a file that %s is rejected with the reason', async (_, change, why) => {
  const path = await file();
  await writeFile(path, change(await readFile(path, 'utf8')));
  await expect(readHistory(path)).rejects.toMatchObject({
    code: 'HISTORY_INVALID',
    message: expect.stringMatching(why),
  });
});

test('a pipe is rejected, which would be read for ever', async () => {
  const path = await file();
  await rm(path);
  execFileSync('mkfifo', [path]);
  await expect(readHistory(path)).rejects.toMatchObject({
    code: 'HISTORY_INVALID',
    message: `${path}: it can't be read: it is no regular file; allowed: a file`,
  });
});

test('a missing file is rejected with its name', async () => {
  await expect(readHistory('/nowhere/history.ndjson')).rejects.toMatchObject({
    code: 'HISTORY_INVALID',
    message: expect.stringContaining("/nowhere/history.ndjson: it can't be read: ENOENT"),
  });
});
