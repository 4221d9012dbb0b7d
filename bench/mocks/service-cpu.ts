import { createDatabase } from '../../harness/lab/postgres/database.ts';
import { startPostgres } from '../../harness/lab/postgres/postgres.ts';
import { freePort } from '../../harness/process/readiness.ts';
import { Reaper } from '../../harness/process/reaper.ts';
import type { Finding } from '../../harness/verdict/finding.ts';
import { bearer, SECRET_KEY } from '../../test/service/support/tokens.ts';
import { FAKES, type FakesReady } from './load.ts';
import { ProbedProcess } from './probed-process.ts';
import { putUnderLoad } from './put-under-load.ts';

/**
 * Compares the fakes' CPU usage with that of the reference service that calls them, while the service is saturated with
 * requests that end conversations.
 */
export async function compareWithService({ seconds }: { seconds: number }): Promise<Finding[]> {
  await using reaper = new Reaper();
  await using postgres = await startPostgres('embedded', reaper);
  await using database = await createDatabase(postgres.adminUrl);
  await using fakes = ProbedProcess.start(FAKES);
  const { upstreams, ca } = await fakes.ready<FakesReady>();
  const port = await freePort();
  await using service = ProbedProcess.start('../../service/main.ts', {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: database.url,
      SECRET_KEY,
      RATE_LIMIT_ENABLED: 'false',
      LOG_LEVEL: 'warn',
      NODE_EXTRA_CA_CERTS: ca,
      GROQ_API_KEY: 'gsk_bench',
      GROQ_BASE_URL: upstreams.groq,
      MEM0_API_KEY: 'm0-bench',
      MEM0_BASE_URL: upstreams.mem0,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url);
  const messages = [{ role: 'user', content: 'I would like to walk more in the mornings.' }];
  const load = {
    url: `${url}/v1/conversations/end`,
    headers: { 'content-type': 'application/json', ...bearer('ada', { seconds: 3600 }) },
    body: JSON.stringify({ user_id: 'ada', conversation_id: 'conversation-${n}', messages }),
    connections: 32,
  };
  const round = await putUnderLoad({ ...load, warmUpSeconds: 2, seconds }, [service, fakes]);
  const [ofService = 0, ofFakes = 0] = round.cores;
  return [
    {
      check: 'CPU beside the service',
      expected: 'the fakes use less of a core than the saturated reference service that calls them',
      observed: `${(ofFakes / ofService).toFixed(2)}: ${ofFakes.toFixed(2)} of a core, the service ${ofService.toFixed(2)}, at ${round.rate.toFixed(0)} conversations/s`,
      verdict: ofFakes >= ofService ? 'FAIL' : round.failed === 0 && round.answered > 0 ? 'PASS' : 'INCONCLUSIVE',
      evidence: [`${round.failed} requests failed; ${load.connections} were always under way`],
    },
  ];
}

async function untilHealthy(url: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (
    !(await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline) throw new Error('the reference service is not healthy after 20 s');
  }
}
