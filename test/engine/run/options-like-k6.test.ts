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
    scenarios: { default: { ...unset, executor: 'ramping-vus', startVUs: 2, stages } },
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
