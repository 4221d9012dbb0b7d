import { rm } from 'node:fs/promises';
import { isSystemError, messageOf, ProofloadError } from './errors.ts';

/** Returns an error that names the file that could not be written. Node leaves it out if the disk is full. */
export const notWritten = (path: string, error: unknown): ProofloadError =>
  new ProofloadError(
    'RESULTS_NOT_WRITTEN',
    `${path} can't be written (${messageOf(error)}); free some space there, or choose another folder with --results (RESULTS)`,
    { cause: error },
  );

/**
 * Waits until a file is written. A partly written file is removed, which also frees space.
 *
 * @throws ProofloadError RESULTS_NOT_WRITTEN with the file's path, instead of an error of the operating system
 */
export async function written<T>(path: string, writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    await rm(path, { force: true });
    throw isSystemError(error) ? notWritten(path, error) : error;
  }
}

/** Returns why a file was not written, if that is the cause of an error. Everything else may continue. */
export const whyUnwritten = (error: unknown): string | undefined =>
  error instanceof ProofloadError && error.code === 'RESULTS_NOT_WRITTEN' ? error.message : undefined;
