import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenersOn, socketsOf } from '../../harness/machine/listeners.ts';
import { listProcesses } from '../../harness/machine/process-tree.ts';
import { written } from '../harness/contract/contract-files.ts';
import { type LabProcess, startLabProcess } from '../support/lab-process.ts';
import { axe, type Look, launch, openPage } from './chromium.ts';

/** Breakers in the `fast` profile try again after 2 s. The remaining time allows for a busy machine and a low load. */
const SOON = { timeout: 15_000 };

/** The folder for screenshots of the page. If it is not set, none are taken. */
const PICTURES = process.env.PICTURES;

let browser: Browser;
let lab: LabProcess;
beforeAll(async () => {
  // Launch the browser first, so that no lab is left running if there is none.
  browser = await launch();
  lab = await startLabProcess();
});
afterAll(async () => {
  await browser?.close();
  await lab?.[Symbol.asyncDispose]();
});

const open = (look: Look = {}) => openPage(browser, lab.url, [lab.url, 'data:'], look);

/** Sets a slider using the keyboard. */
async function setRate(page: Page, endpoint: string, perSecond: number) {
  await page.locator(`input[name="${endpoint}"]`).focus();
  await page.keyboard.press('Home');
  for (let n = 0; n < perSecond; n += 1) await page.keyboard.press('ArrowRight');
}

/** Returns a value shown at the top of the page. */
const fact = (page: Page, name: string) => page.locator('#now li', { hasText: name }).locator('strong').textContent();

const chart = (page: Page, title: string) => page.locator('figure', { hasText: title }).locator('.plot');

test('turning the LLM off opens the breaker, and turning it on closes it after one trial, using only the keyboard', async () => {
  await using opened = await open();
  const { page, complaints } = opened;
  await setRate(page, 'conversation-end', 8);
  await expect.poll(() => fact(page, 'last second'), SOON).toMatch(/\d × 2xx/);
  await expect.poll(() => fact(page, 'breaker llm'), SOON).toBe('● closed');
  const power = page.getByRole('switch', { name: 'groq', exact: true }).first();

  await power.focus();
  await page.keyboard.press('Space');
  await expect.poll(() => power.getAttribute('aria-checked'), SOON).toBe('false');
  await expect.poll(() => fact(page, 'breaker llm'), SOON).toBe('▲ open');
  await expect
    .poll(() => page.locator('#notice').textContent(), SOON)
    .toMatch(/breaker llm open: .*opened for _invoke_llm after 5 failures \(tries again after 1\.5 s\)/);
  await expect.poll(() => fact(page, 'last second'), SOON).toMatch(/^\d+ × 5xx$/);

  await page.keyboard.press('Space');
  await expect.poll(() => fact(page, 'breaker llm'), SOON).toBe('● closed');
  await expect.poll(() => fact(page, 'last second'), SOON).toMatch(/^\d+ × 2xx/);
  const described = () => chart(page, 'Circuit breakers').getAttribute('aria-label');
  await expect
    .poll(described, SOON)
    .toMatch(/llm: closed from 0 to .*open from .*half-open from .*closed from .* to 119\.999 s/);
  expect(await chart(page, 'Test phases and faults').getAttribute('aria-label')).toContain('fault of groq: refuse');
  expect(await page.locator('#receipt-rows tr').count()).toBeGreaterThan(0);
  expect(await page.locator('#log-lines').textContent()).toContain('Circuit breaker opened for _invoke_llm');
  await setRate(page, 'conversation-end', 0);
  expect(complaints).toEqual([]);
});

test('a fault can be added with its fields, shows how many requests it hit, and rejects invalid fields', async () => {
  await using opened = await open();
  const { page } = opened;
  await page.locator('.target', { hasText: 'mem0' }).first().locator('> summary').click();
  const form = page.locator('form.fault[data-target=mem0][data-kind=status]');
  await form.locator('summary').click();
  await form.getByLabel('status *').fill('200');
  const turn = form.getByRole('switch');
  await turn.click();
  await expect.poll(() => form.locator('.refused').textContent(), SOON).toContain('a whole number from 400 to 599');
  expect(await turn.getAttribute('aria-checked')).toBe('false');
  expect(await form.getByLabel('status *').getAttribute('aria-invalid')).toBe('true');
  expect(await form.getByLabel('status *').evaluate((field) => field === document.activeElement)).toBe(true);

  await form.getByLabel('status *').fill('503');
  expect(await form.locator('.refused').textContent()).toBe('');
  await form.getByLabel('next').fill('2');
  await page.keyboard.press('Enter');
  await setRate(page, 'activities-suggest', 5);
  await expect.poll(() => form.locator('.counts').textContent(), SOON).toBe('spent: acted on 2 of 2');
  expect(await turn.getAttribute('aria-checked')).toBe('false');
  await setRate(page, 'activities-suggest', 0);
});

