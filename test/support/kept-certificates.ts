import { type Certificates, createCertificates } from '../../faults/certificates/certificates.ts';

const kept = new Map<string, Promise<Certificates>>();

/**
 * Returns the certificates that all files of a worker share, and creates them for the first of them. Use it for tests
 * that start many servers: creating certificates costs more than most of these tests.
 *
 * @param hostNames As for `createCertificates`.
 */
export function keptCertificates(hostNames: readonly string[] = []): Promise<Certificates> {
  const key = hostNames.join();
  const found = kept.get(key) ?? createCertificates(hostNames);
  kept.set(key, found);
  return found;
}
