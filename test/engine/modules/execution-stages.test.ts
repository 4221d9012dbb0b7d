import { expect, test } from 'vitest';
import { runSource } from '../run-source.ts';

const SCRIPT = `
  import exec from 'k6/execution';
  const look = (stage) => {
    const read = (get) => { try { return String(get()); } catch ({ message }) { return message; } };
    const values = [
      read(() => exec.instance.vusInitialized),
      read(() => exec.vu.iterationInInstance),
      read(() => exec.vu.iterationInScenario),
      read(() => exec.test.options.paused),
    ];
    console.log(stage + ': ' + values.join(', '));
  };
  look('init');
  export const setup = () => look('setup');
  export default () => look('iteration');
  export const teardown = () => look('teardown');
  export const handleSummary = () => { look('summary'); return {}; };`;

test('k6/execution has the same values as in k6 in each stage', async () => {
  const { said } = await runSource(SCRIPT);
  const noneOf = (what: string) => `getting ${what} in the init context is not supported`;
  const [instance, vu, options] = ['instance information', 'VU information', 'test options'].map(noneOf);
  const init = `init: ${instance}, ${vu}, ${vu}, ${options}`;
  expect(new Set(said)).toEqual(
    new Set([
      init,
      'setup: 1, 0, 0, null',
      'iteration: 1, 0, 0, null',
      `teardown: ${instance}, 0, 0, null`,
      `summary: ${instance}, 0, 0, null`,
    ]),
  );
});
