import { median } from '../../harness/base/median.ts';
import type { Finding } from '../../harness/verdict/finding.ts';
import { completionLoad, FAKES, type FakesReady } from './load.ts';
import { ProbedProcess } from './probed-process.ts';
import { putUnderLoad, type Round } from './put-under-load.ts';

/** The promised minimum throughput of completions, as a fraction of an echo server's throughput. */
const LEAST_RATIO = 0.4;
const CONNECTIONS = 16;
/** Fraction of a core. If a fake gets less CPU time than this, the result reflects other load on the machine. */
const SATURATED = 0.7;

/**
 * Compares non-streaming completions from a fake with a minimal `node:https` echo server. Both get the same client and
 * the same connections, in alternating rounds, so that other load on the machine affects both. The medians are judged.
 */
export async function compareThroughput({ rounds, seconds }: { rounds: number; seconds: number }): Promise<Finding[]> {
  await using echo = ProbedProcess.start('echo-server.ts');
  await using fakes = ProbedProcess.start(FAKES);
  const echoing = await echo.ready<{ url: string; ca: string }>();
  const faked = await fakes.ready<FakesReady>();
  const servers = [
    { process: echo, load: completionLoad(echoing.url, echoing.ca), rounds: [] as Round[] },
    { process: fakes, load: completionLoad(faked.upstreams.groq, faked.ca), rounds: [] as Round[] },
  ];
  // Round 0 is the warm-up, in which V8 compiles the code.
  for (let round = 0; round <= rounds; round++) {
    for (const server of servers) {
      const load = { ...server.load, connections: CONNECTIONS, warmUpSeconds: round === 0 ? 0 : 0.3 };
      const done = await putUnderLoad({ ...load, seconds: round === 0 ? 3 * seconds : seconds }, [server.process]);
      if (round > 0) server.rounds.push(done);
    }
  }
  const [ofEcho, ofFakes] = servers.map((server) => summarize(server.rounds)) as [Summary, Summary];
  const ratio = ofFakes.rate / ofEcho.rate;
  const work = ofEcho.microseconds / ofFakes.microseconds;
  const failed = ofEcho.failed + ofFakes.failed;
  return [
    {
      check: 'throughput',
      expected: `≥ ${LEAST_RATIO} of a bare node:https echo server's requests a second`,
      observed: `${ratio.toFixed(2)}: ${tell(ofFakes)}; echo: ${tell(ofEcho)}`,
      verdict: failed > 0 || ofFakes.cores < SATURATED ? 'INCONCLUSIVE' : ratio >= LEAST_RATIO ? 'PASS' : 'FAIL',
      evidence: [
        `medians of ${rounds} alternating rounds of ${seconds} s, ${CONNECTIONS} connections; by CPU a request: ${work.toFixed(2)}`,
        ...(ofFakes.cores < SATURATED
          ? [`the fake got less than ${SATURATED} of a core: run it on a quiet machine`]
          : []),
        ...(failed > 0 ? [`${failed} requests failed`] : []),
      ],
    },
  ];
}

interface Summary {
  readonly rate: number;
  readonly cores: number;
  /** CPU time per request, in microseconds. */
  readonly microseconds: number;
  readonly failed: number;
}

const summarize = (rounds: readonly Round[]): Summary => ({
  rate: median(rounds.map(({ rate }) => rate)),
  cores: median(rounds.map(({ cores }) => cores[0] ?? 0)),
  microseconds: median(rounds.map(({ rate, cores }) => ((cores[0] ?? 0) / rate) * 1e6)),
  failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
});

const tell = ({ rate, cores, microseconds }: Summary): string =>
  `${rate.toFixed(0)}/s, ${cores.toFixed(2)} of a core, ${microseconds.toFixed(0)} µs each`;
