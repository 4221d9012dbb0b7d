import { expect, test } from 'vitest';
import { errorsFirst, namesError, saysFailure, withoutStacks } from '../../../harness/base/names-error.ts';

test.for([
  'TypeError: x is not a function',
  'error: relation "answers" does not exist',
  'Error [ERR_MODULE_NOT_FOUND]: Cannot find package',
  'sqlalchemy.exc.ProgrammingError: (psycopg.errors.UndefinedTable) relation "answers" does not exist',
  'Caused by: org.postgresql.util.PSQLException: ERROR: relation "answers" does not exist',
  'Exception in thread "main" java.lang.IllegalStateException: no port',
  'PHP Fatal error:  Uncaught PDOException: SQLSTATE[42P01]',
  'app.rb:3:in \'block\': ERROR:  relation "answers" does not exist (PG::UndefinedTableError)',
  'panic: runtime error: invalid memory address',
])('"%s" names an error', (line) => {
  expect(namesError(line)).toBe(true);
});

test.for([
  'listening on 127.0.0.1:3000',
  '{"level":"info","msg":"request completed","status":200}',
  '    at Object.<anonymous> (/app/errors.js:3:1)',
  '  File "/app/errors.py", line 3, in error',
  "  severity: 'ERROR',",
  '  detail: undefined,',
  'Traceback (most recent call last):',
])('"%s" is no reason', (line) => {
  expect(saysFailure(line)).toBe(false);
});

test('lines that name an error come first, then those that may say why', () => {
  const lines = ['Traceback (most recent call last):', 'request failed', 'started', 'ValueError: no port'];
  expect(errorsFirst(lines)).toEqual([
    'ValueError: no port',
    'request failed',
    'Traceback (most recent call last):',
    'started',
  ]);
  expect(withoutStacks(lines)).not.toContain('Traceback (most recent call last):');
});
