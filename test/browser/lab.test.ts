import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LabProcess, startLabProcess } from '../support/lab-process.ts';
import { axe, type Look, launch, openPage } from './chromium.ts';

/** The fast profile's breakers try again after 2 s; a busy machine, and a load of a few requests a second, take the rest. */
const SOON = { timeout: 15_000 };

/** Where pictures of the page go, to be looked at; none are taken without. */
const PICTURES = process.env.PICTURES;

let browser: Browser;
let lab: LabProcess;
beforeAll(async () => {
  // The lab last: if there is no browser, no lab is left running.
  browser = await launch();
  lab = await startLabProcess();
});
afterAll(async () => {
  await browser?.close();
  await lab?.[Symbol.asyncDispose]();
});

const open = (look: Look = {}) => openPage(browser, lab.url, [lab.url, 'data:'], look);

/** Sets a slider as its keys do. */
async function setRate(page: Page, endpoint: string, perSecond: number) {
  await page.locator(`input[name="${endpoint}"]`).focus();
  await page.keyboard.press('Home');
  for (let n = 0; n < perSecond; n += 1) await page.keyboard.press('ArrowRight');
}

/** What the head of the page says of something. */
const fact = (page: Page, name: string) => page.locator('#now li', { hasText: name }).locator('strong').textContent();

const chart = (page: Page, title: string) => page.locator('figure', { hasText: title }).locator('.plot');

test('the LLM off: the breaker opens, and nothing reaches it; on: one trial closes it. All by keyboard', async () => {
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
    .toMatch(/breaker llm open: .*opened for _invoke_llm after 5 failures \(tries again after 2 s\)/);
  await expect.poll(() => fact(page, 'last second'), SOON).toMatch(/^\d+ × 5xx$/);

  await page.keyboard.press('Space');
  await expect.poll(() => fact(page, 'breaker llm'), SOON).toBe('● closed');
  await expect.poll(() => fact(page, 'last second'), SOON).toMatch(/^\d+ × 2xx/);
  // The charts tell the same.
  const described = () => chart(page, 'Circuit breakers').getAttribute('aria-label');
  await expect
    .poll(described, SOON)
    .toMatch(/llm: closed from 0 to .*open from .*half-open from .*closed from .* to 119\.999 s/);
  expect(await chart(page, 'Phases of the script, and faults').getAttribute('aria-label')).toContain(
    'fault of groq: refuse',
  );
  expect(await page.locator('#receipt-rows tr').count()).toBeGreaterThan(0);
  expect(await page.locator('#log-lines').textContent()).toContain('Circuit breaker opened for _invoke_llm');
  await setRate(page, 'conversation-end', 0);
  expect(complaints).toEqual([]);
});

test('a fault is switched on with its fields, says whom it got, and is refused where they can not be', async () => {
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

test('a fault that is on changes with its fields, and stays on by Enter', async () => {
  await using opened = await open();
  const { page } = opened;
  await page.locator('.target', { hasText: 'mem0' }).first().locator('> summary').click();
  const form = page.locator('form.fault[data-target=mem0][data-kind=latency]');
  expect(await form.locator('.does').textContent()).toBe('answers as usual, but so much later');
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
  const faults = () => chart(page, 'Phases of the script, and faults').getAttribute('aria-label');
  await expect.poll(faults, SOON).toMatch(/latency 123 ms/);
  await form.getByLabel('milliseconds *').fill('-1');
  await form.getByLabel('milliseconds *').press('Tab');
  await expect.poll(() => form.locator('.refused').textContent(), SOON).toContain('from 0 to 600000');
  expect(await set()).toMatchObject([{ kind: 'latency', milliseconds: 123 }]);
  await page.getByRole('button', { name: 'Heal everything' }).click();
  await expect.poll(() => turn.getAttribute('aria-checked'), SOON).toBe('false');
  expect(await form.locator('.refused').textContent()).toBe('');
});

test('a killed service is started again, and the load goes on', async () => {
  await using opened = await open();
  const { page } = opened;
  await setRate(page, 'health', 5);
  await page.getByRole('button', { name: 'Kill the service' }).click();
  await expect.poll(() => page.locator('#notice').textContent(), SOON).toContain('the service restarts');
  await expect.poll(() => fact(page, 'service'), SOON).toBe('up');
  await expect.poll(() => fact(page, 'last second'), SOON).toMatch(/^\d+ × 2xx, 3xx$/);
  await setRate(page, 'health', 0);
});

test('a scenario has the lab to itself, and its verdict and report are shown', async () => {
  await using opened = await open();
  const { page, complaints } = opened;
  const item = page.locator('.scenarios li', { hasText: 'chaos/weak-secret' });
  await item.getByRole('button').click();
  await expect.poll(() => page.locator('#running-text').textContent(), SOON).toContain('chaos/weak-secret');
  expect(await item.getByRole('button').textContent()).toBe('Running');
  await page.locator('.run').waitFor({ timeout: 60_000 });
  expect(await page.locator('.run summary').first().textContent()).toMatch(/(PASS|INCONCLUSIVE) chaos\/weak-secret/);
  await expect.poll(() => fact(page, 'service'), SOON).toBe('up');
  await expect
    .poll(() => page.locator('#notice').textContent(), SOON)
    .toMatch(/(PASS|INCONCLUSIVE) chaos\/weak-secret/);
  expect(await axe(page)).toEqual([]);
  const [report] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'The whole report' }).click(),
  ]);
  await report.waitForLoadState();
  expect(await report.title()).toContain('chaos-weak-secret · proofload');
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
  '%s, %d px: accessible with all that it has open, without complaints, and nothing is scrolled sideways',
  async (colorScheme, width) => {
    await using opened = await open({ colorScheme, width });
    const { page, complaints } = opened;
    await page.locator('#figures canvas').first().waitFor();
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

test('another page can neither show the lab nor ask it for anything', async () => {
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
