import { chmod, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diffOf, fixContract } from '../../../harness/fix/fix-contract.ts';
import { temporaryFile } from '../../support/temporary-folder.ts';

const CONTRACT = `# what the shop promises
name: shop
start: { command: [node, shop.mjs], readyPath: /health, readySeconds: 10 }
upstreams:
  llm: { kind: groq }
environment: { LLM_URL: "\${upstream.llm}" }
endpoints:
  ask: { method: GET, path: /ask, served: [200], reaches: [llm] } # the question
profiles: { fast: {} }
`;

async function written(name = 'proofload.yaml', text = CONTRACT): Promise<string> {
  return temporaryFile(name, text);
}

test('writes changes, shows the lines, and keeps the mode of the file', async () => {
  const path = await written();
  await chmod(path, 0o640);
  const { diff, left } = await fixContract(path, [
    { path: ['upstreams', 'llm', 'calls', 'attempts'], value: 3 },
    { path: ['endpoints', 'ask', 'served'], value: [201] },
  ]);
  expect(left).toEqual([]);
  expect(diff).toEqual([
    '- 5:   llm: { kind: groq }',
    '+ 5:   llm: { kind: groq, calls: { attempts: 3 } }',
    '- 8:   ask: { method: GET, path: /ask, served: [200], reaches: [llm] } # the question',
    '+ 8:   ask: { method: GET, path: /ask, served: [201], reaches: [llm] } # the question',
  ]);
  expect(await readFile(path, 'utf8')).toBe(
    CONTRACT.replace('kind: groq', 'kind: groq, calls: { attempts: 3 }').replace('[200]', '[201]'),
  );
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readdir(join(path, '..'))).toEqual(['proofload.yaml']);
});

test('a change with which the contract would not be valid is left out, with the reason', async () => {
  const path = await written();
  const { diff, left } = await fixContract(path, [
    { path: ['upstreams', 'llm', 'calls', 'attempts'], value: 11 },
    { path: ['endpoints', 'ask', 'served'], value: [201] },
  ]);
  expect(left).toEqual([
    {
      change: { path: ['upstreams', 'llm', 'calls', 'attempts'], value: 11 },
      why: expect.stringMatching(
        /^the contract would not be valid: ✖ line 5: upstreams\.llm\.calls\.attempts: Too big/,
      ),
    },
  ]);
  expect(diff).toHaveLength(2);
});

test('if nothing can be written, the file is not touched', async () => {
  const path = await written();
  const { mtimeMs } = await stat(path);
  const { diff, left } = await fixContract(path, [{ path: ['endpoints', 'nowhere', 'served'] }]);
  expect({ diff, why: left[0]?.why }).toEqual({ diff: [], why: expect.stringContaining('the line is shared') });
  expect((await stat(path)).mtimeMs).toBe(mtimeMs);
});

test('a link stays a link', async () => {
  const path = await written();
  const link = await written('other.yaml');
  await rm(link);
  await symlink(path, link);
  await fixContract(link, [{ path: ['endpoints', 'ask', 'served'], value: [201] }]);
  expect(await readFile(path, 'utf8')).toContain('[201]');
});

test('a module is not changed, and says which lines to add', async () => {
  const path = await written('proofload.config.ts', 'export default {};');
  const change = { path: ['endpoints', 'ask', 'served'], value: [201] };
  expect(await fixContract(path, [change])).toEqual({
    diff: [],
    left: [{ change, why: 'proofload.config.ts is code, which only you can change safely' }],
  });
});

test.each([
  ['a b c', 'a x c', ['- 2: b', '+ 2: x']],
  ['a c', 'a b c', ['+ 2: b']],
  ['a b b', 'a b', ['- 3: b']],
  ['a', 'a a', ['+ 2: a']],
])('the difference between %s and %s is %j', (before, after, lines) => {
  expect(diffOf(before.replaceAll(' ', '\n'), after.replaceAll(' ', '\n'))).toEqual(lines);
});
