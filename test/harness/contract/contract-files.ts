import { readFile } from 'node:fs/promises';
import { temporaryFile } from '../../support/temporary-folder.ts';

/** Writes a file to a folder that is removed when the test ends. Returns its path. */
export async function file(name: string, text: string): Promise<string> {
  return temporaryFile(name, text);
}

/** Writes a contract as JSON. Returns its path. */
export const written = (contract: unknown): Promise<string> => file('contract.json', JSON.stringify(contract, null, 1));

/** The contract of the example "ask service". */
export const EXAMPLE = await readFile('examples/ask-service/proofload.yaml', 'utf8');

/** Writes that contract with one text replaced by another. Returns its path. */
export const yaml = (from: string, to: string): Promise<string> => file('contract.yaml', EXAMPLE.replace(from, to));
