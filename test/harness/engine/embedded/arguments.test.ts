import { describe, expect, it, vi } from 'vitest';
import { completeArguments } from '../../../../harness/engine/embedded/cli/arguments.ts';
import { runCommand } from '../../../../harness/engine/embedded/cli/command.ts';
import type { Flags } from '../../../../harness/engine/embedded/options/flags.ts';

/** What a command line comes to. */
async function flagsOf(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Flags> {
  const run = vi.fn<(flags: Flags) => Promise<void>>(async () => {});
  await runCommand(['run', ...args, 'script.js'], environment, { run, version: () => {} });
  return run.mock.calls[0]?.[0] as Flags;
}

describe('K6_* variables', () => {
  it('stand before the arguments, under the names of the flags', () => {
    const environment = { K6_VUS: '3', K6_STAGES: '1s:2,2s:3', K6_NO_SUMMARY: 'true', K6_THROW: '0', K6_RPS: '' };
    expect(completeArguments(['script.js'], environment)).toEqual([
      ...['--vus=3', '--stage=1s:2', '--stage=2s:3', '--no-summary', 'script.js'],
    ]);
  });

  it('give way to the flag of that name, short or long', () => {
    const environment = { K6_VUS: '3', K6_OUT: 'csv=a', K6_NO_SETUP: 'true' };
    expect(completeArguments(['-u', '5', '--out=json=b'], environment)).toEqual([
      ...['--no-setup', '-u', '5', '--out=json=b'],
    ]);
  });

  it('of what to run give way to any flag that says so', () => {
    const environment = { K6_VUS: '3', K6_DURATION: '1s', K6_STAGES: '1s:2' };
    expect(completeArguments(['--iterations', '5'], environment)).toEqual(['--vus=3', '--iterations', '5']);
  });
});

describe('variables that k6 would obey and the engine can not', () => {
  it.each(['K6_HOSTS', 'K6_PAUSED', 'K6_THRESHOLDS', 'K6_TAGS'])('%s is refused by name', (name) => {
    expect(() => completeArguments(['script.js'], { [name]: 'something' })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS', exitCode: 104, message: expect.stringContaining(name) }),
    );
  });

  it('are let through where they ask for nothing', () => {
    expect(completeArguments(['script.js'], { K6_PAUSED: 'false', K6_LINGER: '0', K6_TAGS: '' })).toEqual([
      'script.js',
    ]);
  });
});

describe('the command line', () => {
  it('takes the summary modes of k6: disabled is none', async () => {
    const of = async (mode: string) => (await flagsOf(['--summary-mode', mode])).summary;
    expect([await of('compact'), await of('full'), await of('disabled')]).toEqual([true, true, false]);
  });

  it('takes the flags of k6', async () => {
    const flags = await flagsOf([
      ...['--vus', '5', '-s', '1s:10', '--stage', '30s:0', '--tag', 'a=b', '--no-thresholds', '--no-teardown'],
      ...['--insecure-skip-tls-verify', '--no-connection-reuse', '-w', '--http-debug', '--no-usage-report'],
      ...['--summary-trend-stats', 'avg, p(99)', '--execution-segment', '1/2', '--discard-response-bodies=false'],
    ]);
    expect(flags).toMatchObject({ tags: { a: 'b' }, thresholds: false, setup: true, teardown: false, summary: true });
    expect(flags.options).toEqual({
      vus: 5,
      stages: [
        { duration: '1s', target: 10 },
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

  it('has the environment in __ENV, unless it is asked not to; what -e says comes first', async () => {
    const environment = { A: 'outer', B: 'outer' };
    expect((await flagsOf(['-e', 'A=inner'], environment)).env).toEqual({ A: 'inner', B: 'outer' });
    for (const off of ['--no-include-system-env-vars', '--include-system-env-vars=false']) {
      expect((await flagsOf(['-e', 'A=inner', off], environment)).env).toEqual({ A: 'inner' });
    }
  });

  it.each([['--throw=maybe'], ['--stage=10'], ['--config=/nowhere.json'], ['--rps=-1']])('refuses %s', async (flag) => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await expect(flagsOf([flag])).rejects.toThrow(flag.split('=')[0]);
  });
});
