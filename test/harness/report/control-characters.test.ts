import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ServiceLog } from '../../../harness/lab/service/service-log.ts';
import { writeReport } from '../../../harness/report/write-report.ts';
import { eventually } from '../../support/eventually.ts';
import { finding, runResult, scenarioResult } from '../../support/run-result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Sequences that a terminal, an editor or a browser obeys: ESC, C1, bidi, a line separator, a carriage return. */
const HOSTILE = 'x\u001b[2J\u0085\u009b31m\u202egpj.exe\u2066\u061c\u2028\u0007\ry\ud800';
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const SEEN = '\\u001b[2J\\u0085\\u009b31m\\u202egpj.exe\\u2066\\u061c';

test('no file of a run contains a control character of the service, and each of them can be seen', async () => {
  const folder = await temporaryFolder();
  const failed = finding('ask', 'FAIL', { observed: HOSTILE, evidence: [HOSTILE], usually: HOSTILE });
  const scenario = scenarioResult('chaos/a', [failed]);
  await mkdir(join(folder, scenario.folder), { recursive: true });
  const log = new ServiceLog(join(folder, scenario.folder, 'service.log'));
  expect(log.write(HOSTILE)).toBe(HOSTILE);
  log.end();
  await eventually(async () =>
    expect(await readFile(join(folder, scenario.folder, 'service.log'), 'utf8')).not.toBe(''),
  );
  await writeReport(folder, runResult([scenario]));
  const files = ['report.html', 'junit.xml', 'summary.md', 'verdict.json', join(scenario.folder, 'service.log')];
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    expect(text.match(OBEYED)?.index, file).toBe(undefined);
    expect(text.replaceAll('&#91;', '[').replaceAll('&#92;', '\\'), file).toContain(SEEN);
  }
  const { scenarios } = JSON.parse(await readFile(join(folder, 'verdict.json'), 'utf8'));
  expect(scenarios[0].findings[0].observed).toBe(HOSTILE);
});
