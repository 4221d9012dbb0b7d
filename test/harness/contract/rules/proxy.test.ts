import { expect, test } from 'vitest';
import { problemsWith, VALID } from './problems.ts';

const PROXY = { HTTPS_PROXY: '${proxy}', HTTP_PROXY: '${proxy}', NO_PROXY: '127.0.0.1,localhost' };

const via = (environment: object, llm: object = { kind: 'groq', via: 'proxy' }) => ({
  upstreams: { ...VALID.upstreams, llm },
  environment: { ...VALID.environment, ...environment },
});

test.each([
  ['upper case', PROXY],
  ['lower case', { https_proxy: '${proxy}', http_proxy: '${proxy}', no_proxy: 'localhost, 127.0.0.0/8' }],
  ['one variable for both', { ALL_PROXY: '${proxy}', NO_PROXY: '127.0.0.1' }],
  ['a setting of the service', { OUTBOUND_PROXY: '${proxy}' }],
])('accepts a proxy in %s', async (_, environment) => {
  expect(await problemsWith(via(environment))).toEqual([]);
});

test('accepts a host and a port that only the service knows', async () => {
  const crm = { forward: 'http://127.0.0.1:9200', via: 'proxy', host: 'crm.internal:8443' };
  expect(await problemsWith(via(PROXY, crm))).toEqual([]);
});

test.each<[string, object, string[]]>([
  [
    'an upstream behind a proxy that the service does not get',
    via({}),
    [
      expect.stringMatching(
        /^upstreams\.llm\.via: no setting contains \$\{proxy\}, so the service would call the real/,
      ),
    ],
  ],
  [
    'a proxy without an upstream behind it',
    { environment: PROXY },
    [
      'environment.HTTPS_PROXY: ${proxy} needs an upstream with `via: proxy`',
      'environment.HTTP_PROXY: ${proxy} needs an upstream with `via: proxy`',
    ],
  ],
  [
    'a proxy for calls to the lab itself',
    via({ HTTP_PROXY: '${proxy}' }),
    ['environment.HTTP_PROXY: calls to the lab itself would go to the proxy; add NO_PROXY: 127.0.0.1,localhost'],
  ],
  [
    'exceptions from the proxy without the lab',
    via({ ...PROXY, NO_PROXY: 'localhost' }),
    ['environment.NO_PROXY: calls to the lab itself would go to the proxy; add 127.0.0.1'],
  ],
  [
    'a proxy for https:// only',
    via({ HTTPS_PROXY: '${proxy}', NO_PROXY: '127.0.0.1' }),
    ['environment.HTTPS_PROXY: calls to http:// would leave this machine; add HTTP_PROXY: ${proxy}'],
  ],
  ...['*', 'groq.com', '.groq.com', 'API.groq.com:443'].map((entry): [string, object, string[]] => [
    `the real API in NO_PROXY: ${entry}`,
    via({ ...PROXY, NO_PROXY: `127.0.0.1,${entry}` }),
    ['environment.NO_PROXY: the service would call the real api.groq.com, past the proxy'],
  ]),
  [
    'the token in the arguments',
    { ...via(PROXY), start: { ...VALID.start, command: ['serve', '--proxy', '${proxy}'] } },
    [
      'start.command.2: every user of the machine can read arguments, and ${proxy} contains a token; ' +
        'write it in `environment`',
    ],
  ],
  [
    'two upstreams with one host',
    { ...via(PROXY), upstreams: { llm: { kind: 'groq', via: 'proxy' }, other: { kind: 'groq', via: 'proxy' } } },
    [
      'upstreams.llm.via: "other" is the same host, so calls could not be told apart',
      'upstreams.other.via: "llm" is the same host, so calls could not be told apart',
    ],
  ],
  [
    'an API whose host is not known',
    via(PROXY, { forward: 'http://127.0.0.1:9200', via: 'proxy' }),
    ['upstreams.llm: via: needs the `host` that the service calls'],
  ],
  [
    'a port without a proxy',
    via({}, { kind: 'groq', host: 'localhost:8443' }),
    ['upstreams.llm: host: only with `via: proxy` has it a port'],
  ],
])('rejects %s', async (_, changes, problems) => {
  expect(await problemsWith(changes)).toEqual(problems);
});

test('a profile and a condition change the settings that apply', async () => {
  const environment = { NO_PROXY: '' };
  const direct = { conditions: { past: { NO_PROXY: '127.0.0.1,*' } }, profiles: { fast: { environment } } };
  expect(await problemsWith({ ...via(PROXY), ...direct })).toEqual([
    'profiles.fast.environment.NO_PROXY: calls to the lab itself would go to the proxy; add 127.0.0.1',
    'conditions.past.NO_PROXY: the service would call the real api.groq.com, past the proxy',
  ]);
});
