import { execFileSync } from 'node:child_process';
import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { runSource } from '../run-source.ts';

/** Returns a folder for Node's compile cache, and a function that lists the texts that are kept in it. */
async function emptyCache() {
  const folder = await temporaryFolder();
  const kept = async (): Promise<string[]> => {
    const files = await readdir(folder, { recursive: true });
    return files.filter((file) => /\/(?:stripped|source|compiled)-/.test(file)).sort();
  };
  return { folder, kept };
}

/** Computes a text in another process, which prints how often it was computed there, and the result. */
function keep(input: string, folder?: string): string {
  const file = pathToFileURL('engine/base/keep-text.js').href;
  const code = `
    import { keepText } from '${file}';
    let computed = 0;
    const compute = () => { computed += 1; return 'result of ${input}'; };
    const [text, again] = [0, 0].map(() => keepText('stripped', '${input}', compute));
    console.log(computed, again === text, text);`;
  const env = { PATH: process.env.PATH, ...(folder !== undefined && { NODE_COMPILE_CACHE: folder }) };
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, encoding: 'utf8' }).trim();
}

test('a text is computed once, and read by later processes', async () => {
  const { folder, kept } = await emptyCache();
  expect(keep('a', folder)).toBe('1 true result of a');
  expect(keep('a', folder)).toBe('0 true result of a');
  expect(keep('b', folder)).toBe('1 true result of b');
  expect(await kept()).toHaveLength(2);
});

test('a text is computed each time if Node keeps no compiled modules, or the folder does not exist any more', async () => {
  expect(keep('a')).toBe('2 true result of a');
  expect(keep('a', '/dev/null/nowhere')).toBe('2 true result of a');
});

test('a damaged text is computed again', async () => {
  const { folder, kept } = await emptyCache();
  keep('a', folder);
  const [file = ''] = await kept();
  await truncate(join(folder, file), 70);
  expect(keep('a', folder)).toBe('1 true result of a');
  expect(keep('a', folder)).toBe('0 true result of a');
});

/** Uses types, a library in CommonJS, a call that blocks, and an error whose position is shown. */
const SCRIPT = `
import { sleep } from 'k6';
import * as library from './library.js';

interface Answer { readonly text: string }

const wait = (answer: Answer): string => { sleep(0); return answer.text };

export default function (): void {
  console.log(wait({ text: 'waited' }), library.name);
  throw new Error('of the script');
}
`;

test('a script runs in the same way from what earlier processes kept, and anew after a change', async () => {
  const { folder, kept } = await emptyCache();
  const run = async (source: string, library = "exports.name = 'library'") => {
    const { log, ...rest } = await runSource(source, {
      environment: { NODE_COMPILE_CACHE: folder },
      files: { 'library.js': library },
    });
    const text = log.map(({ msg }) => msg.replaceAll(/embedded-source-\w+/g, 'folder')).join('\n');
    return { text, said: rest.said, exitCode: rest.exitCode };
  };
  const first = await run(SCRIPT);
  const files = await kept();
  expect(first.said).toEqual(['waited library']);
  expect(first.text).toMatch(/folder\/script\.ts:11:9/);
  expect(files.length).toBeGreaterThan(3);
  expect(await run(SCRIPT)).toEqual(first);
  expect(await kept()).toEqual(files);
  expect((await run(SCRIPT.replace('waited', 'changed'))).said).toEqual(['changed library']);
  expect((await run(SCRIPT, "export const name = 'module'")).said).toEqual(['waited module']);
});
