import { expect, test } from 'vitest';
import type { Contract } from '../../../harness/contract/contract.ts';
import { unusablePromises } from '../../../harness/contract/unusable-promises.ts';

const problemsWith = (onFault: object, reaches = ['llm'], stream?: object) =>
  unusablePromises({
    endpoints: { ask: { onFault, reaches, stream } },
    upstreams: { llm: { kind: 'groq' }, plain: { kind: 'groq', tls: false }, cache: { tcp: '127.0.0.1:6379' } },
  } as unknown as Contract).map(({ path, message }) => `${path.join('.')}: ${message}`);

test('accepts statuses and every kind of fault that needs no further fields', () => {
  expect(
    problemsWith({
      429: 503,
      500: 502,
      stall: 504,
      'error-in-body': 502,
      cut: 'error',
      'cut-stream': 'error',
      refuse: 502,
    }),
  ).toEqual([]);
});

test.each(['latency', 'mix', '200', '600', 'certificate', 'tomorrow'])(
  'rejects %s, and lists what is allowed',
  (fault) => {
    expect(problemsWith({ [fault]: 502 })).toEqual([
      expect.stringMatching(
        new RegExp(
          `^endpoints\\.ask\\.onFault\\.${fault}: "${fault}" can't be used: it is unknown, or needs further fields; ` +
            'allowed: a status from 400 to 599, html-page, error-in-body, error-in-stream, .*, refuse$',
        ),
      ),
    ]);
  },
);

test('needs an HTTP upstream', () => {
  expect(problemsWith({ stall: 504 }, ['cache'])).toEqual([
    'endpoints.ask.onFault: it reaches no HTTP upstream; list one in `reaches`',
  ]);
  expect(problemsWith({}, ['cache'])).toEqual([]);
  expect(problemsWith({ stall: 504 }, ['cache', 'plain'])).toEqual([]);
});

test('a stream needs an HTTP upstream as well', () => {
  expect(problemsWith({}, ['cache'], { format: 'sse' })).toEqual([
    'endpoints.ask.stream: it reaches no HTTP upstream; list one in `reaches`',
  ]);
  expect(problemsWith({}, ['cache', 'llm'], { format: 'sse' })).toEqual([]);
});
