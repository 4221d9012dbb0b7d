import { expect, test } from 'vitest';
import { History } from '../../../harness/history/history.ts';
import { Recording } from '../../../harness/history/recording.ts';
import { begun, connection, connections, metric, receipt, request, T0 } from '../../support/history.ts';

const NONE = { first: 1, last: 0 };

/** Returns the numbers in the end of a record, without those of empty series. */
const endOf = (history: History): string[] | undefined =>
  history
    .all('end')[0]
    ?.series.filter(({ first, last }) => first <= last)
    .map(({ of, first, last }) => `${of} ${first} to ${last}`);

test('events are numbered by their type, and keep the numbers from their sources', () => {
  const history = new History();
  const recording = new Recording(history);
  const { add } = recording;
  [request(1, 1, 200, {}), metric('took', 2, 1, {}), request(3, 1, 200, {}), connections(4, 1)].forEach(add);
  [begun(1, { own: 'a' }, 5, 7), receipt(8, 6, 1, 'groq'), connection(1, 7, 'database')].forEach(add);
  expect(history.all('request').map(({ n }) => n)).toEqual([1, 2]);
  expect(history.all('metric').map(({ n }) => n)).toEqual([1]);
  expect(history.all('phase')).toEqual([begun(1, { own: 'a' }, 5, 7)]);
  expect(history.all('receipt')).toEqual([receipt(8, 6, 1, 'groq'), connection(1, 7, 'database')]);
  recording.tell({ upstream: { first: 8, last: 9 }, database: { first: 1, last: 1 }, phase: NONE });
  recording.end();
  expect(endOf(history)).toEqual([
    'request 1 to 2',
    'metric 1 to 1',
    'connections 1 to 1',
    'upstream 8 to 9',
    'database 1 to 1',
  ]);
});

test('a record whose sources told nothing has no numbers of theirs', () => {
  const history = new History();
  const recording = new Recording(history);
  recording.add({ type: 'service', at: T0, event: 'started' });
  recording.end();
  const [end] = history.all('end');
  expect(end?.series.map(({ of }) => of)).toEqual(expect.arrayContaining(['service', 'set-up', 'request']));
  expect(end?.series.map(({ of }) => of)).not.toEqual(expect.arrayContaining(['upstream']));
  expect(endOf(history)).toEqual(['service 1 to 1']);
});
