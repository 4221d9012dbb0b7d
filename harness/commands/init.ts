import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { ProofloadError } from '../base/errors.ts';
import { print } from '../base/print.ts';
import { composeContract } from '../init/compose-contract.ts';
import { type Ask, judgeAnswer, type Question } from '../init/question.ts';
import { TerminalQuestions } from '../init/terminal-questions.ts';
import { CONTRACT_NAMES } from '../project/contract-files.ts';

/** Implements `proofload init`, which writes a contract based on the user's answers. */
export const init = (): Command =>
  new Command('init')
    .description('Write a contract for a service from the answers to a few questions.')
    .argument('[file]', 'the file to write', CONTRACT_NAMES[0])
    .option('--force', 'replace an existing file')
    .option('--yes', 'use the default answer to every question')
    .action(async (file: string, { force, yes }: { force?: boolean; yes?: boolean }) => {
      if (!force && existsSync(file))
        throw new ProofloadError('USAGE', `${file} already exists; use --force to replace it`);
      using terminal = yes ? undefined : new TerminalQuestions();
      const contract = await composeContract(answering(terminal?.ask ?? usualAnswer));
      await writeFile(file, contract, { flag: force ? 'w' : 'wx' });
      print(`\nWrote ${file}. To check it, run: proofload doctor --contract ${file}`);
    });

/** Returns a function that gets the answer to each question as a text, and converts it. */
export const answering =
  (enter: (question: Question) => string | Promise<string>): Ask =>
  async (question) => {
    const text = await enter(question);
    const judged = judgeAnswer(question, text);
    if (judged === true) return question.answer.parse(text);
    throw new ProofloadError('USAGE', `"${text}" does not answer "${question.ask}"; allowed: ${judged}`);
  };

const usualAnswer = ({ usual }: Question): string => usual;
