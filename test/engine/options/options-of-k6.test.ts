import { expect, test } from 'vitest';
import { runCommand } from '../../../engine/cli/command.ts';
import type { Flags } from '../../../engine/options/flags.ts';
import { resolveOptions } from '../../../engine/options/resolve-options.ts';

interface Given {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Returns what the options lead to: executors with their VUs and iterations plus warnings, or an exit code and its
 * reason.
 */
async function outcomeOf(options: unknown, { args = [], env = {} }: Given = {}) {
  const warnings: string[] = [];
  let flags: Flags | undefined;
  const run = async (given: Flags) => {
    flags = given;
  };
  try {
    await runCommand(['run', ...args, 'script.js'], env, { run, version() {} });
    const script = { options, default() {}, other() {} };
    const logger = { log: (_: string, message: string) => void warnings.push(message) };
    const { scenarios } = resolveOptions(script, flags as Flags, logger);
    const runs = scenarios.map(({ config, vus }) =>
      [config.executor, vus, (config as { iterations?: number }).iterations]
        .filter((part) => part !== undefined)
        .join(' '),
    );
    return [...runs, ...warnings].join('; ');
  } catch (error) {
    const { exitCode, message } = error as { exitCode: number; message: string };
    return `${exitCode} ${message.split('\n\t- ').slice(-1)[0]}`;
  }
}

const ownScenarios = { scenarios: { ownScenarios: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } } };
const stages = [{ duration: '1s', target: 1 }];
const both = (a: string, b: string) => `104 using \`${a}\` and \`${b}\` options simultaneously is not allowed`;
const isEmpty = (name: string) =>
  `per-vu-iterations 1 1; \`${name}\` was explicitly set to an empty value, running the script with 1 iteration in 1 VU`;
const unknown = (names: string) =>
  `per-vu-iterations 1 1; There were unknown fields in the options exported in the script: ${names}`;

// The expected values were recorded from k6 v2.2.0, with its exact messages for conflicts between scenarios.
test.each<[unknown, string, Given?]>([
  [{ iterations: 2, ...ownScenarios }, both('iterations', 'scenarios')],
  [{ iterations: 2, scenarios: {} }, both('iterations', 'scenarios')],
  [{ iterations: 2, stages }, both('iterations', 'stages')],
  [{ iterations: 2, stages: [] }, 'shared-iterations 1 2'],
  [{ duration: '1s', stages }, both('duration', 'stages')],
  [{ duration: '1s', ...ownScenarios }, both('duration', 'scenarios')],
  [{ stages, ...ownScenarios }, both('stages', 'scenarios')],
  [{ iterations: 2, duration: '1s' }, 'shared-iterations 1 2'],
  [{ duration: 0 }, '104 `duration` option should be more than 0'],
  [
    { iterations: 0 },
    "104 scenario default has configuration errors: the number of iterations (0) can't be less than the number of VUs (1)",
  ],
  [{ vus: 3 }, 'shared-iterations 3 3'],
  [{ vus: 3, ...ownScenarios }, 'shared-iterations 3 3; `vus=3` overrides scenarios configuration'],
  [{ vus: 3, stages: [] }, isEmpty('stages')],
  [{ vus: 0 }, '104 scenario default has configuration errors: the number of VUs must be more than 0'],
  [{ scenarios: {} }, isEmpty('scenarios')],
  [{ stages }, 'shared-iterations 1 2', { args: ['-i', '2'] }],
  [
    ownScenarios,
    'constant-vus 1; "cli" level configuration overrode scenarios configuration entirely',
    { args: ['-d', '1s'] },
  ],
  [
    ownScenarios,
    'shared-iterations 1 3; "env" level configuration overrode scenarios configuration entirely',
    { env: { K6_ITERATIONS: '3' } },
  ],
  [ownScenarios, 'shared-iterations 3 3; `vus=3` overrides scenarios configuration', { args: ['-u', '3'] }],
  [ownScenarios, 'shared-iterations 3 3; `vus=3` overrides scenarios configuration', { env: { K6_VUS: '3' } }],
  [{}, both('iterations', 'stages'), { args: ['-s', '1s:1', '-i', '2'] }],
  [{}, both('duration', 'stages'), { env: { K6_DURATION: '1s', K6_STAGES: '1s:1' } }],
  [{ duration: '1s' }, 'shared-iterations 2 4', { args: ['-u', '2'], env: { K6_ITERATIONS: '4' } }],
  [{}, 'constant-vus 1', { args: ['-d', '1s'], env: { K6_ITERATIONS: '3' } }],
  [{ iterations: 4 }, 'shared-iterations 1 4', { env: { K6_EXECUTION_SEGMENT: '0:1/2' } }],

  [{ vus: '2' }, 'shared-iterations 2 2'],
  [{ vus: '+2', iterations: '3' }, 'shared-iterations 2 3'],
  [{ vus: '' }, 'per-vu-iterations 1 1'],
  [
    { vus: null, iterations: null, stages: null, scenarios: null, thresholds: null, tags: null, dns: null },
    'per-vu-iterations 1 1',
  ],
  [null, 'per-vu-iterations 1 1'],
  [{ vus: 2.5 }, '104 vus: expected a whole number, but is 2.5'],
  [{ vus: ' 2' }, '104 vus: expected a whole number, but is " 2"'],
  [{ VUs: 3 }, 'shared-iterations 3 3'],
  [{ Scenarios: { s: { Executor: 'per-vu-iterations', VUS: 2 } } }, 'per-vu-iterations 2 1'],
  [{ foo: 1, bar: {} }, unknown('bar, foo')],
  [{ linger: true, webDashboard: true }, unknown('linger, webDashboard')],
  [{ noSetup: true, handleSummaryTimeout: '1s', metricSamplesBufferSize: 5 }, 'per-vu-iterations 1 1'],
  [{ stages: [null, { target: 1 }, { duration: '1s', target: '1', foo: 1 }] }, 'ramping-vus 1'],
  [{ tags: { a: null } }, 'per-vu-iterations 1 1'],
  [{ systemTags: ['nonsense'], httpDebug: 'foo', summaryTimeUnit: 'min' }, 'per-vu-iterations 1 1'],
  [{ thresholds: { iterations: null, checks: [] } }, 'per-vu-iterations 1 1'],
  [{ summaryTrendStats: ['p(1e1)', 'p(9_5)'] }, 'per-vu-iterations 1 1'],
  [{ thresholds: { iterations: [{ Threshold: 'count>0', foo: 1, delayAbortEval: null }] } }, 'per-vu-iterations 1 1'],
  [{ setupTimeout: 0 }, '104 setupTimeout: setupTimeout must be positive'],
  [
    { summaryTrendStats: ['foo'] },
    "255 invalid trend stat 'foo': expected avg, min, med, max, count or p(N) with N from 0 to 100",
  ],
  [
    { summaryTrendStats: ['p(101)'] },
    "255 invalid trend stat 'p(101)': expected avg, min, med, max, count or p(N) with N from 0 to 100",
  ],
  [{ vus: Number.NaN }, '255 error parsing script options: json: unsupported value: NaN'],
  [
    { ext: { f() {} } },
    '255 error parsing script options: json: unsupported type: func(sobek.FunctionCall) sobek.Value',
  ],
])('%j → %s', async (options, expected, given) => {
  expect(await outcomeOf(options, given)).toBe(expected);
});

