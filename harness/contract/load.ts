import { resolve } from 'node:path';
import { type Contract, contractSchema } from '../contract.ts';
import { messageOf, ProofloadError } from '../errors.ts';
import { danglingNames, type Problem } from './dangling-names.ts';
import { readSource, type Source } from './source.ts';
import { unreachableUpstreams } from './unreachable-upstreams.ts';
import { unsetVariables } from './unset-variables.ts';
import { unusableFaults } from './unusable-faults.ts';

/**
 * Reads a contract: a YAML or JSON file, or the default export of a TypeScript or JavaScript module.
 *
 * @throws ProofloadError CONTRACT_INVALID, with every problem in one message, a line each: its path, and the line of the
 * file where that can be told.
 */
export async function loadContract(path: string): Promise<Contract> {
  const source = await read(path);
  const parsed = contractSchema.safeParse(source.value);
  const problems = parsed.success
    ? [danglingNames, unreachableUpstreams, unsetVariables, unusableFaults].flatMap((find) => find(parsed.data))
    : parsed.error.issues;
  if (parsed.success && problems.length === 0) return parsed.data;
  const lines = problems.map((problem) => describe(path, source, problem));
  throw new ProofloadError('CONTRACT_INVALID', `${path} is no valid contract:\n${lines.join('\n')}`);
}

function read(path: string): Promise<Source> {
  return readSource(resolve(path)).catch((error) => {
    throw new ProofloadError('CONTRACT_INVALID', `${path} can't be read: ${messageOf(error)}`, { cause: error });
  });
}

function describe(file: string, source: Source, { path, message }: Problem): string {
  const line = source.lineOf(path);
  const where = path.length === 0 ? 'the contract' : path.map(String).join('.');
  return `✖ ${line === undefined ? '' : `${file}:${line}: `}${where}: ${message}`;
}
