import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Contract } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { composeContract, type Look } from '../../../harness/init/compose-contract.ts';
import { Interview } from '../../../harness/init/interview.ts';
import type { Entered } from '../../../harness/init/question.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Interviewed {
  contract: Contract;
  /** The names of the parts that were written, in order. */
  parts: string[];
  /** The names of the questions that were asked, in order. */
  questions: string[];
}

/** Sees nothing of the service. */
export const NOTHING: Look = {
  start: async () => {},
  call: async () => {},
  tryAttempts: async () => [],
  openBreakers: async () => {},
  tryLimits: async () => {},
};

/** Answers for a service with an upstream, a database, a breaker and a limit. */
const PROTECTED: Readonly<Record<string, string>> = {
  command: 'node server.js',
  readyPath: '/health',
  upstreams: 'llm=groq',
  databaseSetting: 'DATABASE_URL',
  endpoints: 'POST /chat',
  body: 'none',
  limit: '20 per 60 seconds',
  client: 'socket',
  poolMax: '10',
  poolWaitSeconds: '2',
  table: 'items',
};
/** Answers to questions about a breaker that have no default. */
const OF_BREAKERS: Readonly<Record<string, string>> = {
  recovery: '60',
  refusal: '503',
  window: '10 seconds',
  minimum: '10',
  boundary: 'at',
  body: 'none',
};

function protectedBy({ name, usual }: Entered, upstreams: string): string | undefined {
  const [, field = ''] = /\.(\w+)$/.exec(name) ?? [];
  if (name === 'reaches') return upstreams.replaceAll(/=\S+/g, '');
  if (field === 'opens') return '5';
  if (name === 'keySetting' && usual === '') return 'API_KEYS';
  return PROTECTED[name] ?? (usual === '' ? OF_BREAKERS[field] : undefined);
}

/**
 * Answers the questions of `proofload init`, by name, those about protections as for a service that has them all, and
 * the others with their default. Loads the resulting contract from a file, next to empty files with the given names.
 *
 * @throws Error if one of the answers was not asked for
 */
export async function interview(own: Record<string, string>, files: readonly string[] = []): Promise<Interviewed> {
  const questions: string[] = [];
  const asking = new Interview({
    source: () => undefined,
    enter(question) {
      const { name, usual } = question;
      questions.push(name);
      return own[name] ?? protectedBy(question, own.upstreams ?? 'llm=groq') ?? usual;
    },
    tell() {},
    asksAll: true,
  });
  const text = await asking.run((held) => composeContract(held, NOTHING));
  const unused = Object.keys(own).filter((name) => !questions.includes(name));
  if (unused.length > 0) throw new Error(`not asked: ${unused.join(', ')}; asked: ${questions.join(', ')}`);
  const folder = await temporaryFolder();
  const path = join(folder, 'proofload.yaml');
  await writeFile(path, text);
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), '');
  }
  return { contract: await loadContract(path), parts: Object.keys(parse(text)), questions };
}
