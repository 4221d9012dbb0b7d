import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadContract, numbersOf } from '../../harness/contract.ts';
import reference from '../../service/contract.ts';

async function written(contract: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-contract-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'contract.json');
  await writeFile(path, JSON.stringify(contract));
  return path;
}

test("reads the reference service's contract, whose production profile has the specification's numbers", async () => {
  const contract = await loadContract('service/contract.ts');
  const { limits, breakers } = numbersOf(contract, 'production');
  expect(limits['conversation-end']).toEqual({ max: 100, windowSeconds: 60 });
  expect(limits['activities-suggest']).toEqual({ max: 60, windowSeconds: 60 });
  expect(limits.health).toEqual({ max: 300, windowSeconds: 60 });
  expect(breakers.llm).toEqual({ threshold: 5, recoverySeconds: 60 });
});

test('reads a contract from JSON', async () => {
  expect((await loadContract(await written(reference))).name).toBe(reference.name);
});

test('tells all problems of a contract at once, each with its place', async () => {
  const path = await written({ ...reference, start: { command: [], readyPath: 'health' }, colour: 'blue' });
  await expect(loadContract(path)).rejects.toMatchObject({
    code: 'CONTRACT_INVALID',
    exitCode: 2,
    message: expect.stringMatching(
      /start\.command[\s\S]*start\.readyPath[\s\S]*start\.readySeconds[\s\S]*colour|colour[\s\S]*start/,
    ),
  });
});

test('refuses names that nothing in the contract defines, and says which there are', async () => {
  const path = await written({ ...reference, pool: { ...reference.pool, endpoint: 'nowhere' } });
  await expect(loadContract(path)).rejects.toThrow(
    'pool.endpoint: there is no "nowhere"; there are conversation-end, activities-suggest, health, conversation-read',
  );
});

test('a contract that is not there is an error of its own', async () => {
  await expect(loadContract('nowhere.json')).rejects.toMatchObject({ code: 'CONTRACT_INVALID' });
});

test('refuses a profile that is not in the contract', async () => {
  const contract = await loadContract('service/contract.ts');
  expect(() => numbersOf(contract, 'slow')).toThrow(
    'there is no profile "slow" in the contract; there are fast, production',
  );
});
