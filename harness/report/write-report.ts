import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutSecrets } from '../base/without-secrets.ts';
import { written } from '../base/written.ts';
import type { HistoryEvent } from '../history/events.ts';
import { readHistory } from '../history/history-file.ts';
import type { RunResult } from '../verdict/run-result.ts';
import { renderReport } from './html/page.ts';
import { readLogTail } from './log-tails.ts';
import { junit } from './machine/junit.ts';
import { markdown } from './machine/markdown.ts';
import { openMetrics } from './machine/open-metrics.ts';
import { writeVerdict } from './run-folder.ts';

/**
 * Writes all reports about a run to its folder, without secrets: histories and logs have none any more. verdict.json is
 * written first, because the other reports can be recreated from it.
 *
 * @throws ProofloadError RESULTS_NOT_WRITTEN, when it has tried to write all of them
 */
export async function writeReport(folder: string, run: RunResult): Promise<void> {
  const result = withoutSecrets(run);
  await writeVerdict(folder, result);
  const write = async (name: string, text: string | Promise<string>) => {
    const path = join(folder, name);
    await written(path, writeFile(path, await text));
  };
  const all = await Promise.allSettled([
    write('report.html', renderReport(result, await readHistories(folder, result), await readLogs(folder, result))),
    write('junit.xml', junit(result)),
    write('summary.md', markdown(result)),
    write('metrics.txt', openMetrics(result)),
  ]);
  for (const settled of all) if (settled.status === 'rejected') throw settled.reason;
}

async function readHistories(folder: string, { scenarios }: RunResult): Promise<Map<string, HistoryEvent[]>> {
  const histories = new Map<string, HistoryEvent[]>();
  for (const { scenario, folder: own } of scenarios) {
    const path = join(folder, own, 'history.ndjson');
    if (existsSync(path)) histories.set(scenario, (await readHistory(path)).history.inOrder());
  }
  return histories;
}

async function readLogs(folder: string, { scenarios }: RunResult): Promise<Map<string, string[]>> {
  const failed = scenarios.filter(({ verdict }) => verdict !== 'PASS');
  return new Map(
    await Promise.all(
      failed.map(async ({ scenario, folder: own }) => [scenario, await readLogTail(join(folder, own))] as const),
    ),
  );
}
