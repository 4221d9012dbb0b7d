import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { messageOf, ProofloadError } from '../base/errors.ts';
import { print, printError } from '../base/print.ts';
import { CONTRACT_NAMES } from '../base/settings.ts';
import { composeContract } from '../init/compose-contract.ts';
import { answersInFolder } from '../init/found/in-folder.ts';
import { ignoreResults } from '../init/ignore-results.ts';
import { type Enter, knowing } from '../init/knowing.ts';
import { type Ask, judgeAnswer, type Question } from '../init/question.ts';
import { schemaLine } from '../init/schema-line.ts';
import { TerminalQuestions } from '../init/terminal-questions.ts';
import { program } from '../run/again.ts';

interface Flags {
  force?: boolean;
  yes?: boolean;
  ask?: boolean;
}

/** Implements `proofload init`, which writes a contract based on the service's files and the user's answers. */
export const init = (): Command =>
  new Command('init')
    .argument('[file]', 'the file to write', CONTRACT_NAMES[0])
    .option('--force', 'replace an existing file')
    .option('--yes', 'use the default answer to every question')
    .option('--ask', 'ask every question, with the answers from the files as defaults')
    .addHelpText(
      'after',
      '\nIt reads package.json, pyproject.toml, requirements.txt, go.mod, .env.example, the variables and routes in ' +
        'JavaScript and Python, and the OpenAPI document (openapi.yaml, or that of a running service).',
    )
    .action(async (file: string, { force, yes, ask }: Flags) => {
      if (!force && existsSync(file))
        throw new ProofloadError('USAGE', `${file} already exists; use --force to replace it`);
      using terminal = yes ? undefined : new TerminalQuestions();
      const source = await answersInFolder(process.cwd(), printError);
      const enter = knowing(source, { enter: terminal?.ask ?? usualAnswer, tell: print, asksAll: ask });
      const contract = await composeContract(answering(enter));
      await writeFile(file, schemaLine(file) + contract, { flag: force ? 'w' : 'wx' });
      const isChanged = await ignoreResults(process.cwd()).catch((error) => {
        printError(`.gitignore was not changed, so leave results/ out of commits yourself: ${messageOf(error)}`);
        return false;
      });
      if (isChanged) print('\nAdded results/ to .gitignore.');
      const named = file === CONTRACT_NAMES[0] ? '' : ` --contract ${file}`;
      print(`\nWrote ${file}. To check it, run: ${program()} doctor${named}`);
      print('If it does not match the service, add --fix, which writes what the service does.');
    });

/** Returns a function that gets the answer to each question as a text, and converts it. */
export const answering =
  (enter: Enter): Ask =>
  async (question) => {
    const text = await enter(question);
    const judged = judgeAnswer(question, text);
    if (judged === true) return question.answer.parse(text);
    throw new ProofloadError('USAGE', `"${text}" does not answer "${question.ask}"; allowed: ${judged}`);
  };

const usualAnswer = ({ usual }: Question): string => usual;
