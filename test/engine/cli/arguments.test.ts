import { describe, expect, test, vi } from 'vitest';
import { argumentsFromEnvironment, plainArguments } from '../../../engine/cli/arguments.ts';
import { runCommand } from '../../../engine/cli/command.ts';
import type { Flags } from '../../../engine/options/flags.ts';

/** Combines arguments with those derived from environment variables. */
const completeArguments = (args: readonly string[], environment: NodeJS.ProcessEnv): string[] => [
  ...argumentsFromEnvironment(args, environment).flatMap((argument) => argument.args),
  ...plainArguments(args),
];

/** Parses a command line and returns its flags. */
async function flagsOf(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Flags> {
  const run = vi.fn<(flags: Flags) => Promise<void>>(async () => {});
  await runCommand(['run', ...args, 'script.js'], environment, { run, version: () => {} });
  return run.mock.calls[0]?.[0] as Flags;
}

describe('K6_* variables', () => {
  test('become flags in front of the other arguments', () => {
    const environment = { K6_VUS: '3', K6_STAGES: '1s:2,2s:3', K6_NO_SETUP: 'true', K6_THROW: '0', K6_RPS: '' };
    expect(completeArguments(['script.js'], environment)).toEqual([
      '--vus=3',
      '--stage=1s:2,2s:3',
      '--no-setup',
      'script.js',
    ]);
  });

  test('are overridden by their flag, short or long', () => {
    const environment = { K6_VUS: '3', K6_OUT: 'csv=a', K6_NO_SETUP: 'true' };
    expect(completeArguments(['-u', '5', '--out=json=b'], environment)).toEqual([
      '--no-setup',
      '-u',
      '5',
      '--out=json=b',
    ]);
  });

  test('that select the work are overridden by any flag that does so', () => {
    const environment = { K6_VUS: '3', K6_DURATION: '1s', K6_STAGES: '1s:2' };
    expect(completeArguments(['--iterations', '5'], environment)).toEqual(['--vus=3', '--iterations', '5']);
  });
});

describe('features that k6 has and the engine lacks', () => {
  test.each([
    'K6_WEB_DASHBOARD=true',
    'K6_LOG_OUTPUT=file=log.txt',
    'K6_LOG_OUTPUT=none',
    'K6_FEATURES=freeze-env',
    'K6_TRACES_OUTPUT=otel',
    'K6_SECRET_SOURCE=mock=a=b',
    'K6_COMPATIBILITY_MODE=base',
    'K6_CONSOLE_OUTPUT=log.txt',
    'K6_TYPE=archive',
    'K6_ADDRESS=localhost:6565',
    'K6_NEW_MACHINE_READABLE_SUMMARY=true',
    'K6_LINGER=1',
    'K6_PAUSED=something',
    'K6_HOSTS=something',
    'K6_THRESHOLDS=something',
    'K6_TAGS=something',
    'K6_CSV_TIME_FORMAT=rfc3339',
    'K6_CSV_FILENAME=out.csv',
    'K6_HANDLE_SUMMARY_TIMEOUT=1s',
    'K6_NO_COOKIES_RESET=true',
    'K6_TLSAUTH=x',
    'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM=true',
    'K6_PROFILING_ENABLED=true',
    'K6_NO_SUMMARY=true',
  ])('is refused by name: the variable %s', (variable) => {
    const [name = '', ...value] = variable.split('=');
    expect(() => completeArguments(['script.js'], { [name]: value.join('=') })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTIONS',
        exitCode: 104,
        message: expect.stringContaining(`the variable ${name} is not available in the embedded engine`),
      }),
    );
  });

  test.each([
    '--paused',
    '-p',
    '--linger',
    '-l',
    '--features=freeze-env',
    '--compatibility-mode=base',
    '--type=archive',
    '--traces-output=otel',
    '--console-output=log.txt',
    '--log-output=none',
    '--secret-source=mock=a=b',
    '--address=localhost:6565',
    '--profiling-enabled',
    '--new-machine-readable-summary',
  ])('is refused by name: the flag %s', (flag) => {
    expect(() => plainArguments([flag, 'script.js'])).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTIONS',
        exitCode: 104,
        message: expect.stringMatching(/the flag --[a-z-]+ is not/),
      }),
    );
  });

  test('is accepted if it has no effect', () => {
    const environment = {
      K6_PAUSED: 'false',
      K6_LINGER: '0',
      K6_TAGS: '',
      K6_WEB_DASHBOARD: 'false',
      K6_COMPATIBILITY_MODE: 'extended',
      K6_TRACES_OUTPUT: 'none',
      K6_LOG_OUTPUT: 'stderr',
      K6_TYPE: 'js',
      K6_FEATURES: '',
      K6_CSV_TIME_FORMAT: 'unix',
      K6_CLOUD_TOKEN: 'x',
      K6_BROWSER_HEADLESS: 'true',
    };
    expect(completeArguments(['script.js'], environment)).toEqual(['script.js']);
    expect(
      plainArguments([
        '--compatibility-mode',
        'extended',
        '--linger=false',
        '-t',
        'js',
        '--traces-output=none',
        '--address',
        '',
        '--log-output=stderr',
        '-p=false',
        'script.js',
      ]),
    ).toEqual(['-p=false', 'script.js']);
  });
});

