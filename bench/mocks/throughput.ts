import { median } from '../../harness/base/median.ts';
import type { Finding } from '../../harness/verdict/finding.ts';
import { COMPLETION_APIS, completionLoad, FAKES, type FakesReady } from './load.ts';
import { ProbedProcess } from './probed-process.ts';
import { putUnderLoad, type Round } from './put-under-load.ts';

/** The promised minimum throughput of completions, as a fraction of an echo server's throughput. */
const LEAST_RATIO = 0.4;
const CONNECTIONS = 16;
/** Fraction of a core. If a fake gets less CPU time than this, other load on the machine has distorted the result. */
const SATURATED = 0.7;

/** A server under load and its measured rounds. */
interface Contender {
  readonly name: string;
  readonly process: ProbedProcess;
  readonly load: ReturnType<typeof completionLoad>;
  readonly rounds: Round[];
}

/**
 * Compares non-streaming completions from each fake with a minimal `node:https` echo server. All of them get the same
 * client and the same connections in alternating rounds, so that other load on the machine affects them equally. The
 * medians are judged.
 */
export async function compareThroughput({ rounds, seconds }: { rounds: number; seconds: number }): Promise<Finding[]> {
  await using started = new AsyncDisposableStack();
  const process = started.use(ProbedProcess.start('echo-server.ts'));
  const { url, ca } = await process.ready<{ url: string; ca: string }>();
  const echo: Contender = { name: 'echo', process, load: completionLoad(url, ca), rounds: [] };
  const fakes: Contender[] = [];
  for (const { api, upstream } of COMPLETION_APIS) {
    // Use a separate process: one fake's code must not influence how V8 compiles another's.
    const process = started.use(ProbedProcess.start(FAKES));
    const { upstreams, ca } = await process.ready<FakesReady>();
    fakes.push({ name: api, process, load: completionLoad(upstreams[upstream], ca, api), rounds: [] });
  }
  // Round 0 is the warm-up, in which V8 compiles the code.
  for (let round = 0; round <= rounds; round++) {
    for (const server of [echo, ...fakes]) {
      const load = { ...server.load, connections: CONNECTIONS, warmUpSeconds: round === 0 ? 0 : 0.3 };
      const done = await putUnderLoad({ ...load, seconds: round === 0 ? 3 * seconds : seconds }, [server.process]);
      if (round > 0) server.rounds.push(done);
    }
  }
  const method = `medians of ${rounds} alternating rounds of ${seconds} s, ${CONNECTIONS} connections`;
  return fakes.map((fake) => judge(fake, summarize(echo.rounds), method));
}

function judge({ name, rounds }: Contender, ofEcho: Summary, method: string): Finding {
  const ofFake = summarize(rounds);
  const ratio = ofFake.rate / ofEcho.rate;
  const work = ofEcho.microseconds / ofFake.microseconds;
  const failed = ofEcho.failed + ofFake.failed;
  const isSaturated = ofFake.cores >= SATURATED;
  const evidence = [`${method}; by CPU a request: ${work.toFixed(2)}`];
  if (!isSaturated) evidence.push(`the fake got less than ${SATURATED} of a core: run it on a quiet machine`);
  if (failed > 0) evidence.push(`${failed} requests failed`);
  return {
    check: `throughput: ${name}`,
    expected: `≥ ${LEAST_RATIO} of a bare node:https echo server's requests a second`,
    observed: `${ratio.toFixed(2)}: ${tell(ofFake)}; echo: ${tell(ofEcho)}`,
    verdict: failed > 0 || !isSaturated ? 'INCONCLUSIVE' : ratio >= LEAST_RATIO ? 'PASS' : 'FAIL',
    evidence,
  };
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
