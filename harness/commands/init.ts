import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { input } from '@inquirer/prompts';
import { Command } from 'commander';
import { ProofloadError } from '../base/errors.ts';
import { print } from '../base/print.ts';
import { judgeAnswer, parseAnswers } from '../init/answers.ts';
import { composeContract } from '../init/compose-contract.ts';
import { type Question, questions } from '../init/questions.ts';
import { DEFAULT_CONTRACT } from '../run/again.ts';

type Ask = (question: Question) => Promise<string>;

/** Implements `proofload init`, which writes a contract based on the user's answers. */
export const init = (): Command =>
  new Command('init')
    .description('Write a contract for a service from the answers to a few questions.')
    .argument('[file]', 'the file to write', DEFAULT_CONTRACT.shell)
    .option('--force', 'replace an existing file')
    .option('--yes', 'use the default answer to every question')
    .action(async (file: string, { force, yes }: { force?: boolean; yes?: boolean }) => {
      const answers = await ask(questions(basename(process.cwd())), yes ? usualAnswer : askOnTerminal);
      await write(file, composeContract(parseAnswers(answers)), force ?? false);
      print(`\nWrote ${file}. To check it, run: proofload doctor --contract ${file}`);
    });

/**
 * Asks all questions that apply. A question that doesn't apply gets its default answer, or an empty answer if it is
 * unnecessary because the service is already running. The contract omits these answers anyway.
 */
export async function ask(all: readonly Question[], one: Ask): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const question of all) {
    const { name, usual, ifAny, ifIs = {}, unless } = question;
    const isMet = Object.entries(ifIs).every(([other, answer]) => answers[other] === answer);
    const applies = isMet && (ifAny?.some((one) => answers[one] !== '') ?? true) && !(unless && answers[unless] !== '');
    answers[name] = applies ? await one(question) : unless && judgeAnswer(name, '') === true ? '' : usual;
  }
  return answers;
}

const usualAnswer: Ask = async ({ usual }) => usual;

const askOnTerminal: Ask = ({ name, ask: message, usual }) =>
  input({ message, default: usual, validate: (text) => judgeAnswer(name, text) });

async function write(file: string, text: string, force: boolean): Promise<void> {
  await writeFile(file, text, { flag: force ? 'w' : 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new ProofloadError('USAGE', `${file} already exists; use --force to replace it`, { cause: error });
  });
}