describe('variables with an invalid value', () => {
  test.each(['K6_VUS=abc', 'K6_THROW=maybe', 'K6_SUMMARY_MODE=short', 'K6_DNS=foo=1'])('%s', async (variable) => {
    const [name = '', ...value] = variable.split('=');
    await expect(flagsOf([], { [name]: value.join('=') })).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS', exitCode: 104, message: expect.stringContaining(name) }),
    );
  });
});

describe('the command line', () => {
  test('accepts the summary modes of k6', async () => {
    const of = async (mode: string) => (await flagsOf(['--summary-mode', mode])).summaryMode;
    expect([await of('compact'), await of('full'), await of('disabled')]).toEqual(['compact', 'full', 'disabled']);
  });

  test('knows --no-color, K6_NO_COLOR, and NO_COLOR, which may be empty', async () => {
    const of = async (args: string[], environment?: NodeJS.ProcessEnv) => (await flagsOf(args, environment)).color;
    expect([await of([]), await of(['--no-color']), await of([], { K6_NO_COLOR: 'true' })]).toEqual([
      true,
      false,
      false,
    ]);
    expect([await of([], { NO_COLOR: '1' }), await of([], { NO_COLOR: '' })]).toEqual([false, false]);
  });

  test('accepts the flags of k6', async () => {
    const flags = await flagsOf([
      '--vus',
      '5',
      '-s',
      '1s:10,5s:3',
      '--stage',
      '30s:0',
      '--tag',
      'a=b',
      '--no-thresholds',
      '--no-teardown',
      '--insecure-skip-tls-verify',
      '--no-connection-reuse',
      '-w',
      '--http-debug',
      '--no-usage-report',
      '--summary-trend-stats',
      'avg, p(99)',
      '--execution-segment',
      '1/2',
      '--discard-response-bodies=false',
    ]);
    expect(flags).toMatchObject({
      tags: { a: 'b' },
      thresholds: false,
      setup: true,
      teardown: false,
      summaryMode: 'compact',
    });
    expect(flags.options).toEqual({
      vus: 5,
      stages: [
        { duration: '1s', target: 10 },
        { duration: '5s', target: 3 },
        { duration: '30s', target: 0 },
      ],
      insecureSkipTLSVerify: true,
      noConnectionReuse: true,
      throw: true,
      httpDebug: 'headers',
      summaryTrendStats: ['avg', 'p(99)'],
      executionSegment: '1/2',
    });
  });

  test('puts the environment into __ENV unless that is disabled, and -e takes precedence', async () => {
    const environment = { A: 'outer', B: 'outer' };
    expect((await flagsOf(['-e', 'A=inner'], environment)).env).toEqual({ A: 'inner', B: 'outer' });
    for (const off of ['--no-include-system-env-vars', '--include-system-env-vars=false']) {
      expect((await flagsOf(['-e', 'A=inner', off], environment)).env).toEqual({ A: 'inner' });
    }
  });

  test('takes options from variables of -e that k6 reads after it', async () => {
    const environment = { K6_VUS: '2' };
    const args = ['-e', 'K6_ITERATIONS=3', '--env=K6_VUS=4', '-e', 'K6_SUMMARY_MODE=disabled'];
    expect(await flagsOf(args, environment)).toMatchObject({
      options: { iterations: 3, vus: 4 },
      summaryMode: 'compact',
      level: 'env',
      env: { K6_ITERATIONS: '3', K6_VUS: '4' },
    });
    expect((await flagsOf([...args, '--include-system-env-vars=false'], environment)).options).toEqual({ vus: 2 });
    await expect(flagsOf(['-e', 'K6_LINGER=true'])).rejects.toThrow('the variable K6_LINGER is not available');
  });

  test.each([
    '--throw=maybe',
    '--stage=10',
    '--config=/nowhere.json',
    '--rps=x',
    '--tag=a=',
    '--no-cookies-reset',
    '--vus=many',
    '--out=influxdb=file',
    '--jslib=/nowhere',
  ])('rejects %s', async (flag) => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await expect(flagsOf([flag])).rejects.toThrow(flag.split('=')[0]);
  });
});
