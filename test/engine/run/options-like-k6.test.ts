import { expect, test } from 'vitest';
import { runSource } from '../run-source.ts';

const SHOWS_OPTIONS = `
  import exec from 'k6/execution';
  const log = () => {
    const { vus, duration, stages, scenarios, tags, rps, setupTimeout } = options;
    console.log(JSON.stringify({ vus, duration, stages, scenarios, tags, rps, setupTimeout }));
  };
  export const setup = () => {
    log();
    const { scenarios, setupTimeout, tags, rps, systemTags } = exec.test.options;
    console.log(JSON.stringify({ scenarios, setupTimeout, tags, rps, systemTags }));
  };
  export default log;`;

test('scripts see the options of all sources, with durations as text', async () => {
  const script = `${SHOWS_OPTIONS} export const options = { vus: 2, iterations: 2, setupTimeout: '90s', tags: { a: 'b' } };`;
  const { said } = await runSource(script, {
    args: ['--stage', '10ms:1', '--tag', 'c=d', '--rps', '50', '--system-tags', 'url,check'],
  });
  const common = { tags: { c: 'd' }, rps: 50, setupTimeout: '1m30s' };
  const stages = [{ duration: '10ms', target: 1 }];
  const unset = { startTime: null, gracefulStop: null, env: null, exec: null, tags: null };
  const [ofScript, ofTest] = said.map((text) => JSON.parse(text));
  expect(ofScript).toEqual({ vus: 2, stages, scenarios: {}, ...common });
  expect(ofTest).toEqual({
    ...common,
    systemTags: ['check', 'url'],
    scenarios: { default: { ...unset, executor: 'ramping-vus', startVUs: 2, stages, gracefulRampDown: null } },
  });
});

test("the options of a script's scenarios are in exec.test.options only", async () => {
  const scenario = { executor: 'per-vu-iterations', maxDuration: '90s', gracefulStop: 500, tags: { a: 'b' } };
  const options = { scenarios: { one: scenario } };
  const { said } = await runSource(`${SHOWS_OPTIONS} export const options = ${JSON.stringify(options)};`);
  const [ofSetup, ofTest, ofVu] = said.map((text) => JSON.parse(text));
  expect([ofSetup, ofVu]).toEqual([{ scenarios: {} }, { scenarios: {} }]);
  expect(ofTest.scenarios.one).toMatchObject({ maxDuration: '1m30s', gracefulStop: '500ms', exec: null });
});

test("tags of the command line replace the script's", async () => {
  const script = `export const options = { tags: { a: 'b' }, thresholds: { 'iterations{a:b}': ['count>0'] } };
    export default () => {};`;
  expect((await runSource(script)).exitCode).toBe(0);
  expect((await runSource(script, { args: ['--tag', 'c=d'] })).exitCode).toBe(99);
});

test('after the init stage, the thresholds in options are no lists any more, except in JSON', async () => {
  const given = [
    'count<9',
    { threshold: 'count>0', abortOnFail: true, delayAbortEval: 1500 },
    { threshold: 'count<8' },
  ];
  const { said } = await runSource(`
    import exec from 'k6/execution';
    export const options = { thresholds: { iterations: ${JSON.stringify(given)}, checks: null } };
    export default () => {
      const { iterations } = options.thresholds;
      console.log(JSON.stringify([options.thresholds, exec.test.options.thresholds, iterations.thresholds, iterations.map]));
      try { iterations.map((one) => one); } catch ({ name }) { console.log(name); }
      try { iterations.own = 1; } catch ({ name }) { console.log(name); }
    };`);
  const list = ['count<9', { threshold: 'count>0', abortOnFail: true, delayAbortEval: '1.5s' }, 'count<8'];
  const unset = { last_failed: false, abort_on_fail: false, abort_grace_period: null };
  expect(JSON.parse(said[0] ?? '')).toEqual([
    { iterations: list, checks: [] },
    { iterations: list, checks: [] },
    [
      { ...unset, source: 'count<9' },
      { ...unset, source: 'count>0', abort_on_fail: true, abort_grace_period: '1.5s' },
      { ...unset, source: 'count<8' },
    ],
    null,
  ]);
  expect(said.slice(1)).toEqual(['TypeError', 'TypeError']);
});

test.each(['{ min: http.SSL_3_0, max: http.TLS_1_2 }', '{ min: null }', '{ max: "tls1.2" }', '{}'])(
  'tlsVersion may be %s',
  async (range) => {
    const { exitCode, errors } = await runSource(`
      import http from 'k6/http';
      export const options = { tlsVersion: ${range} };
      export default () => {};`);
    expect([exitCode, errors]).toEqual([0, []]);
  },
);
