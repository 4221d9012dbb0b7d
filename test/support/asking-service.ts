import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** A service that asks an LLM: 503 if it fails. `/version` tells what its code says, and its process. */
const service = (version: string): string => `
import { createServer } from 'node:http';
const { PORT, LLM_URL } = process.env;
const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'What?' }] });
const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-test' };
createServer(async ({ url }, response) => {
  if (url === '/version') return response.end('${version} ' + process.pid);
  if (url !== '/ask') return response.end('ok');
  const { status } = await fetch(LLM_URL + '/chat/completions', { method: 'POST', headers, body });
  response.statusCode = status === 200 ? 200 : 503;
  response.end();
}).listen(Number(PORT), '127.0.0.1');
`;

const CONTRACT = {
  name: 'asking service',
  start: { command: ['node', 'service.mjs'], readyPath: '/health', readySeconds: 20 },
  upstreams: { llm: { kind: 'openai', basePath: '/v1', tls: false } },
  environment: { PORT: '${port}', LLM_URL: '${upstream.llm}' },
  endpoints: { ask: { method: 'GET', path: '/ask', served: [200], reaches: ['llm'] } },
  profiles: { fast: {} },
};

/** A new folder with a service that asks an LLM and its contract. */
export interface AskingService {
  readonly folder: string;
  readonly contract: string;
  /** Changes the service's code. */
  write(version: string): Promise<void>;
  /** Changes fields of the contract. */
  rewrite(changes: object): Promise<void>;
}

/** Writes the service into a folder, by default one that is removed when the test ends. */
export async function askingService(given?: string): Promise<AskingService> {
  const folder = given ?? (await temporaryFolder());
  const contract = join(folder, 'proofload.yaml');
  const rewrite = (changes: object) => writeFile(contract, JSON.stringify({ ...CONTRACT, ...changes }));
  const write = (version: string) => writeFile(join(folder, 'service.mjs'), service(version));
  await rewrite({});
  await write('first');
  return { folder, contract, write, rewrite };
}
