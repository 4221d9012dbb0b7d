import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { ALONE_MS } from '../support/limits.ts';
import { decided } from '../support/measured-again.ts';
import { called, product } from '../support/product.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { renderPage } from './rendered-page.ts';

/** What a tutorial needs, with arguments that work only if it is complete. `instead` is tried second. */
const RUNTIMES = [
  { page: 'express', program: 'node', args: ['-e', ''] },
  { page: 'fastapi', program: 'python3', args: ['-c', 'import fastapi, uvicorn, httpx'], instead: '/usr/bin/python3' },
  { page: 'go', program: 'go', args: ['version'] },
  { page: 'java', program: 'javac', args: ['--release', '17', '-version'] },
];

/** Commands that install packages. The test uses those that are here already. */
const INSTALLS = /^(npm (init|install)|pip install) /;
const PROOFLOAD = /^npx proofload /;

/** Returns the checks that were INCONCLUSIVE. A run does not measure them again if another check of a scenario FAILed. */
const inconclusive = ({ text }: { text: string }) => text.match(/^\s*INCONCLUSIVE .*$/gm)?.join('; ');

test.for(RUNTIMES)('the tutorial $page does what it says', { timeout: ALONE_MS }, async (runtime, { skip }) => {
  const { page, program, args, instead = program } = runtime;
  const found = [program, instead].find((name) => spawnSync(name, args).status === 0);
  if (found === undefined) {
    const reason = `"${program} ${args.join(' ')}" does not work on this machine`;
    console.warn(`docs/tutorials/${page}.md is skipped: ${reason}`);
    return skip(reason);
  }
  const tutorial = await begin(found, program);
  const verdicts: number[] = [];
  const blocks = renderPage(await readFile(`docs/tutorials/${page}.md`, 'utf8')).code;
  for (const [index, { language, text, after }] of blocks.entries()) {
    const output = blocks[index + 1];
    if (language === 'sh') verdicts.push(...(await tutorial.run(text, output?.language === 'text' ? output.text : '')));
    else if (language === 'diff') await tutorial.change(text);
    else if (language !== 'text') await tutorial.save(/as `([^`]+)`/.exec(after)?.[1] ?? '', text);
  }
  // 99 is FAIL, which the change turns into PASS.
  expect(verdicts).toEqual([99, 0]);
});

/** Begins a tutorial in a new folder, with a program under the name that the tutorial uses. */
async function begin(program: string, name: string) {
  const folder = await temporaryFolder();
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  if (program !== name) await symlink(program, join(bin, name));
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
  const execute = (command: string, args: string[]): Promise<{ code: number; text: string }> =>
    new Promise((done) => {
      const child = execFile(command, args, { cwd: folder, env }, (_, stdout, stderr) =>
        done({ code: child.exitCode ?? -1, text: stripVTControlCharacters(stdout + stderr) }),
      );
    });
  let saved = '';

  return {
    /** Runs commands. Returns the exit codes of those of proofload, whose output must have the lines of a text. */
    async run(commands: string, expected: string): Promise<number[]> {
      const codes: number[] = [];
      for (const command of commands.split('\n').filter((line) => !INSTALLS.test(line))) {
        const isOwn = PROOFLOAD.test(command);
        const [first, args] = isOwn
          ? called(product.bin, command.replace(PROOFLOAD, '').split(' '))
          : ['sh', ['-c', command]];
        const { code, text } = await (isOwn
          ? decided(command, () => execute(first, args), inconclusive)
          : execute(first, args));
        if (!isOwn) expect(code, `${command}: ${text}`).toBe(0);
        else {
          codes.push(code);
          expect(expected, `the output of ${command}`).not.toBe('');
          for (const line of expected.split(/…|\n/)) expect(inEssence(text)).toContain(inEssence(line));
        }
      }
      return codes;
    },

    /** Saves a file. The first one is the service, which `change` changes. */
    async save(file: string, text: string): Promise<void> {
      expect(file).not.toBe('');
      saved ||= join(folder, file);
      await writeFile(join(folder, file), `${text}\n`);
    },

    /** Replaces the lines of the service that begin with "-" by those that begin with "+". */
    async change(diff: string): Promise<void> {
      const linesWith = (mark: string) => diff.split('\n').flatMap((line) => (line[0] === mark ? [line.slice(1)] : []));
      const before = await readFile(saved, 'utf8');
      const removed = linesWith('-').join('\n');
      expect(before.split(removed)).toHaveLength(2);
      await writeFile(
        saved,
        before.replace(removed, () => linesWith('+').join('\n')),
      );
    },
  };
}

/** Returns an output without what differs between runs: numbers, and how lines are broken. */
const inEssence = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/\d+(\.\d+)?/g, 'N')
    .trim();
