import { expect, onTestFinished, test, vi } from 'vitest';
import { loadContract } from '../../../../harness/contract/load.ts';
import { yaml } from '../contract-files.ts';
import { asking, problemsWith, VALID } from './problems.ts';

const LAB =
  '${port}, ${postgres}, ${postgres.host}, ${postgres.port}, ${postgres.user}, ${postgres.password}, ' +
  '${postgres.database}, ${postgres.tls}, ${postgres.ca}, ${folder}, ${ca}, ${proxy}, ${secret}, ${keys}, ${users}, ${otlp}, ${day.offset}, ${day.ends}';
const PREFIXES = '${upstream.NAME}, ${env.NAME}; for the text ${, write $${';

test('the values of the lab are known in commands, settings and files, and settings in files', async () => {
  const known = LAB.replaceAll(',', '');
  const problems = await problemsWith({
    upstreams: { ...VALID.upstreams, memory: { kind: 'mem0', via: 'proxy' } },
    // Arguments must not contain the token of the proxy.
    start: { ...VALID.start, command: ['serve', known.replace('${proxy}', '')] },
    environment: { A: known, B: '${upstream.llm.host} ${env.HOME}' },
    conditions: { 'no-breakers': { A: known } },
    profiles: { fast: { environment: { C: known } } },
    files: { 'a.conf': `${known} \${setting.A} \${setting.C} $\${host}` },
  });
  expect(problems).toEqual([]);
});

test.each<[object, string]>([
  [
    { files: { 'nginx.conf': 'Host ${host}' } },
    `files.nginx.conf: \${host} is unknown; allowed: ${LAB}, \${setting.KEYS}, ${PREFIXES}`,
  ],
  [{ environment: { A: '${redis}' } }, `environment.A: \${redis} is unknown; allowed: ${LAB}, ${PREFIXES}`],
  [
    { environment: { A: '1' }, files: { 'a.conf': '${setting.B}' } },
    `files.a.conf: \${setting.B} is unknown; allowed: ${LAB}, \${setting.A}, ${PREFIXES}`,
  ],
  [{ environment: { A: '${setting.A}' } }, `environment.A: \${setting.A} is unknown; allowed: ${LAB}, ${PREFIXES}`],
  [
    { environment: {}, conditions: { 'no-breakers': { A: '1' } }, files: { 'a.conf': '${setting.A}' } },
    `files.a.conf: \${setting.A} is unknown; allowed: ${LAB}, ${PREFIXES}`,
  ],
  [
    { environment: { URL: '${upstream.grok.host}' } },
    'environment.URL: there is no "grok"; allowed: llm, backup, cache',
  ],
  [
    asking({ query: { at: '${time}' } }),
    `endpoints.ask.query.at: \${time} is unknown; allowed: \${unique}, \${client}, \${user}, \${password}, ${PREFIXES}`,
  ],
])('in %j, the name is refused', async (parts, problem) => {
  expect(await problemsWith(parts)).toEqual([problem]);
});

test('the address of public keys is known only if the lab signs the tokens', async () => {
  const environment = { KEYS_URL: '${jwks}', ISSUER: '${issuer}' };
  expect((await problemsWith({ environment })).map((problem) => problem.slice(0, 28))).toEqual([
    'environment.KEYS_URL: ${jwks',
    'environment.ISSUER: ${issuer',
  ]);
  const authentication = { kind: 'bearer-jwt-rs256' };
  expect(await problemsWith({ environment, authentication, ...asking({ user: 'u' }) })).toEqual([]);
});

const UNSET = '${env.PROOFLOAD_NOT_SET}';
const NOT_SET = `${UNSET}: PROOFLOAD_NOT_SET is not set`;

test.each<[object, string]>([
  [{ environment: { KEY: UNSET } }, 'environment.KEY'],
  [{ start: { ...VALID.start, command: ['serve', UNSET] } }, 'start.command.1'],
  [{ start: { ...VALID.start, workers: { jobs: [UNSET] } } }, 'start.workers.jobs.0'],
  [{ profiles: { fast: { environment: { LIMIT: `1${UNSET}` } } } }, 'profiles.fast.environment.LIMIT'],
  [{ files: { 'a.conf': UNSET } }, 'files.a.conf'],
  [asking({ headers: { 'X-Key': UNSET } }), 'endpoints.ask.headers.X-Key'],
])('in %j, an unset variable is a problem only if the service is started', async (parts, place) => {
  expect(await problemsWith(parts, 'fast')).toEqual([`${place}: ${NOT_SET}`]);
  expect(await problemsWith(parts)).toEqual([]);
  vi.stubEnv('PROOFLOAD_NOT_SET', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await problemsWith(parts, 'fast')).toEqual([]);
});

test('variables of other profiles and of conditions may be unset', async () => {
  const environment = { A: UNSET };
  const parts = { conditions: { idle: environment }, profiles: { fast: {}, production: { environment } } };
  expect(await problemsWith(parts, 'fast')).toEqual([]);
  expect(await problemsWith(parts, 'production')).toEqual([`profiles.production.environment.A: ${NOT_SET}`]);
});

test('variables of a replaced command may be unset', async () => {
  const path = await yaml('node, service.mjs', `'${UNSET}', service.mjs`);
  await expect(loadContract(path, { profile: 'fast' })).rejects.toThrow(
    /✖ \S+:\d+: start\.command\.0: \$\{env.PROOFLOAD_NOT_SET\}: PROOFLOAD_NOT_SET is not set$/,
  );
  const { start } = await loadContract(path, { profile: 'fast', command: ['other'] });
  expect(start).toMatchObject({ command: ['other'], cwd: process.cwd() });
});
