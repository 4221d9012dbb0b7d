import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { needlessExceptions } from '../../../harness/contract/needless-exceptions.ts';
import reference from '../../../service/proofload.config.ts';

const problemsOf = (allowed: object) =>
  needlessExceptions(contractSchema.parse({ ...reference, secrecy: { allowed } })).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

test('exceptions name endpoints, and settings or what else is searched for', () => {
  const responses = { health: ['DATABASE_URL', 'path'], docs: ['stack-trace', 'RATE_LIMIT_ENABLED', 'secret'] };
  expect(problemsOf({ responses, log: ['GROQ_API_KEY', 'JWT'] })).toEqual([]);
  expect(needlessExceptions(contractSchema.parse({ ...reference, secrecy: undefined }))).toEqual([]);
});

test('an endpoint or a name that does not exist is a problem', () => {
  expect(problemsOf({ responses: { helth: ['path'] } })).toEqual([
    expect.stringMatching(/^secrecy\.allowed\.responses\.helth: there is no "helth"; there are conversation-end, /),
  ]);
  expect(problemsOf({ responses: { health: ['JWT'] }, log: ['path', 'GROQ_KEY'] })).toEqual([
    expect.stringMatching(/^secrecy\.allowed\.responses\.health\.0: there is no "JWT"; there are HOST, /),
    expect.stringMatching(/^secrecy\.allowed\.log\.0: there is no "path"/),
    expect.stringMatching(/^secrecy\.allowed\.log\.1: there is no "GROQ_KEY"/),
  ]);
});
