import { glob, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { proofload, whyInconclusive } from '../../support/command-line.ts';
import { usingSharedPostgres } from '../../support/embedded-postgres.ts';
import { ALONE_MS } from '../../support/limits.ts';
import { decided } from '../../support/measured-again.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A scenario that records whatever it gets as tags, names of tags, output and errors. */
const SCENARIO = `
import http from 'k6/http';
import { Trend } from 'k6/metrics';
import ws from 'k6/ws';
import sse from 'k6/x/sse';
import { call, context } from 'proofload/scenario';
export { handleSummary } from 'proofload/scenario';

export const proof = {
  about: 'The service shows its secrets in every place.',
  judges: 'secrets', clients: 1, seconds: 2, conditions: [], holds: ['steady-state'],
};
export const options = {
  scenarios: { own: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '1m' } },
};
const seen = new Trend('seen');
function note(text) {
  seen.add(1, { said: text, [text]: 'said' });
  console.log(text);
  console.error(text);
}
export default async function () {
  const [origin] = context.services;
  for (const name of ['calls', 'items']) {
    const { body, headers } = await call(name, {});
    for (const text of [body, JSON.stringify(headers), ...body.split(/\\s+/)]) note(text);
  }
  const { body } = await call('items', {});
  http.get(origin + '/redirect');
  http.get(origin + '/items?sent=' + encodeURIComponent(body.split(' ')[0]));
  sse.open(origin + '/stream', {}, (client) => client.on('event', ({ data }) => note('event ' + data)));
  ws.connect(origin.replace('http', 'ws'), {}, (socket) => socket.on('message', (data) => note('message ' + data)));
  throw new Error(body);
}
`;

const KEYS = {
  API_KEY: '${env.ECHO_KEY}',
  GENERATED: '${secret}',
  PLAIN_TOKEN: 'token-in-the-text-of-a-file-1234',
  NEUTRAL: '${env.ECHO_NEUTRAL}',
  CALLERS: '${keys}',
};

/** Returns a contract for the service, with a scenario in the same folder. */
async function project() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'proofload', 'scenarios'), { recursive: true });
  await writeFile(join(folder, 'proofload', 'scenarios', 'echo.js'), SCENARIO);
  const values = join(folder, 'values.json');
  const lab = { PORT: '${port}', DATABASE_URL: '${postgres}', UPSTREAM: '${upstream.shop}', OTLP: '${otlp}' };
  const endpoint = (path: string) => ({ method: 'GET', path, served: [200] });
  const contract = join(folder, 'contract.json');
  const service = { command: ['node', resolve('test/harness/run/echo-service.ts')], readyPath: '/health' };
  await writeFile(
    contract,
    JSON.stringify({
      name: 'echo',
      start: { ...service, readySeconds: 60 },
      upstreams: { shop: { kind: 'openai', tls: false } },
      environment: { ...lab, ...KEYS, VALUES: values },
      authentication: { kind: 'bearer', entries: 'key', keySetting: 'CALLERS' },
      endpoints: {
        calls: { ...endpoint('/calls'), reaches: ['shop'], authenticated: true },
        items: { ...endpoint('/items'), authenticated: true },
        health: endpoint('/health'),
      },
      profiles: { fast: {} },
    }),
  );
  return { contract, values };
}

/** Returns the parts of a value that must not be written: each of its halves, in each encoding. */
const halvesOf = (value: string): string[] =>
  [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), Buffer.from(value).toString('base64')].flatMap(
    (form) => [form.slice(0, form.length / 2), form.slice(form.length / 2)],
  );

test(
  'no file of a run, and no output, shows a secret or half of it, wherever the service shows it',
  async () => {
    const { contract, values } = await project();
    const environment = {
      ...(await usingSharedPostgres()),
      CONTRACT: contract,
      ENGINE: 'embedded',
      ECHO_KEY: 'sk-live-"ab/&cdü0123456789',
      ECHO_NEUTRAL: 'qwertyuiopasdfghjkl-1',
    };
    const args = ['run', 'stress/smoke', 'own/echo', '--verbose'];
    const measure = async () => {
      const { results, exited } = await proofload(args, environment);
      return { results, ...(await exited) };
    };
    const { results, text } = await decided('echo', measure, whyInconclusive);
    expect(text).toContain('\nFAIL: 2 of 2 scenarios judged');
    const secrets: string[] = JSON.parse(await readFile(values, 'utf8'));
    expect(secrets.filter((value) => value.length < 16)).toEqual([]);
    const texts = new Map([['the terminal', text]]);
    for await (const path of glob('latest/**/*', { cwd: results })) {
      const file = join(results, path);
      if ((await stat(file)).isFile()) texts.set(path, await readFile(file, 'utf8'));
    }
    const shown = [...texts].flatMap(([place, written]) =>
      secrets.flatMap(halvesOf).flatMap((half) => (written.includes(half) ? [`${place} shows ${half}`] : [])),
    );
    expect(shown).toEqual([]);
    // What was shown has arrived there.
    const redacted = (place: string) => texts.get(`latest/${place}`)?.match(/REDACTED/g)?.length ?? 0;
    for (const folder of ['stress-smoke', 'own-echo']) {
      expect(redacted(`${folder}/history.ndjson`)).toBeGreaterThan(20);
      expect(redacted(`${folder}/service.log`)).toBeGreaterThan(20);
      expect(redacted(`${folder}/samples.json`)).toBeGreaterThan(2);
    }
    const history = texts.get('latest/own-echo/history.ndjson') ?? '';
    const recorded = [
      /"type":"span",.*"name":"REDACTED/,
      /"path":"\/REDACTED/,
      /"said":"event REDACTED"/,
      /"said":"message REDACTED"/,
      /"type":"engine",.*"text":"Uncaught.*REDACTED/,
    ];
    expect(recorded.filter((text) => !text.test(history))).toEqual([]);
  },
  ALONE_MS,
);
