import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import manifest from '../../package.json' with { type: 'json' };
import { packageClosure } from './package-closure.ts';

/** A package that a default install contains. */
interface Installed {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
}

/** Returns all packages that a default install contains, by name. */
export async function installedByDefault(): Promise<Installed[]> {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  return packageClosure(packages, Object.keys(manifest.dependencies))
    .map((folder) => ({ name: folder.replace(/^.*node_modules\//, ''), ...packages[folder] }))
    .map(({ name, version, license = 'not stated' }) => ({ name, version, license }))
    .sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

export async function packageTable(): Promise<string> {
  const rows = (await installedByDefault()).map(
    ({ name, version, license }) => `| \`${name}\` | ${version} | ${license} |\n`,
  );
  return `| package | version | license |\n| --- | --- | --- |\n${rows.join('')}`;
}

/** Returns the notices of code that is part of the published files. */
export async function includedCode(): Promise<string> {
  const license = await readFile(createRequire(import.meta.url).resolve('uplot/LICENSE'), 'utf8');
  const quoted = license.trimEnd().split(/\r?\n/);
  return `uPlot ${manifest.devDependencies.uplot}:\n\n${quoted.map((line) => `> ${line}`.trimEnd()).join('\n')}\n`;
}
