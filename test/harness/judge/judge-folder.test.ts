import { rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { addChecker, unknownChecker } from '../../../harness/checkers/index.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { judgeRecorded, notesOf, readCase } from '../../../harness/judge/judge-folder.ts';
import { failingHistory } from '../../support/failing.ts';
import { receipt as received } from '../../support/history.ts';
import { complete, recordedFolder } from '../../support/recorded.ts';

async function folderHolding(checkers: string[]): Promise<string> {
  const folder = await recordedFolder([], checkers);
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('a history with an unknown check is rejected, with the nearest name', async () => {
  const folder = await folderHolding(['breaker-opens', 'breaker-sings']);
  await expect(readCase(folder)).rejects.toMatchObject({
    code: 'HISTORY_INVALID',
    message: expect.stringMatching(/history\.ndjson: unknown check "breaker-sings"; did you mean "breaker-opens"\?/),
  });
});

test('a history whose checkers all exist is read', async () => {
  const { header } = await readCase(await folderHolding(['breaker-opens']));
  expect(header.proof.holds).toEqual(['breaker-opens']);
});

test.each(['toString', 'constructor', ''])('%j is not a checker', (name) => {
  expect(unknownChecker([name])).toContain(`unknown check "${name}"`);
});

test('a scenario with its own profile judges the numbers of that profile', async () => {
  const name = 'judges-numbers';
  addChecker({
    name,
    usually: '',
    cases: () => [{ check: name, promises: [['profiles', '*', 'pool', 'max']] }],
    judge: () => [{ check: name, expected: '', observed: '', verdict: 'PASS' }],
  });
  const promisesWith = async (profile: object) => {
    const folder = await folderHolding([name]);
    const { header, history, ended } = await readCase(folder);
    const own = { ...header, proof: { ...header.proof, ...profile } };
    const { findings } = await judgeRecorded({ header: own, history, ended }, folder);
    return findings.find(({ check }) => check === name)?.promises;
  };
  expect(await promisesWith({})).toEqual([['profiles', '*', 'pool', 'max']]);
  expect(await promisesWith({ profile: 'changed' })).toEqual([['profiles', 'changed', 'pool', 'max']]);
});

test.each([
  ['with what the run knew of it', { nap: { effect: 'waits' } as const }, []],
  ['as one that fails at once if nothing is known of it', {}, ['within 5 s']],
])("a fault of a team's own, which this process doesn't have, is judged %s", async (_, faults, bounds) => {
  const events = complete(failingHistory({ fault: 'nap', ms: 9_000 }));
  const folder = await recordedFolder(events, ['faults-answered-in-time'], faults);
  onTestFinished(() => rm(folder, { recursive: true }));
  const { findings } = await judgeRecorded(await readCase(folder), folder);
  const timed = findings.filter(({ check }) => check.startsWith('answer in time to nap'));
  expect(timed.map(({ expected }) => expected)).toEqual(bounds);
});

let seq = 0;
const receipt = (route: string, unserved?: string): HistoryEvent => {
  seq += 1;
  return { ...received(seq, 0, 5, 'payments'), route, status: 404, ...(unserved !== undefined && { unserved }) };
};

test('says which requests no handler of an upstream answered, each kind once', () => {
  const history = new History([
    receipt('GET /v2/refunds', 'no handler'),
    receipt('GET /v2/charges'),
    receipt('GET /v2/refunds', 'no handler'),
    receipt('POST /v2/refunds', 'no handler'),
  ]);
  expect(notesOf(history)).toEqual([
    'payments answered 404 to GET /v2/refunds: no handler (2 times)',
    'payments answered 404 to POST /v2/refunds: no handler',
  ]);
});

const service = (at: number, event: 'started' | 'signalled' | 'exited', more = {}): HistoryEvent => ({
  type: 'service',
  at,
  event,
  ...more,
});

test.each([
  ['SIGKILL', true, ['the service had not ended 2 s after SIGTERM and was killed']],
  ['SIGTERM', true, []],
  ['SIGKILL', false, []],
])('a service that exits by %s, stopped by the lab: %j, has the notes %j', (signal, isStopped, notes) => {
  const events = [
    service(0, 'started'),
    service(9_000, 'signalled', { signal: 'SIGTERM' }),
    service(11_010, 'exited', { code: null, signal, asked: isStopped }),
  ];
  expect(notesOf(new History(events))).toEqual(notes.map((note) => expect.stringContaining(note)));
});

test('a service that the script kills has no note', () => {
  const events = [
    service(0, 'signalled', { signal: 'SIGKILL' }),
    service(5, 'exited', { signal: 'SIGKILL', asked: true }),
  ];
  expect(notesOf(new History(events))).toEqual([]);
});

test('lists some of many', () => {
  const history = new History(Array.from({ length: 13 }, (_, index) => receipt(`GET /${index}`, 'no handler')));
  const notes = notesOf(history);
  expect(notes).toHaveLength(11);
  expect(notes.at(-1)).toBe('and 3 more kinds of request that nothing answered');
});
