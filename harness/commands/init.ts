import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { print, printError } from '../base/print.ts';
import { CONTRACT_NAMES } from '../base/settings.ts';
import type { ContractFile } from '../contract/contract.ts';
import { composeContract } from '../init/compose-contract.ts';
import { answersInFolder } from '../init/found/in-folder.ts';
import { firstOf, type Source, sourceOf } from '../init/found/source.ts';
import { ignoreResults } from '../init/ignore-results.ts';
import { type Enter, Interview, Unanswered } from '../init/interview.ts';
import { LookAtService } from '../init/look-at-service.ts';
import { offerPackages } from '../init/needed-packages.ts';
import { schemaLine } from '../init/schema-line.ts';
import { StandIns } from '../init/stand-ins.ts';
import { TerminalQuestions } from '../init/terminal-questions.ts';
import { requireNewWorkflow, writeWorkflow } from '../init/workflow.ts';
import { wrapped } from '../report/text/wrap.ts';
import { program } from '../run/again.ts';

interface Flags {
  force?: boolean;
  yes?: boolean;
  ask?: boolean;
  start: boolean;
  set?: Record<string, string>;
  ci?: string;
}

/** Implements `proofload init`, which writes a contract based on the service, its files and the user's answers. */
export async function writeContract(
  file: string,
  { force = false, yes, ask, start, set = {}, ci }: Flags,
): Promise<void> {
  if (!force && existsSync(file))
    throw new ProofloadError('USAGE', `${file} already exists; use --force to replace it`);
  const folder = resolve(dirname(file));
  if (ci) requireNewWorkflow(folder, force);
  using terminal = yes ? undefined : new TerminalQuestions();
  const given = Object.entries(set).map(([name, answer]) => [name, { answer, from: '--set', isKnown: true }]);
  const source = firstOf([sourceOf(Object.fromEntries(given)), await answersInFolder(process.cwd(), printError)]);
  const tell = (text: string) => print(wrapped(text));
  const enter = terminal?.ask ?? usualAnswer;
  const interview = new Interview({ source, enter, tell, asksAll: ask });
  const standIns = new StandIns(folder, source('answerOfUpstreams', {})?.answer);
  const contract = await interviewed(interview, { folder, source, standIns, start, tell, enter: terminal?.ask }).catch(
    async (error) => {
      await standIns.remove();
      throw error;
    },
  );
  await writeFile(file, schemaLine(file) + contract, { flag: force ? 'w' : 'wx' });
  print(`\nWrote ${file}.`);
  for (const path of await standIns.write(parse(contract) as ContractFile))
    print(`Wrote ${path}, which stands in for an upstream.`);
  const isChanged = await ignoreResults(process.cwd()).catch((error) => {
    printError(`.gitignore was not changed, so leave results/ out of commits yourself: ${messageOf(error)}`);
    return false;
  });
  if (isChanged) print('Added results/ to .gitignore.');
  if (ci) print(`Wrote ${await writeWorkflow(folder, file, force)}. Commit it with the contract.`);
  const isComplete = await offerPackages(parse(contract) as ContractFile, terminal?.ask, tell);
  for (const found of interview.leftOut) tell(`Found, but not in the contract: ${found}.`);
  if (interview.assumed.length > 0)
    tell(
      `Nothing was found about ${interview.assumed.join(', ')}, so nothing is promised. ${program()} init --force --ask asks about everything.`,
    );
  const named = file === CONTRACT_NAMES[0] ? '' : ` --contract ${file}`;
  if (!isComplete) tell('\nInstall the package above first.');
  tell(`\nNext: ${program()} doctor${named}`);
  tell('It checks that the contract matches the service. With --fix, it writes the lines that differ.');
  tell(`Then: ${program()} run stress chaos${named}`);
}

interface Held {
  readonly folder: string;
  readonly source: Source;
  readonly standIns: StandIns;
  readonly start: boolean;
  readonly tell: (text: string) => void;
  readonly enter: Enter | undefined;
}

/** Holds the interview, with the service in a lab beside it. */
async function interviewed(
  interview: Interview,
  { folder, source, standIns, start, tell, enter }: Held,
): Promise<string> {
  if (!start) return interview.run((held) => composeContract(held, NOTHING));
  const prepare = async (contract: ContractFile) => {
    for (const path of await standIns.write(contract)) {
      tell(`Wrote ${path}, which stands in for an upstream: edit it if the service needs another answer.`);
    }
    await offerPackages(contract, enter, tell);
  };
  await using look = new LookAtService({ folder, source, mayGoBack: enter !== undefined, prepare });
  return await interview.run((held) => composeContract(held, look.for(held)));
}

/** Sees nothing of the service. */
const NOTHING = {
  start: async () => {},
  call: async () => {},
  tryAttempts: async () => [],
  openBreakers: async () => {},
  tryLimits: async () => {},
};

/** With `--yes`, nobody answers what was not found. */
const usualAnswer: Enter = (question) => {
  if (question.usual === '') throw new Unanswered(question);
  return question.usual;
};
