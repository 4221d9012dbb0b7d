import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Timeline } from '../../harness/report/timeline/timeline.ts';
import { launch, openReport } from './chromium.ts';
import { histories, result } from './outage.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test('the legends show the values under the pointer', async () => {
  await using report = await openReport(browser, result, histories);
  const { page } = report;
  const figure = page.locator('figure').nth(2);
  const over = await figure.locator('.u-over').boundingBox();
  // The axis ends at 4.05 s. This is the bin that starts at 1.0 s and contains one failed call.
  await figure.locator('.u-over').hover({ position: { x: ((over?.width ?? 0) * 1.01) / 4.05, y: 20 } });
  expect(await figure.locator('.legend').textContent()).toMatch(/5xx 1\b/);
  const phases = await page.locator('figure').nth(0).locator('.legend').textContent();
  expect(phases).toMatch(/phase opening\s*fault of groq latency 600 ms/);
  expect(await page.locator('figure').nth(1).locator('.legend').textContent()).toContain('llm closed');
});

test('the keyboard opens a scenario, and the arrow keys move through its timeline', async () => {
  await using report = await openReport(browser, result, histories);
  const { page } = report;
  const passed = page.locator('details.scenario').last();
  await passed.locator('> summary').focus();
  await page.keyboard.press('Enter');
  expect(await passed.getAttribute('open')).not.toBeNull();
  await page.locator('.timeline').first().focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('Shift+ArrowRight');
  expect(await page.locator('.timeline output').first().textContent()).toMatch(
    /^2\.0\d s; phase opening, .*llm open.*open 5/,
  );
});

test('keys and pointer select the bin that they are over', async () => {
  await using report = await openReport(browser, result, histories);
  const { page } = report;
  const timeline = page.locator('.timeline').first();
  await timeline.focus();
  await page.keyboard.press('ArrowRight');
  const output = timeline.locator('output');
  await expect.poll(() => output.textContent()).toContain('; phase');
  const figure = timeline.locator('figure', { hasText: 'Requests' });
  const drawn = JSON.parse((await timeline.locator('script').textContent()) ?? '') as Timeline;
  const chart = drawn.charts.find(({ title }) => title.startsWith('Requests'));
  if (chart?.kind !== 'bars') throw new Error('there is no chart of requests');
  const box = (await figure.locator('.u-over').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  for (const part of [0.1, 0.33, 0.5, 0.62, 0.9]) {
    await page.mouse.move(box.x + box.width * part, box.y + 20);
    const time = drawn.end * part;
    await expect.poll(() => output.textContent()).toMatch(/^\d+\.\d\d s$/);
    const said = (await output.textContent()) ?? '';
    expect(Math.abs(Number.parseFloat(said) - time)).toBeLessThan(drawn.end / box.width + 0.01);
    const bin = Math.floor(Number.parseFloat(said) / ((chart.x[1] ?? 0) - (chart.x[0] ?? 0)));
    const values = chart.series.map(({ label, values: all }) => `${label} ${all[bin] ?? ''}`.trim());
    const legend = await figure.locator('.legend li').allTextContents();
    expect(legend.map((text) => text.trim())).toEqual(values);
  }
  await page.mouse.move(0, 0);
  await expect.poll(() => output.textContent()).toBe('');
  expect(report.complaints).toEqual([]);
});
