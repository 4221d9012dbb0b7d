import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../engine/base/duration.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { type Flags, NO_FLAGS } from '../../engine/options/flags.ts';
import { parseLocalAddresses } from '../../engine/options/local-addresses.ts';
import { resolveOptions } from '../../engine/options/resolve-options.ts';

const resolve = (options: unknown, flags: Partial<Flags> = {}) =>
  resolveOptions({ options, default: () => {} }, { script: 'script.ts', ...NO_FLAGS, ...flags }, silentLogger);
const scenarios = (options: unknown, flags: Flags['options'] = {}) =>
  resolve(options, { options: flags }).scenarios.map(({ config: { name, executor }, vus, duration }) => [
    name,
    executor,
    vus,
    duration,
  ]);

describe('a duration', () => {
  it.each([
    ['1s', 1_000],
    ['1m30s', 90_000],
    ['800ms', 800],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000],
    ['250', 250],
    [250, 250],
    ['0s', 0],
    ['1d12h', 129_600_000],
    ['-1s', -1_000],
    ['.5s', 500],
    ['5.s', 5_000],
    ['1e3', 1_000],
    [-1, -1],
  ])('%j is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', 's', ' 1s', '1 s', '1y', '1.5d', '1d-1h', Number.NaN, 'soon'])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'INVALID_DURATION' }));
  });

  it('is written as Go writes it', () => {
    expect([500, 2_000, 90_000, 3_600_000].map(formatDuration)).toEqual(['500ms', '2s', '1m30s', '1h0m0s']);
  });
});

describe('--local-ips', () => {
  it.each([
    ['127.0.0.2', ['127.0.0.2']],
    ['127.0.0.254-127.0.1.1', ['127.0.0.254', '127.0.0.255', '127.0.1.0', '127.0.1.1']],
    ['127.0.0.9, 127.0.0.2-127.0.0.3', ['127.0.0.9', '127.0.0.2', '127.0.0.3']],
    ['127.1.0.0/30', ['127.1.0.1', '127.1.0.2']],
    ['127.1.0.7/32', ['127.1.0.7']],
  ])('%s', (text, addresses) => {
    expect(parseLocalAddresses(text)).toEqual(addresses);
  });

  it.each(['', 'localhost', '127.0.0.3-127.0.0.2', '127.0.0.1/33', '127.0.0.1-', '10.0.0.0/8', '::1'])(
    'refuses %j',
    (text) => {
      expect(() => parseLocalAddresses(text)).toThrow(
        expect.objectContaining({ code: 'INVALID_LOCAL_IPS', exitCode: 104 }),
      );
    },
  );
});

describe('options', () => {
  it.each([
    [undefined, ['default', 'per-vu-iterations', 1, 600_000]],
    [{ vus: 3 }, ['default', 'shared-iterations', 3, 600_000]],
    [{ iterations: 4, vus: 2, duration: '5s' }, ['default', 'shared-iterations', 2, 5_000]],
    [{ vus: 2, duration: '1s' }, ['default', 'constant-vus', 2, 1_000]],
    [{ stages: [{ duration: '1s', target: 5 }] }, ['default', 'ramping-vus', 5, 1_000]],
  ])('%j make one scenario', (options, expected) => {
    expect(scenarios(options)).toEqual([expected]);
  });

  it('of the command line take the place of all scenarios', () => {
    const script = { scenarios: { mine: { executor: 'constant-vus', duration: '1s' } } };
    expect(scenarios(script, { iterations: 2 })).toEqual([['default', 'shared-iterations', 1, 600_000]]);
  });

  it('that are wrong are all told at once, each with its scenario', () => {
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

  it('of thresholds come in two forms', () => {
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
