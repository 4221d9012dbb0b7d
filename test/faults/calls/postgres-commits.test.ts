import { expect, test } from 'vitest';
import { readCommits, readReady } from '../../../faults/calls/postgres-commits.ts';
import { message, startup } from './postgres-client.ts';

/** Returns, for each of these queries on one connection, whether rows of the table `notes` commit with it. */
function committed(...queries: string[]): boolean[] {
  const commits = readCommits('notes');
  commits(startup());
  return queries.map((query) => commits(message('Q', query)));
}

test.each<[string, string[], boolean[]]>([
  ['an insert without a transaction commits at once', ['INSERT INTO notes VALUES (1)'], [true]],
  [
    'a transaction commits at its end',
    ['BEGIN', 'insert into "notes" values (1)', 'SELECT 2', 'COMMIT'],
    [false, false, false, true],
  ],
  [
    'a table in a schema is the same table',
    ['start transaction', 'INSERT INTO public.notes DEFAULT VALUES', 'END'],
    [false, false, true],
  ],
  [
    'an insert in a common table expression counts',
    ['WITH one AS (INSERT INTO notes VALUES (1) RETURNING id) SELECT 1'],
    [true],
  ],
  [
    'a transaction in a single query commits',
    ['BEGIN; INSERT INTO notes VALUES (1); COMMIT', 'SELECT 1'],
    [true, false],
  ],
  [
    'other tables and other statements do not count',
    ['INSERT INTO notes_old VALUES (1)', 'UPDATE notes SET a = 1', 'BEGIN', 'COMMIT'],
    [false, false, false, false],
  ],
  [
    'what is rolled back is not committed',
    ['BEGIN', 'INSERT INTO notes VALUES (1)', 'ROLLBACK', 'BEGIN', 'COMMIT'],
    [false, false, false, false, false],
  ],
  [
    'going back to a savepoint ends no transaction',
    ['BEGIN', 'INSERT INTO notes VALUES (1)', 'ROLLBACK TO a', 'COMMIT'],
    [false, false, false, true],
  ],
])('%s', (_, queries, expected) => {
  expect(committed(...queries)).toEqual(expected);
});

test('prepared statements are known by their names', () => {
  const commits = readCommits('notes');
  expect(commits(Buffer.concat([startup(), message('P', 'one', 'INSERT INTO notes VALUES ($1)'), message('S')]))).toBe(
    false,
  );
  expect(commits(Buffer.concat([message('B', '', 'one'), message('E', ''), message('S')]))).toBe(true);
  expect(commits(Buffer.concat([message('B', '', 'other'), message('E', ''), message('S')]))).toBe(false);
});

test('a server is ready when it says so after everything else, outside a transaction', () => {
  const ready = (status: string) => Buffer.concat([Buffer.from('Z'), Buffer.from([0, 0, 0, 5]), Buffer.from(status)]);
  const isReady = readReady();
  expect(isReady(message('C', 'INSERT 0 1'))).toBe(false);
  expect(isReady(ready('T'))).toBe(false);
  expect([...ready('I')].map((byte) => isReady(Buffer.from([byte])))).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
  ]);
  expect(isReady(Buffer.concat([message('C', 'COMMIT'), ready('I')]))).toBe(true);
});
