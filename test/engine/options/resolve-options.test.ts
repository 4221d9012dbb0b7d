import { describe, expect, test } from 'vitest';
import { silentLogger } from '../../../engine/base/logger.ts';
import { flagsFor } from '../../../engine/cli/command.ts';
import { resolveOptions } from '../../../engine/options/resolve-options.ts';

const resolve = (options: unknown) =>
  resolveOptions({ options, default: () => {} }, flagsFor('script.ts'), silentLogger);
const scenarios = (options: unknown) =>
  resolve(options).scenarios.map(({ config: { name, executor }, vus, duration }) => [name, executor, vus, duration]);

describe('options', () => {
  test.each([
    [undefined, ['default', 'per-vu-iterations', 1, 600_000]],
    [{ vus: 3 }, ['default', 'shared-iterations', 3, 600_000]],
    [{ iterations: 4, vus: 2, duration: '5s' }, ['default', 'shared-iterations', 2, 5_000]],
    [{ vus: 2, duration: '1s' }, ['default', 'constant-vus', 2, 1_000]],
    [{ stages: [{ duration: '1s', target: 5 }] }, ['default', 'ramping-vus', 5, 1_000]],
  ])('%j result in one scenario', (options, expected) => {
    expect(scenarios(options)).toEqual([expected]);
  });

  test('report all problems at once, each with its scenario', () => {
    const wrong = {
      scenarios: {
        a: { executor: 'constant-vus', vus: 0, duration: '500ms' },
        b: { executor: 'constant-vus', duration: '1s', exec: 'nowhere' },
        c: { executor: 'externally-controlled' },
        d: { executor: 'constant-vus', duration: '1s', pace: 3 },
      },
    };
    expect(() => resolve(wrong)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTIONS',
        exitCode: 104,
        message: [
          'There were problems with the specified script configuration:',
          '\t- scenario a has configuration errors: the number of VUs must be more than 0, the duration must be at least 1s, but is 500ms',
          "\t- scenario c has configuration errors: unknown executor 'externally-controlled': there are shared-iterations, per-vu-iterations, constant-vus, ramping-vus, constant-arrival-rate, ramping-arrival-rate",
          '\t- scenario d has configuration errors: options: Unrecognized key: "pace"',
          "\t- executor b: function 'nowhere' not found in exports",
        ].join('\n'),
      }),
    );
  });

  test('accept two forms of thresholds', () => {
    const { thresholds } = resolve({
      thresholds: {
        b: ['count>1'],
        c: [{ threshold: 'count>2', abortOnFail: true, delayAbortEval: '3s' }],
      },
    });
    expect(thresholds).toEqual({
      b: [{ expression: 'count>1', abortOnFail: false, delayAbortEval: 0 }],
      c: [{ expression: 'count>2', abortOnFail: true, delayAbortEval: 3_000 }],
    });
  });
});
