import { parseArgs } from 'node:util';
import { findingsTable } from '../../harness/report/text/terminal.ts';
import { type Finding, worst } from '../../harness/verdict/finding.ts';
import { BenchResults } from '../lib/bench-results.ts';
import { measuring } from '../lib/measuring.ts';
import { boundReceipts } from './receipts-memory.ts';
import { soak } from './soak.ts';
import { compareThroughput } from './throughput.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const { quick } = values;
const results = await BenchResults.open('bench-mocks');
const parts: Record<string, () => Finding[] | Promise<Finding[]>> = {
  throughput: () => compareThroughput(quick ? { rounds: 3, seconds: 0.7 } : { rounds: 7, seconds: 2 }),
  'memory for receipts': boundReceipts,
  'a soak with faults': () => soak({ requests: quick ? 10_000 : 100_000 }),
};
const measured: Finding[] = [];
for (const [name, measure] of Object.entries(parts)) {
  measuring(name);
  measured.push(...(await measure()));
}
const others = results.busy();
const findings = measured.map((finding): Finding => {
  if (others === undefined || finding.verdict !== 'FAIL') return finding;
  return { ...finding, verdict: 'INCONCLUSIVE', evidence: [...(finding.evidence ?? []), others] };
});
await results.conclude(worst(findings.map(({ verdict }) => verdict)), findingsTable(findings), { quick, findings });
