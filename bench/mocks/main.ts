import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EXIT } from '../../harness/base/errors.ts';
import { makeRunFolder } from '../../harness/report/run-folder.ts';
import { scenarioTable } from '../../harness/report/text/terminal.ts';
import { type Finding, worst } from '../../harness/verdict/finding.ts';
import { watchOthers } from '../lib/others.ts';
import { boundReceipts } from './receipts-memory.ts';
import { compareWithService } from './service-cpu.ts';
import { soak } from './soak.ts';
import { compareSources } from './sources.ts';
import { compareThroughput } from './throughput.ts';

const EXITS = { PASS: EXIT.pass, FAIL: EXIT.fail, INCONCLUSIVE: EXIT.inconclusive } as const;
const RESULTS = process.env.RESULTS ?? fileURLToPath(new URL('../../results', import.meta.url));

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const { quick } = values;
const started = new Date();
const parts: (() => Promise<Finding[]>)[] = [
  () => compareThroughput(quick ? { rounds: 3, seconds: 0.7 } : { rounds: 7, seconds: 2 }),
  () => compareSources(quick ? { rounds: 3, seconds: 0.7 } : { rounds: 5, seconds: 2 }),
  () => compareWithService({ seconds: quick ? 2 : 8 }),
  async () => boundReceipts(),
  () => soak({ requests: quick ? 10_000 : 100_000 }),
];
const busy = watchOthers();
const measured: Finding[] = [];
for (const part of parts) measured.push(...(await part()));
const others = busy();
const findings = measured.map((finding): Finding => {
  if (others === undefined || finding.verdict !== 'FAIL') return finding;
  return { ...finding, verdict: 'INCONCLUSIVE', evidence: [...(finding.evidence ?? []), others] };
});

const verdict = worst(findings.map((finding) => finding.verdict));
const seconds = (Date.now() - started.getTime()) / 1000;
const folder = await makeRunFolder(RESULTS, 'bench-mocks', started);
const about = 'the fakes are never the bottleneck, and leave no growth';
const result = {
  scenario: 'bench-mocks',
  about,
  verdict,
  findings,
  seconds,
  again: 'make bench-mocks',
  folder: '.',
};
await writeFile(
  join(folder, 'bench.json'),
  `${JSON.stringify({ ...result, quick, node: process.version }, null, 2)}\n`,
);
console.log(scenarioTable(result, folder));
process.exitCode = EXITS[verdict];