test('editing the fields of an active fault changes it, and pressing Enter keeps it active', async () => {
  await using opened = await open();
  const { page } = opened;
  await page.locator('.target', { hasText: 'mem0' }).first().locator('> summary').click();
  const form = page.locator('form.fault[data-target=mem0][data-kind=latency]');
  expect(await form.locator('.does').textContent()).toBe('delays responses');
  const turn = form.getByRole('switch');
  await turn.click();
  await expect.poll(() => turn.getAttribute('aria-checked'), SOON).toBe('true');
  const set = async () => {
    const { faults } = await page.evaluate(() => fetch('api/upstreams/mem0/faults').then((answer) => answer.json()));
    return faults.filter(({ state }: { state: string }) => state === 'active');
  };
  await form.locator('summary').click();
  await form.getByLabel('milliseconds *').fill('123');
  await page.keyboard.press('Enter');
  await expect.poll(set, SOON).toMatchObject([{ kind: 'latency', milliseconds: 123 }]);
  expect(await turn.getAttribute('aria-checked')).toBe('true');
  const faults = () => chart(page, 'Test phases and faults').getAttribute('aria-label');
  await expect.poll(faults, SOON).toMatch(/latency 123 ms/);
  await form.getByLabel('milliseconds *').fill('-1');
  await form.getByLabel('milliseconds *').press('Tab');
  await expect.poll(() => form.locator('.refused').textContent(), SOON).toContain('from 0 to 600000');
  expect(await set()).toMatchObject([{ kind: 'latency', milliseconds: 123 }]);
  await page.getByRole('button', { name: 'Heal everything' }).click();
  await expect.poll(() => turn.getAttribute('aria-checked'), SOON).toBe('false');
  expect(await form.locator('.refused').textContent()).toBe('');
});

test('a killed service restarts and the load continues', async () => {
  await using opened = await open();
  const { page } = opened;
  await setRate(page, 'health', 5);
  await page.getByRole('button', { name: 'Kill the service' }).click();
  await expect.poll(() => page.locator('#notice').textContent(), SOON).toContain('the service restarts');
  await expect.poll(() => fact(page, 'service'), SOON).toBe('up');
  await expect.poll(() => fact(page, 'last second'), SOON).toMatch(/^\d+ × 2xx, 3xx$/);
  await setRate(page, 'health', 0);
});

test('a service that was killed, or is stopped, is not shown as up a second later', async () => {
  await using opened = await open();
  const { page } = opened;
  const url = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const events = new EventSource('events');
        events.addEventListener('now', ({ data }) => {
          events.close();
          resolve(JSON.parse(data).service.url);
        });
      }),
  );
  const [listener] = listenersOn(Number(new URL(url).port)) ?? [];
  const found = listProcesses().find(({ pid }) => socketsOf(pid)?.has(listener?.inode ?? ''));
  const pid = found?.pid ?? Number.NaN;
  const within = { timeout: 1_000, interval: 20 };
  await expect.poll(() => fact(page, 'service'), SOON).toBe('up');
  process.kill(pid, 'SIGSTOP');
  await expect.poll(() => fact(page, 'service'), within).toBe('down');
  process.kill(pid, 'SIGCONT');
  await expect.poll(() => fact(page, 'service'), within).toBe('up');
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => fact(page, 'service'), within).toBe('down');
  expect(await page.locator('#notice').textContent()).toContain('the service has ended by itself (SIGKILL)');
  await page.getByRole('button', { name: 'Restart the service' }).click();
  await expect.poll(() => fact(page, 'service'), SOON).toBe('up');
});

