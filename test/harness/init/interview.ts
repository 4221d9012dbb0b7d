import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { answering } from '../../../harness/commands/init.ts';
import type { Contract } from '../../../harness/contract/contract.ts';
import { loadContract } from '../../../harness/contract/load.ts';
import { composeContract } from '../../../harness/init/compose-contract.ts';

interface Interview {
  contract: Contract;
  /** The names of the parts that were written, in order. */
  parts: string[];
  /** The names of the questions that were asked, in order. */
  questions: string[];
}

/** Returns the answers for a service with an upstream, a database, a breaker and a limit. */
function protectedBy(name: string): string | undefined {
  const answers = { upstreams: 'llm=groq', databaseSetting: 'DATABASE_URL', limit: '20 per 60 seconds' };
  return name.endsWith('.opens') ? '5' : Object.entries(answers).find(([key]) => key === name)?.[1];
}

/**
 * Answers the questions of `proofload init`, by name, those about protections as for a service that has them all, and
 * the others with their default. Loads the resulting contract
 * from a file, next to empty files with the given names.
 *
 * @throws Error if one of the answers was not asked for
 */
export async function interview(own: Record<string, string>, files: readonly string[] = []): Promise<Interview> {
  const questions: string[] = [];
  const text = await composeContract(
    answering(({ name, usual }) => {
      questions.push(name);
      return own[name] ?? protectedBy(name) ?? usual;
    }),
  );
  const unused = Object.keys(own).filter((name) => !questions.includes(name));
  if (unused.length > 0) throw new Error(`not asked: ${unused.join(', ')}; asked: ${questions.join(', ')}`);
  const folder = await mkdtemp(join(tmpdir(), 'proofload-init-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'proofload.yaml');
  await writeFile(path, text);
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), '');
  }
  return { contract: await loadContract(path), parts: Object.keys(parse(text)), questions };
}
