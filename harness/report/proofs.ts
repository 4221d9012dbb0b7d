import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readText } from '../../faults/base/read-text.ts';
import { isSystemError, messageOf } from '../base/errors.ts';
import { jsonWithoutSecrets } from '../base/without-secrets.ts';
import { written } from '../base/written.ts';
import type { PromiseCheck } from '../verdict/promise-coverage.ts';
import type { PromiseProof } from '../verdict/proved.ts';

/** The stored result of a run of `proofload prove`. It is needed until the service has newer proofs. */
const proofs = z.strictObject({
  version: z.literal(1),
  service: z.string(),
  at: z.iso.datetime(),
  commit: z.string().exactOptional(),
  /** The digest of the contract's promises at that time. */
  contract: z.string(),
  caught: z.array(z.strictObject({ checker: z.string(), mutant: z.string(), scenario: z.string() })),
  /** The checkers that missed a mutant: their older proofs no longer count. */
  missed: z.array(z.string()),
});

export type Proofs = z.output<typeof proofs>;

/** The folder in the results with a file for each run of `proofload prove`. Removing old runs does not affect it. */
const folderOf = (results: string): string => join(results, 'proved');

/** A file that is not finished has another ending. */
const FILE = /\.json$/;

/**
 * Keeps the proofs, and removes files that no longer add anything. Each run of `prove` has its own file, so that
 * concurrent runs don't lose each other's proofs.
 *
 * @throws ProofloadError RESULTS_NOT_WRITTEN
 */
export async function keepProofs(results: string, kept: Proofs): Promise<void> {
  const folder = folderOf(results);
  const name = `${kept.at.replaceAll(':', '-')}-${process.pid}`;
  const [path, unfinished] = [join(folder, `${name}.json`), join(folder, `.${name}`)];
  await written(
    unfinished,
    mkdir(folder, { recursive: true, mode: 0o700 }).then(() => writeFile(unfinished, jsonWithoutSecrets(kept, 2))),
  );
  await rename(unfinished, path);
  const { files } = await readProofs(results, kept.service);
  const old = files.filter((file, index) => isSuperseded(file, files.slice(0, index)));
  await Promise.all(old.map((file) => rm(file.path, { force: true })));
}

interface ProofFile extends Proofs {
  readonly path: string;
}

/** Whether newer files say something about all that a file says. */
function isSuperseded({ caught, missed }: Proofs, newer: readonly Proofs[]): boolean {
  const isKnown = (checker: string) => newer.some((file) => file.missed.includes(checker));
  return (
    caught.every(
      (pair) => isKnown(pair.checker) || newer.some((file) => file.caught.some((other) => isSame(pair, other))),
    ) &&
    missed.every((name) => isKnown(name) || newer.some((file) => file.caught.some(({ checker }) => checker === name)))
  );
}

type Caught = Proofs['caught'][number];

const isSame = (a: Caught, b: Caught): boolean =>
  a.checker === b.checker && a.mutant === b.mutant && a.scenario === b.scenario;

/**
 * Reads what was proved about a service, newest first.
 *
 * @returns Also a line for each file that can't be read: its proofs don't count.
 */
export async function readProofs(
  results: string,
  service: string,
): Promise<{ files: ProofFile[]; problems: string[] }> {
  const folder = folderOf(results);
  const files: ProofFile[] = [];
  const problems: string[] = [];
  const say = (path: string, error: unknown): void => {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : messageOf(error);
    problems.push(`${path} can't be read, so its proofs don't count: ${why}`);
  };
  const names = await readdir(folder).catch((error) => {
    if (!isSystemError(error) || error.code !== 'ENOENT') say(folder, error);
    return [];
  });
  for (const name of names.filter((file) => FILE.test(file)).sort()) {
    const path = join(folder, name);
    try {
      const file = { ...proofs.parse(JSON.parse(await readText(path))), path };
      if (file.service === service) files.push(file);
    } catch (error) {
      say(path, error);
    }
  }
  return { files: files.sort((a, b) => (a.at < b.at ? 1 : -1)), problems };
}

/**
 * Returns the newest proof for a promise that was judged by some checks: one of them has noticed a mutant in the same
 * scenario, and has missed none since then.
 *
 * @param files The newest first.
 * @param contract The digest of the contract's current promises.
 */
export function newestProof(
  files: readonly Proofs[],
  checks: readonly PromiseCheck[],
  contract: string,
): PromiseProof | undefined {
  const judged = new Set(checks.map(({ scenario, finding }) => JSON.stringify([finding.checker, scenario])));
  const missed = new Set<string>();
  let outdated: PromiseProof | undefined;
  for (const { caught, at, commit, ...file } of files) {
    for (const checker of file.missed) missed.add(checker);
    const pair = caught.find(
      ({ checker, scenario }) => !missed.has(checker) && judged.has(JSON.stringify([checker, scenario])),
    );
    if (!pair) continue;
    const proof = { ...pair, at, ...(commit !== undefined && { commit }) };
    if (file.contract === contract) return proof;
    outdated ??= { ...proof, outdated: 'the contract or its numbers have changed since then' };
  }
  return outdated;
}
