import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ALONE_MS } from '../support/limits.ts';
import { notPassed } from '../support/not-passed.ts';
import { decidedFor, judged } from './judged.ts';
import contract from './upstreams/real.ts';
import { type RealServer, startCounter, startSearch } from './upstreams/real-servers.ts';

/**
 * Writes a contract into a folder that calls each endpoint again at the end. Both servers stop after their first
 * response.
 */
async function contractThatLosesServers(folder: string): Promise<string> {
  const search: RealServer = await startSearch(() => search.close());
  const cache: RealServer = await startCounter(() => cache.close());
  const path = join(folder, 'proofload.yaml');
  const upstreams = {
    search: { forward: `http://${search.address}`, tls: false },
    cache: { tcp: cache.address },
  };
  const { find, hits } = contract.endpoints;
  const endpoints = { ...contract.endpoints, 'find again': find, 'hits again': hits };
  const start = { ...contract.start, cwd: resolve('test/defects/upstreams') };
  await writeFile(path, stringify({ ...contract, start, upstreams, endpoints }, { aliasDuplicateObjects: false }));
  return path;
}

test.concurrent(
  'a right service with real upstreams passes',
  async () => {
    const { findings } = await decidedFor('test/defects/upstreams/real.ts', 'stress/smoke');
    expect(notPassed(findings.values())).toEqual([]);
    expect(findings.get('upstreams of find')?.verdict).toBe('PASS');
  },
  ALONE_MS,
);

test.concurrent(
  'a right gateway that repeats failed calls answers every fault as promised',
  async () => {
    const { findings } = await decidedFor('test/defects/upstreams/gateway.ts', 'chaos/fault-answers');
    // On a busy machine, times may prove nothing.
    expect([...findings.values()].filter((finding) => finding.verdict === 'FAIL')).toEqual([]);
    expect(findings.get('answer to error-in-body: llm, ask')?.verdict).toBe('PASS');
    expect(findings.get('answer to stall: llm, stream')?.expected).toBe('an error');
  },
  ALONE_MS,
);

test.concurrent(
  'a right gateway tells its callers of failed streams in time',
  async () => {
    const { findings } = await decidedFor('test/defects/upstreams/gateway.ts', 'chaos/streams');
    expect([...findings.values()].filter((finding) => finding.verdict === 'FAIL')).toEqual([]);
    for (const fault of ['cut-stream', 'error-in-stream', 'early-end']) {
      expect(findings.get(`stream reports ${fault}: llm, stream`)?.verdict).toBe('PASS');
    }
    expect(findings.get('ends in time: keep-alives of llm, stream')?.expected).toBe('within 1 s without an event');
  },
  ALONE_MS,
);

test.concurrent('real servers that go down during a run are not blamed on the service', async ({ onTestFinished }) => {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-upstreams-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { verdict, findings } = await judged(await contractThatLosesServers(folder), 'stress/smoke');
  expect(verdict).toBe('INCONCLUSIVE');
  const { observed, evidence } = findings.get('upstreams available') ?? {};
  expect(observed).toMatch(/^search (answered 502 to|did not answer) GET \/documents.*: http:\/\/127/);
  expect(evidence).toContainEqual(
    expect.stringMatching(/^cache did not answer on a connection: 127\S+ can't be reached: ECONNREFUSED$/),
  );
  for (const endpoint of ['find', 'hits']) {
    expect(findings.get(`serves ${endpoint}`)?.verdict).toBe('PASS');
    expect(findings.get(`serves ${endpoint} again`)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      evidence: expect.arrayContaining([
        expect.stringContaining('it failed, but the record is unreliable: upstreams available: search '),
      ]),
    });
  }
});
