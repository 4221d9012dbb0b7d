import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepProofs, newestProof, type Proofs, readProofs } from '../../../harness/report/proofs.ts';
import { finding } from '../../support/run-result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const CAUGHT = { checker: 'breaker-opens', mutant: 'never-opens', scenario: 'chaos/llm-outage' };

const proofs = (day: number, more: Partial<Proofs> = {}): Proofs => ({
  version: 1,
  service: 'shop',
  at: `2026-11-${day}T04:00:00.000Z`,
  contract: 'now',
  caught: [CAUGHT],
  missed: [],
  ...more,
});

const CHECKS = [{ scenario: 'chaos/llm-outage', finding: finding('opens', 'PASS', { checker: 'breaker-opens' }) }];
const found = (...files: Proofs[]) => newestProof(files, CHECKS, 'now');

test('a promise is proved by a check that judged it in the same scenario', () => {
  expect(found(proofs(12, { commit: 'abc' }))).toEqual({ ...CAUGHT, at: '2026-11-12T04:00:00.000Z', commit: 'abc' });
  expect(found(proofs(12, { caught: [{ ...CAUGHT, scenario: 'chaos/memory-outage' }] }))).toBe(undefined);
  expect(found(proofs(12, { caught: [{ ...CAUGHT, checker: 'breaker-closes' }] }))).toBe(undefined);
});

test('a proof does not count once its check misses a mutant, or once the contract has changed', () => {
  expect(found(proofs(13, { caught: [], missed: ['breaker-opens'] }), proofs(12))).toBe(undefined);
  expect(found(proofs(13), proofs(12, { caught: [], missed: ['breaker-opens'] }))?.at).toMatch(/^2026-11-13/);
  expect(found(proofs(13, { contract: 'then' }))).toMatchObject({ outdated: expect.stringContaining('changed') });
  expect(found(proofs(13, { contract: 'then' }), proofs(12))).not.toHaveProperty('outdated');
});

test('concurrent runs keep all proofs, each service has its own, and the newest is first', async () => {
  const results = await temporaryFolder();
  const others = Array.from({ length: 9 }, (_, index) =>
    proofs(10 + index, { caught: [{ ...CAUGHT, mutant: `mutant-${index}` }] }),
  );
  await Promise.all([...others, proofs(20, { service: 'other' })].map((run) => keepProofs(results, run)));
  const { files, problems } = await readProofs(results, 'shop');
  expect({ days: files.map(({ at }) => at.slice(8, 10)), problems }).toEqual({
    days: others.map(({ at }) => at.slice(8, 10)).reverse(),
    problems: [],
  });
  expect((await readProofs(results, 'other')).files).toHaveLength(1);
});

test('files that say nothing new are removed, and no others', async () => {
  const results = await temporaryFolder();
  const second = { ...CAUGHT, mutant: 'opens-late' };
  await keepProofs(results, proofs(10, { caught: [CAUGHT, second] }));
  await keepProofs(results, proofs(11));
  await keepProofs(results, proofs(12, { service: 'other' }));
  await keepProofs(results, proofs(13));
  expect((await readProofs(results, 'shop')).files.map(({ at }) => at.slice(8, 10))).toEqual(['13', '10']);
  await keepProofs(results, proofs(14, { caught: [], missed: ['breaker-opens'] }));
  expect((await readProofs(results, 'shop')).files.map(({ at }) => at.slice(8, 10))).toEqual(['14']);
  await keepProofs(results, proofs(15, { caught: [CAUGHT] }));
  expect(await readdir(join(results, 'proved'))).toHaveLength(2);
});

test('a broken file is named, and the others still count', async () => {
  const results = await temporaryFolder();
  expect(await readProofs(results, 'shop')).toEqual({ files: [], problems: [] });
  await keepProofs(results, proofs(10));
  await writeFile(join(results, 'proved', 'cut.json'), '{"version": 1, "serv');
  await writeFile(join(results, 'proved', 'other.json'), JSON.stringify({ ...proofs(11), at: 'yesterday' }));
  const { files, problems } = await readProofs(results, 'shop');
  expect(files).toHaveLength(1);
  expect(problems).toEqual([
    expect.stringMatching(/proved\/cut\.json can't be read, so its proofs don't count: .*JSON/),
    expect.stringMatching(/proved\/other\.json can't be read, so its proofs don't count: .*at/),
  ]);
});

test('a folder that can not be read is named', async () => {
  const results = await temporaryFolder();
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'proved'), '');
  expect((await readProofs(results, 'shop')).problems).toEqual([expect.stringContaining('ENOTDIR')]);
});
