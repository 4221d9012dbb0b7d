import { readFileSync } from 'node:fs';

/** Returns the output of `version`: the versions of the package and of Node. */
export function versionLine(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return `proofload-embedded v${version} (node ${process.version})`;
}
