import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { unusableWork } from '../../../harness/contract/unusable-work.ts';
import router from '../../defects/upstreams/router.ts';

const PROMISE = { accepted: [202], withinSeconds: 2 };

function problemsWith(finishesLater: object, changed: object = {}, start: object = {}): string[] {
  const { data, error } = contractSchema.safeParse({
    ...router,
    start: { ...router.start, ...start },
    upstreams: { ...router.upstreams, cache: { tcp: '127.0.0.1:6379' } },
    endpoints: {
      ...router.endpoints,
      chat: { ...router.endpoints.chat, fallback: undefined, reaches: ['llm'], finishesLater, ...changed },
    },
  });
  const problems = data ? unusableWork(data) : (error?.issues ?? []);
  return problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('accepts upstreams that the endpoint reaches, and those that only a worker does', () => {
  expect(problemsWith(PROMISE)).toEqual([]);
  expect(problemsWith({ ...PROMISE, survives: 'SIGKILL' }, { reaches: ['cache', 'llm'] })).toEqual([]);
  expect(problemsWith({ ...PROMISE, upstreams: ['backup'] }, { reaches: [] })).toEqual([]);
});

const PATH = 'endpoints.chat.finishesLater';
const NONE = `${PATH}: no HTTP upstream gets its work; list one in \`upstreams\``;

test.each<[string, object, object, string]>([
  ['no upstream', PROMISE, { reaches: [] }, NONE],
  ['only a TCP server', PROMISE, { reaches: ['cache'] }, NONE],
  ['only optional upstreams', PROMISE, { servedWithout: ['llm'] }, NONE],
  [
    'an unknown upstream',
    { ...PROMISE, upstreams: ['other'] },
    {},
    `${PATH}.upstreams.0: there is no "other"; there are llm, backup, cache`,
  ],
  ['a TCP server', { ...PROMISE, upstreams: ['llm', 'cache'] }, {}, `${PATH}.upstreams.1: "cache" is no HTTP upstream`],
  [
    'an optional upstream',
    { ...PROMISE, upstreams: ['llm'] },
    { servedWithout: ['llm'] },
    `${PATH}.upstreams.0: "chat" is served without "llm"; remove one of the two promises`,
  ],
  [
    'a signal that ends no service',
    { ...PROMISE, survives: 'SIGHUP' },
    {},
    `${PATH}.survives: Invalid option: expected one of "SIGTERM"|"SIGKILL"`,
  ],
  ['no status', { ...PROMISE, accepted: [] }, {}, `${PATH}.accepted: Too small: expected array to have >=1 items`],
])('rejects %s', (_, promise, changed, problem) => {
  expect(problemsWith(promise, changed)).toEqual([problem]);
});

test('a service that is already running has upstreams that are not known', () => {
  const running = { command: undefined, running: { url: 'http://127.0.0.1:1' } };
  expect(problemsWith({ ...PROMISE, upstreams: ['other'] }, {}, running)).toEqual([]);
});
