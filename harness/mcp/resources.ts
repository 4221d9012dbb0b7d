import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readText } from '../../faults/base/read-text.ts';
import { ProofloadError } from '../base/errors.ts';
import { contractsIn } from '../project/contract-files.ts';
import { readOwnRun, requireOwnPath } from './own.ts';

/** A resource of the MCP server, such as a page of the documentation. */
export interface Resource {
  uri: string;
  name: string;
  mimeType: string;
}

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const PAGE = /^proofload:\/\/docs\/([\w/-]+\.md)$/;
const CONTRACT = 'proofload://contract';
const VERDICT = /^proofload:\/\/runs\/(.+)\/verdict\.json$/;

/** Returns the contract, the pages of the documentation, and the verdicts of past runs in a folder of results. */
export async function listResources(results: string): Promise<Resource[]> {
  const pages = (await readdir(DOCS, { recursive: true })).filter((name) => name.endsWith('.md')).sort();
  const runs = await readdir(`${results}/runs`).catch(() => []);
  return [
    ...contractsIn('')
      .map((name) => ({ uri: CONTRACT, name, mimeType: 'text/plain' }))
      .slice(0, 1),
    ...pages.map((name) => ({ uri: `proofload://docs/${name}`, name, mimeType: 'text/markdown' })),
    ...['latest', ...runs.sort()].map((name) => ({
      uri: `proofload://runs/${name}/verdict.json`,
      name: `verdict of the run ${name}`,
      mimeType: 'application/json',
    })),
  ];
}

/** Returns a part of a URI without percent-encoding, or as it is if that is not valid. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Returns a resource's text.
 *
 * @throws ProofloadError USAGE if there is no such resource, RUN_NOT_FOUND if there is no such run
 */
export async function readResource(uri: string, results: string): Promise<{ text: string; mimeType: string }> {
  const [contract] = contractsIn('');
  if (uri === CONTRACT && contract !== undefined) {
    requireOwnPath('the contract', contract, results);
    return { text: await readText(contract), mimeType: 'text/plain' };
  }
  const page = PAGE.exec(uri)?.[1];
  if (page !== undefined) {
    const text = await readFile(DOCS + page, 'utf8').catch(() => undefined);
    if (text !== undefined) return { text, mimeType: 'text/markdown' };
  }
  const run = VERDICT.exec(uri)?.[1];
  if (run === undefined) throw new ProofloadError('USAGE', `there is no resource ${uri}; resources/list lists all`);
  const { result } = await readOwnRun(results, decoded(run));
  return { text: JSON.stringify(result, undefined, 2), mimeType: 'application/json' };
}