test('a scenario from the collapsed list runs alone, and its verdict and report are shown', async () => {
  await using opened = await open();
  const { page, complaints } = opened;
  const item = page.locator('.scenarios li', { hasText: 'chaos/weak-secret' });
  expect(await item.isVisible()).toBe(false);
  await page.getByText(/^Run one of \d+ scenarios$/).click();
  await item.getByRole('button').click();
  await expect.poll(() => page.locator('#running-text').textContent(), SOON).toContain('chaos/weak-secret');
  await expect.poll(() => fact(page, 'service'), SOON).toBe('restarting');
  expect(await item.getByRole('button').textContent()).toBe('Running');
  await page.locator('.run').waitFor({ timeout: 60_000 });
  expect(await page.locator('.run summary').first().textContent()).toMatch(/(PASS|INCONCLUSIVE) chaos\/weak-secret/);
  await expect.poll(() => fact(page, 'service'), SOON).toBe('up');
  await expect
    .poll(() => page.locator('#notice').textContent(), SOON)
    .toMatch(/(PASS|INCONCLUSIVE) chaos\/weak-secret/);
  const verdict = (await page.locator('.run .badge').first().getAttribute('class'))?.replace('badge ', '');
  expect(await page.locator('#notice').getAttribute('class')).toBe(verdict);
  expect(await axe(page)).toEqual([]);
  const [report] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'The whole report' }).click(),
  ]);
  await report.waitForLoadState();
  expect(await report.title()).toContain('chaos-weak-secret · ');
  expect(complaints).toEqual([]);
});

test.each([
  ['light', 390],
  ['dark', 390],
  ['light', 1280],
  ['dark', 1280],
  ['light', 1920],
  ['dark', 1920],
] as const)(
  '%s, %d px: charts are in the first view; accessible with everything open; no errors; no horizontal scrolling',
  async (colorScheme, width) => {
    await using opened = await open({ colorScheme, width });
    const { page, complaints } = opened;
    const figure = page.locator('#figures canvas').first();
    await figure.waitFor();
    expect((await figure.boundingBox())?.y).toBeLessThan(700);
    expect(await axe(page)).toEqual([]);
    if (PICTURES) {
      await mkdir(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `lab-${width}-${colorScheme}.png`), fullPage: true });
    }
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(complaints).toEqual([]);
  },
);

test('endpoints, upstreams and breakers may have the names of properties that all objects have', async () => {
  const failures = [{ kind: 'reset' }];
  const contract = {
    name: 'router',
    start: {
      command: ['node', 'router-service.ts'],
      cwd: resolve('test/defects/upstreams'),
      readyPath: '/health',
      readySeconds: 20,
    },
    upstreams: { valueOf: { kind: 'groq', basePath: '/openai/v1', tls: false } },
    environment: { PORT: '${port}', LLM_URL: '${upstream.valueOf}', BACKUP_URL: '${upstream.valueOf}' },
    endpoints: {
      constructor: { method: 'GET', path: '/chat', served: [200], reaches: ['valueOf'] },
      'GET /health: "up?" <b>': { method: 'GET', path: '/health', served: [200] },
    },
    breakers: { toString: { upstream: 'valueOf', endpoint: 'constructor', refusal: 502, failures } },
    profiles: { fast: { breakers: { toString: { threshold: 3, recoverySeconds: 1 } } } },
  };
  await using other = await startLabProcess(await written(contract));
  await using opened = await openPage(browser, other.url, [other.url, 'data:']);
  const { page, complaints } = opened;
  await expect.poll(() => fact(page, 'breaker toString'), SOON).toBe('● closed');
  const sliders = page.locator('input[type=range]');
  const read = () =>
    sliders.evaluateAll((all) => all.map((input) => [input.getAttribute('name'), (input as HTMLInputElement).value]));
  expect(await read()).toEqual([
    ['constructor', '0'],
    ['GET /health: "up?" <b>', '0'],
  ]);
  const power = page.getByRole('switch', { name: 'valueOf', exact: true }).first();
  await power.focus();
  await page.keyboard.press('Space');
  await expect.poll(() => power.getAttribute('aria-checked'), SOON).toBe('false');
  await setRate(page, 'constructor', 8);
  await expect.poll(() => fact(page, 'last second'), SOON).toMatch(/\d × 5xx/);
  expect(complaints).toEqual([]);
});

test('another site can neither embed the lab nor call it', async () => {
  const { origin } = new URL(lab.url);
  await using opened = await openPage(browser, `${origin}/`, [origin]);
  const { page } = opened;
  expect(await page.textContent('body')).toContain('wrong-token');
  await page.setContent(`<iframe src="${lab.url}"></iframe>`);
  await expect.poll(() => opened.complaints.join('\n'), SOON).toMatch(/X-Frame-Options/);
  const stranger = await page.context().newPage();
  await stranger.goto('data:text/html,<p>another page</p>');
  const answer = await stranger.evaluate(
    (url) =>
      fetch(`${url}api/faults`, { method: 'DELETE' }).then(
        () => 'let in',
        () => 'kept out',
      ),
    lab.url,
  );
  expect(answer).toBe('kept out');
});
