/** A service with three upstreams (see payments.ts). The argument is a defect. Without it, the service is correct. */
import { createServer } from 'node:http';

const { PORT, PAYMENTS_URL, LLM_URL, BACKUP_URL } = process.env;
const [, , DEFECT] = process.argv;

/** Returns the status of a charge. One defect resends a failed charge, which may charge a customer twice. */
async function charge(attempts = DEFECT === 'charge-sent-again' ? 2 : 1): Promise<number> {
  const { status } = await fetch(`${PAYMENTS_URL}/charges`, { method: 'POST', body: '{"amount":1}' });
  return status !== 201 && attempts > 1 ? charge(attempts - 1) : status;
}

async function listModels(url = ''): Promise<number> {
  return (await fetch(`${url}/models`, { headers: { authorization: 'Bearer gsk_test' } })).status;
}

const ROUTES: Readonly<Record<string, () => Promise<boolean>>> = {
  '/health': async () => true,
  '/pay': async () => (await charge()) === 201,
  '/models': async () => {
    const backup = DEFECT === 'backup-is-the-same-upstream' ? LLM_URL : BACKUP_URL;
    return (await listModels(LLM_URL)) + (await listModels(backup)) === 400;
  },
};

const server = createServer(async ({ url = '' }, response) => {
  const served = await ROUTES[url]?.().catch(() => false);
  response.writeHead(served === undefined ? 404 : served ? 200 : 502).end();
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
