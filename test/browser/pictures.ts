import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { readHistory } from '../../harness/history/history-file.ts';
import { frame, styleFrame } from '../../harness/report/live/frame.ts';
import { LiveState } from '../../harness/report/live/live-state.ts';
import { Markup, markup } from '../../harness/report/text/markup.ts';
import { startLabProcess } from '../support/lab-process.ts';
import { launch } from './chromium.ts';

const FOLDER = 'docs/pictures';

/** A service whose half-open breaker lets all calls through, so that the pictures show a failure. */
const DEFECT = 'node test/defects/services/breaker.ts half-open-lets-all-through';

/** Recreates the pictures for the documentation from a separate run and lab. */
async function main(): Promise<void> {
  const results = await mkdtemp(join(tmpdir(), 'proofload-pictures-'));
  const browser = await launch();
  try {
    await run(results, 'chaos/llm-outage');
    const folder = await realpath(join(results, 'latest'));
    await drawReport(browser, join(folder, 'report.html'));
    await drawLiveView(join(folder, 'chaos-llm-outage', 'history.ndjson'));
    await drawLab(browser);
  } finally {
    await browser.close();
    await rm(results, { recursive: true });
  }
}

/** @throws Error unless the run fails because of the defect. */
async function run(results: string, scenario: string): Promise<void> {
  const environment = { ...process.env, RESULTS: results, COMMAND: DEFECT, SEED: '7' };
  const child = spawn(
    process.execPath,
    ['harness/cli.ts', 'run', scenario, '--contract', 'service/proofload.config.ts'],
    {
      env: environment,
      stdio: 'inherit',
    },
  );
  const [code] = await once(child, 'exit');
  if (code !== 99) throw new Error(`the run of ${DEFECT} ended with ${code}, not with 99 (FAIL)`);
}

async function drawReport(browser: Browser, file: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 1400 } });
  await page.goto(pathToFileURL(file).href);
  await page.locator('.plot canvas').first().waitFor();
  await page.screenshot({ path: join(FOLDER, 'report.png') });
  await page.close();
}

/** Draws the live view at the moment when the breaker has just opened, as SVG. */
async function drawLiveView(path: string): Promise<void> {
  const { header, history } = await readHistory(path);
  const { at: opened = 0 } = history.all('transition').find(({ to }) => to === 'open') ?? {};
  const moment = opened + 500;
  const run = new LiveState();
  run.plan = { scenarios: [{ name: header.scenario, seconds: 9.6, atOnce: Number.POSITIVE_INFINITY }], width: 1 };
  const breakers = Object.keys(header.numbers.breakers);
  const ceiling = header.numbers.pool?.max ?? 0;
  const state = run.begin({ scenario: header.scenario, expectedSeconds: 9.6, breakers, ceiling }, header.began);
  for (const event of history.inOrder()) {
    if (event.type === 'request' && event.at + event.ms <= moment) state.request(event);
    else if (event.at <= moment) state.see(event);
  }
  const lines = frame(run, moment, 100);
  const spans = styleFrame(
    lines.map((line) => markup`${line}`.text),
    run,
    (style, text) => `<tspan class="${style}">${text}</tspan>`,
  );
  await writeFile(join(FOLDER, 'live-view.svg'), svg(spans, Math.max(...lines.map((line) => [...line].length))));
}

const [LINE, CHARACTER, MARGIN] = [20, 8.45, 16];

function svg(lines: readonly string[], columns: number): string {
  const [width, height] = [Math.ceil(columns * CHARACTER) + 2 * MARGIN, lines.length * LINE + 2 * MARGIN];
  const rows = lines.map(
    (line, index) => markup`<text x="${MARGIN}" y="${MARGIN + LINE * (index + 0.75)}">${new Markup(line)}</text>
`,
  );
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The live view of a run">
<style>
text { font: 14px ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; fill: #e8edf3; white-space: pre; }
.bold { font-weight: 700; } .yellow { fill: #f0b849; } .red { fill: #ff8b82; }
</style>
<rect width="${width}" height="${height}" rx="8" fill="#151c24"/>
${rows}</svg>
`.text;
}

/** Takes a picture of the lab's page after an LLM outage, whose breaker has opened and closed again. */
async function drawLab(browser: Browser): Promise<void> {
  await using lab = await startLabProcess();
  const page = await browser.newPage({ viewport: { width: 1280, height: 1180 } });
  await page.goto(lab.url);
  for (const [endpoint, steps] of Object.entries({ 'conversation-end': 8, 'activities-suggest': 4, health: 5 })) {
    await page.locator(`input[name="${endpoint}"]`).focus();
    for (let step = 0; step < steps; step += 1) await page.keyboard.press('ArrowRight');
  }
  const power = page.locator('[data-power=groq]');
  await page.waitForTimeout(10_000);
  for (const seconds of [6, 12, 5]) {
    await power.click();
    await page.waitForTimeout(seconds * 1_000);
  }
  await page.screenshot({ path: join(FOLDER, 'lab.png') });
  await page.close();
}

await main();