test.each([
  { vus: true },
  { vus: [] },
  { throw: 'true' },
  { throw: 1 },
  { userAgent: 5 },
  { duration: true },
  { duration: '' },
  { thresholds: { a: 'count>0' } },
  { thresholds: { a: { threshold: 'count>0' } } },
  { thresholds: { a: [5] } },
  { tags: { a: 1 } },
  { systemTags: 'url' },
  { httpDebug: true },
  { dns: 'ttl=5m' },
  { dns: { ttl: 5 } },
  { hosts: { a: 5 } },
  { ext: 5 },
  { stages: { duration: '1s', target: 1 } },
  { executionSegment: 5 },
  { scenarios: [] },
  { scenarios: { s: null } },
  5,
  [{ vus: 2 }],
])('%j ends with 104, as in k6', async (options) => {
  expect(await outcomeOf(options)).toMatch(/^104 /);
});

test.each<[object, string]>([
  [{ vus: '2' }, 'per-vu-iterations 2 1'],
  [{ vus: null, maxDuration: null, exec: null, env: null, tags: null, startTime: null }, 'per-vu-iterations 1 1'],
  [{ options: { browser: { type: 'chromium' } } }, 'per-vu-iterations 1 1'],
  [{ env: { A: null }, exec: 'other' }, 'per-vu-iterations 1 1'],
  [{ foo: 1 }, '104 scenario s has configuration errors: options: Unrecognized key: "foo"'],
  [
    { executor: 'externally-controlled' },
    "104 scenario s has configuration errors: unknown executor 'externally-controlled'",
  ],
  [{ executor: undefined }, "104 scenarios: scenario 's' doesn't have a specified executor type"],
  [{ env: { A: 1 } }, '104 scenario s has configuration errors: env.A: '],
  [{ startTime: '-1s' }, "104 scenario s has configuration errors: the startTime can't be negative"],
  [{ gracefulStop: '-1s' }, "104 scenario s has configuration errors: the gracefulStop timeout can't be negative"],
  [{ executor: 'constant-arrival-rate', rate: '1', duration: '1s', preAllocatedVUs: '1' }, 'constant-arrival-rate 1'],
  [{ executor: 'constant-arrival-rate', rate: 1.5, duration: '1s', preAllocatedVUs: 1 }, '104 scenario s has'],
  [
    { executor: 'constant-arrival-rate' },
    "104 scenario s has configuration errors: the iteration rate isn't specified, the duration is unspecified, the number of preAllocatedVUs isn't specified",
  ],
  [{ executor: 'constant-vus', vus: 1 }, '104 scenario s has configuration errors: the duration is unspecified'],
  [{ executor: 'ramping-vus' }, '104 scenario s has configuration errors: at least one stage has to be specified'],
  [
    { executor: 'ramping-vus', stages: [{}] },
    "104 scenario s has configuration errors: stage 1 doesn't have a duration, stage 1 doesn't have a target",
  ],
  [
    { executor: 'ramping-vus', stages: [{ duration: '1s', target: 200_000_000 }] },
    '104 scenario s has configuration errors: target for stage 1 exceeds max limit of 100000000',
  ],
])('the scenario %j → %s', async (scenario, expected) => {
  expect(await outcomeOf({ scenarios: { s: { executor: 'per-vu-iterations', ...scenario } } })).toContain(expected);
});

test.each(['a b', 'a.b', ''])('the scenario name %j is rejected', async (name) => {
  expect(await outcomeOf({ scenarios: { [name]: { executor: 'per-vu-iterations' } } })).toContain(
    'the scenario name should contain only numbers, latin letters, underscores, and dashes',
  );
});
