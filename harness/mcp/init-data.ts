import { z } from 'zod';
import { ProofloadError } from '../base/errors.ts';
import { CONTRACT_NAMES } from '../base/settings.ts';
import { callText, type Data } from './answer.ts';
import type { Task } from './jobs.ts';
import { plain, requireOwnPath } from './own.ts';
import { forClients } from './run-cli.ts';
import { jobFields } from './run-data.ts';

const [FILE] = CONTRACT_NAMES;

export const initInput = {
  answers: z
    .record(z.string().regex(/^[\w.-]+$/), z.union([plain, z.literal('')]))
    .default({})
    .describe(
      'Answers by the names of questions, such as { "endpoints": "POST /chat" }. A missing one is named in the notes, or by the error.',
    ),
  start: z.boolean().default(true).describe('Whether to start the service in a lab, to see how it responds.'),
  force: z.boolean().default(false).describe('Replace an existing contract.'),
};

const fields = {
  contract: z.string().describe('The file, which is also the resource proofload://contract.'),
  found: z.array(z.string()).describe('What the contract says, and the file and line, or the response, that says so.'),
  written: z.array(z.string()).describe('Other files that were written or changed.'),
  notes: z.array(z.string()).describe('What was left out or needs a package.'),
};

export const initOutput = z.object({ ...jobFields, ...z.object(fields).partial().shape });

/** Answers with which a caller could run anything, and the files of a project that give them to `init`. */
const ONLY_IN_FILES: Readonly<Record<string, string>> = {
  command: 'package.json (scripts.start), a Procfile, run.sh or Makefile, or in start.command of the contract',
  settings: '.env.example, or in environment of the contract',
};

/** An address of this machine, which also answers `command`. */
const HERE = /^(https?:\/\/)?(127(\.\d{1,3}){3}|localhost)(:\d+)?\/?$/;

/** @throws ProofloadError USAGE if an answer is a command, another machine, or a file that is not in the project */
function requireHarmless(answers: Readonly<Record<string, string>>, results: string): void {
  for (const [name, answer] of Object.entries(answers)) {
    const what = `init: answers.${name}`;
    const files = ONLY_IN_FILES[name];
    if (files !== undefined && !HERE.test(answer.trim()))
      throw new ProofloadError('USAGE', `${what}: this is read only from files; write it in ${files}`);
    for (const source of sourcesIn(name, answer)) {
      if (HERE.test(source)) continue;
      if (source.includes(':'))
        throw new ProofloadError(
          'USAGE',
          `${what}: ${JSON.stringify(source)} is not on this machine; allowed: an address of 127.0.0.0/8, or to write it in the contract`,
        );
      requireOwnPath(what, source, results);
    }
  }
}

/** Returns the paths and addresses in an answer. */
function sourcesIn(name: string, answer: string): string[] {
  const text = answer.trim();
  if (name === 'log' || name === 'configFile') return text === '' || text === 'none' ? [] : [text];
  if (name !== 'upstreams') return [];
  return text
    .split(/\s+/)
    .map((pair) => pair.replace(/^[^=]*=/, ''))
    .filter((source) => /[./:]/.test(source));
}

/**
 * Returns the task that writes a contract without questions.
 *
 * @throws ProofloadError USAGE if an answer could run a command, or read or write a file elsewhere
 */
export function initTask({ answers, start, force }: z.output<z.ZodObject<typeof initInput>>, results: string): Task {
  requireHarmless(answers, results);
  const set = Object.entries(answers).map(([name, answer]) => `--set=${name}=${answer}`);
  const flags = [...(force ? ['--force'] : []), ...(start ? [] : ['--no-start'])];
  return {
    tool: 'init',
    args: ['init', FILE, '--yes', ...flags, ...set],
    isProgressPrinted: true,
    describe: async ({ stdout, stderr }) => describeInit(stdout, stderr),
  };
}

/** Describes the output of `proofload init --yes` as data. */
function describeInit(stdout: string, stderr: string): Data {
  const [shown = ''] = stdout.split(/^Next: /m);
  const lines = forClients(shown)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const found = lines.filter((line) => / \(.+\)$/.test(line));
  const written = lines.filter((line) => /^(Wrote|Added) /.test(line) && !line.startsWith(`Wrote ${FILE}`));
  const isOther = (line: string) =>
    !found.includes(line) && !written.includes(line) && !/:$|…$|^It started|^Wrote /.test(line);
  const notes = [...lines.filter(isOther), ...stderr.split('\n')].filter((line) => line.trim() !== '');
  const open = notes.flatMap((line) =>
    [...line.matchAll(/{"answers":{"([\w.-]+)"/g)].map(([, name = '']) => [name, '…']),
  );
  return {
    contract: FILE,
    found: found.map((line) => line.trim().replace(/ {2,}/g, ' ')),
    ...(written.length > 0 && { written }),
    ...(notes.length > 0 && { notes }),
    next: [
      ...(open.length > 0
        ? [`answer what the notes ask: ${callText('init', { force: true, answers: Object.fromEntries(open) })}`]
        : []),
      `read the contract (proofload://contract), correct what is wrong (proofload://docs/how-to/README.md), then ${callText('doctor')}`,
    ],
  };
}
