import { readFileSync } from 'node:fs';

/** What `version` prints: the package's version, and Node's. */
export function versionLine(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return `proofload-embedded v${version} (node ${process.version})`;
}
