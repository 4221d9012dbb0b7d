import { expect, test } from 'vitest';
import { postgres } from '../../../faults/calls/postgres.ts';
import { message, startup } from './postgres-client.ts';

test('a simple query and each execution of a prepared statement is a call', () => {
  const calls = postgres();
  expect(calls.sent(startup())).toEqual([]);
  expect(calls.sent(message('p', 'secret'))).toEqual([]);
  expect(calls.sent(message('Q', 'SELECT now()'))).toEqual(['query']);
  const prepare = Buffer.concat([message('P', 'one', 'SELECT $1'), message('D', 'Sone'), message('S')]);
  expect(calls.sent(prepare)).toEqual([]);
  const run = Buffer.concat([message('B', '', 'one'), message('E', ''), message('S')]);
  expect(calls.sent(Buffer.concat([run, run]))).toEqual(['query', 'query']);
});

test('statements around a transaction and connection checks are not calls', () => {
  const calls = postgres();
  calls.sent(startup());
  const own = [
    'BEGIN',
    'begin isolation level serializable',
    'COMMIT',
    'rollback',
    'SET x = 1',
    'SELECT 1',
    ' select 1;',
    ';',
  ];
  for (const query of own) expect(calls.sent(message('Q', query)), query).toEqual([]);
  expect(calls.sent(message('Q', 'SELECT 12'))).toEqual(['query']);
  expect(calls.sent(message('Q', 'BEGIN; INSERT INTO a VALUES (1); COMMIT'))).toEqual(['query']);
  expect(calls.sent(message('Q', 'SET x = 1; SELECT 12'))).toEqual(['query']);
  const prepared = Buffer.concat([message('P', '', 'BEGIN'), message('B', '', ''), message('E', '')]);
  expect(calls.sent(prepared)).toEqual([]);
});

test('messages may be split anywhere, and long queries are skipped', () => {
  const calls = postgres();
  const bytes = Buffer.concat([
    startup(80_877_103, ''),
    startup(),
    message('Q', `SELECT '${'x'.repeat(2_000)}'`),
    message('Q', 'SELECT 2'),
  ]);
  expect([...bytes].flatMap((byte) => calls.sent(Buffer.from([byte])))).toEqual(['query', 'query']);
});
