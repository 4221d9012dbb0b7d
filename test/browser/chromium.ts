import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { HistoryEvent } from '../../harness/history/events.ts';
import { renderReport } from '../../harness/report/html/page.ts';
import type { RunResult } from '../../harness/verdict/run-result.ts';

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

/** Launches the Chromium specified by CHROMIUM or found on PATH. Its sandbox is not available to root. */
export function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM || find(['chromium', 'chromium-browser', 'google-chrome']);
  if (!executablePath) throw new Error('there is no Chromium on PATH; install it, or name one in CHROMIUM');
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

function find(names: string[]): string | undefined {
  const script = names.map((name) => `command -v ${name}`).join(' || ');
  try {
    return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/**
 * A separate page. Everything that the browser complains about, requests from other origins or opens as a popup is
 * recorded.
 */
export interface OpenPage extends AsyncDisposable {
  page: Page;
  complaints: string[];
}

export interface Look {
  width?: number;
  colorScheme?: 'light' | 'dark';
  /** Set to false to disable JavaScript. */
  scripts?: boolean;
}

/**
 * Opens a page.
 *
 * @param own Prefixes for the URLs that the page may request.
 */
export async function openPage(browser: Browser, url: string, own: string[], look: Look = {}): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1280, height: 900 },
    colorScheme: look.colorScheme ?? 'light',
    javaScriptEnabled: look.scripts ?? true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const requestUrl = request.url();
    if (!own.some((prefix) => requestUrl.startsWith(prefix))) complaints.push(`asked for ${requestUrl}`);
  });
  page.on('dialog', (dialog) => {
    complaints.push(`said ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(url);
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Opens a report, which must not request anything. */
export async function openReport(
  browser: Browser,
  result: RunResult,
  histories: Map<string, HistoryEvent[]>,
  look: Look = {},
): Promise<OpenPage> {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-report-'));
  const file = join(folder, 'report.html');
  await writeFile(file, await renderReport(result, histories));
  const open = await openPage(browser, pathToFileURL(file).href, ['file:', 'data:', 'blob:'], look);
  return {
    ...open,
    async [Symbol.asyncDispose]() {
      await open[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Opens all scenarios and waits until their charts are drawn. */
export async function openAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.plot')].every((plot) => plot.querySelector('canvas') !== null),
  );
}

/** Returns what axe reports, one line per rule and element. Returns an empty list if the page is accessible. */
export async function axe(page: Page): Promise<string[]> {
  // Inject the script like a debugger, because the page's own policy allows no other scripts.
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}

interface AxeViolation {
  id: string;
  nodes: { target: string[] }[];
}
