import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HistoryEvent } from '../../harness/history/events.ts';
import { request, requests, T0, titled } from '../support/history.ts';
import { finding, runResult, scenarioResult } from '../support/run-result.ts';
import { axe, launch, openAll, openReport } from './chromium.ts';
import { histories, OUTAGE, outage, result } from './outage.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
  ['light', 1920],
] as const)('%s, %d px: axe and the console report nothing, and nothing is cut off', async (colorScheme, width) => {
  await using report = await openReport(browser, result, histories, { colorScheme, width });
  const { page, complaints } = report;
  expect(await axe(page)).toEqual([]);
  await openAll(page);
  expect(await axe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  expect(complaints).toEqual([]);
});

test.each([
  ['light', 390],
  ['dark', 1280],
] as const)('%s, %d px: names of all kinds fit, and sections fold', async (colorScheme, width) => {
  const service = `${'x'.repeat(90)} "quoted" שירות הזמנות 🚀🚀`;
  const scenario = `own/${'a-very-long-name'.repeat(6)}`;
  const name = `${'chaos-openai-failure-policy+'.repeat(4)}9-more`;
  const skipped = [{ name: scenario, judges: 'y'.repeat(80), skipped: service }];
  const named = runResult([scenarioResult(scenario, [finding('z'.repeat(90), 'FAIL')])], { name, service, skipped });
  await using report = await openReport(browser, named, new Map(), { colorScheme, width });
  const { page, complaints } = report;
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  const cutOff = await page
    .locator('h1, h2, h3, p, summary, li')
    .evaluateAll((all) =>
      all
        .filter((each) => each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1)
        .map(({ outerHTML }) => outerHTML),
    );
  expect(cutOff).toEqual([]);
  expect((await page.locator('h1').boundingBox())?.height).toBeLessThan(200);
  expect(await axe(page)).toEqual([]);
  for (const title of ['Not judged: 1 of 2 scenarios', 'Environment']) {
    const section = page.locator('details.fold', { hasText: title });
    await section.locator('> summary').click();
    expect(await section.locator('> :not(summary)').first().isVisible()).toBe(false);
  }
  expect(complaints).toEqual([]);
});

test.each(['light', 'dark'] as const)('%s: every series of every chart is drawn', async (colorScheme) => {
  await using report = await openReport(browser, result, histories, { colorScheme });
  await openAll(report.page);
  const drawn = await report.page.evaluate(() => {
    const timeline = document.querySelector('.timeline') as HTMLElement;
    const { charts } = JSON.parse(timeline.querySelector('script')?.textContent ?? '');
    const style = getComputedStyle(document.documentElement);
    const near = (data: Uint8ClampedArray, [r = 0, g = 0, b = 0]: number[]) => {
      let found = 0;
      for (let i = 0; i < data.length; i += 4) {
        const [dr, dg, db] = [(data[i] ?? 0) - r, (data[i + 1] ?? 0) - g, (data[i + 2] ?? 0) - b];
        if ((data[i + 3] ?? 0) > 200 && dr * dr + dg * dg + db * db < 300) found += 1;
      }
      return found;
    };
    return charts.map(
      (
        chart: { title: string; kind: string; series?: { look: string }[]; bands?: { look: string }[] },
        index: number,
      ) => {
        const canvas = timeline.querySelectorAll('figure')[index]?.querySelector('.plot canvas') as HTMLCanvasElement;
        const data =
          canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
        const looks = [...new Set((chart.series ?? chart.bands ?? []).map(({ look }) => look))];
        const missing = looks.filter((look) => {
          const hex = style.getPropertyValue(`--chart-${look}`).trim().slice(1);
          return (
            near(
              data,
              [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
            ) < 8
          );
        });
        return { title: chart.title, looks: looks.length, missing };
      },
    );
  });
  expect(drawn).toHaveLength(7);
  for (const { looks, missing } of drawn) {
    expect(looks).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  }
});

const ramp = runResult([
  scenarioResult('load/ramp', [
    finding('capacity: conversation-read', 'PASS', {
      evidence: ['25/s: 100.0 % in time'],
      table: {
        columns: ['requests/s', 'served/s', 'in time, %', 'p50, ms', 'p99, ms', 'a-name-without-any-place-to-break-it'],
        rows: [25, 50, 75, 113, 170, 255, 383, 575].map((rate) => [rate, rate, 99.9, rate / 100, rate / 4, 0]),
        curve: ['p50, ms', 'p99, ms'],
      },
    }),
  ]),
]);

test.each([
  ['light', 1280],
  ['dark', 390],
] as const)('%s, %d px: a curve is drawn above its table', async (colorScheme, width) => {
  await using report = await openReport(browser, ramp, new Map(), { colorScheme, width });
  const { page, complaints } = report;
  await openAll(page);
  expect(await axe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  const plot = page.locator('.measured .u-over');
  const { width: across = 0 } = (await plot.boundingBox()) ?? {};
  // The axis ends at 1.03 × 575. This is the point at 383 per second.
  await plot.hover({ position: { x: (across * 383) / (575 * 1.03), y: 20 } });
  expect(await page.locator('.measured .legend').textContent()).toMatch(/p50, ms 3\.83.*p99, ms 95\.8/);
  expect(await coloured(page, ['first', 'second'])).toEqual([true, true]);
  expect(complaints).toEqual([]);
});

/** Whether the first chart on the page contains a line in each of these colors. */
const coloured = (page: Page, looks: string[]) =>
  page.evaluate((names) => {
    const canvas = document.querySelector('.plot canvas') as HTMLCanvasElement;
    const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
      ...([0, 0, canvas.width, canvas.height] as const),
    );
    return names.map((name) => {
      const hex = getComputedStyle(document.documentElement).getPropertyValue(`--chart-${name}`).trim();
      const colour = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join();
      const pixels = Array.from({ length: data.length / 4 }, (_, i) => data.slice(i * 4, i * 4 + 3).join());
      return pixels.filter((pixel) => pixel === colour).length > 20;
    });
  }, looks);

test('bars are stacked in the order of the legend, with the first at the bottom', async () => {
  const both = [...requests(4, 0, 1, 200, {}), ...requests(4, 10, 1, 503, {}), request(2_000, 1, 200, {})];
  await using report = await openReport(browser, result, new Map([[OUTAGE, both]]));
  const colours = await report.page.evaluate(() => {
    const canvas = document.querySelector('.plot canvas') as HTMLCanvasElement;
    const over = (document.querySelector('.u-over') as HTMLElement).getBoundingClientRect();
    const [dx, dy] = [
      over.left - canvas.getBoundingClientRect().left,
      over.bottom - canvas.getBoundingClientRect().top,
    ];
    const found = (above: number) => {
      const { data } = canvas.getContext('2d')?.getImageData(dx + 2, dy - above, 8, 8) ?? { data: [] };
      return [...new Set(Array.from({ length: 64 }, (_, i) => [0, 1, 2].map((c) => data[i * 4 + c]).join()))];
    };
    const hex = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--chart-${name}`).trim();
    const rgb = (name: string) => [1, 3, 5].map((at) => Number.parseInt(hex(name).slice(at, at + 2), 16)).join();
    return { bottom: found(20), top: found(over.height * 0.75), good: rgb('good'), bad: rgb('bad') };
  });
  expect(colours.bottom).toContain(colours.good);
  expect(colours.bottom).not.toContain(colours.bad);
  expect(colours.top).toContain(colours.bad);
  expect(colours.top).not.toContain(colours.good);
});

test('a problem links to its card, and its command can be copied', async () => {
  await using report = await openReport(browser, result, histories, { width: 390 });
  const { page } = report;
  await page.getByRole('link', { name: 'opens at the threshold' }).click();
  await expect
    .poll(() => page.locator('.card.FAIL').evaluate((card) => Math.abs(card.getBoundingClientRect().top) < 900))
    .toBe(true);
  await page.getByRole('button', { name: 'Copy' }).first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`make chaos SCENARIO=${OUTAGE} SEED=7`);
  expect(report.complaints).toEqual([]);
});

test('the filter shows scenarios by verdict and by text, by keyboard', async () => {
  await using report = await openReport(browser, result, histories);
  const { page } = report;
  const shown = () => page.locator('details.scenario:visible').count();
  const filter = page.getByRole('search', { name: 'Scenarios' });
  expect(await shown()).toBe(2);
  await filter.getByLabel('PASS').focus();
  await page.keyboard.press('Space');
  expect(await shown()).toBe(1);
  await expect.poll(() => filter.locator('output').textContent()).toBe('1 of 2 scenarios');
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.type('IMPOSTOR nothing');
  expect(await shown()).toBe(1);
  expect(await page.locator('details.scenario:visible').getAttribute('id')).toBe('chaos-impostor');
  expect(await axe(page)).toEqual([]);
  expect(report.complaints).toEqual([]);
});

test('a link to a scenario that the filter hides makes it visible', async () => {
  await using report = await openReport(browser, result, histories);
  const { page } = report;
  await page.getByRole('search').getByLabel('FAIL').uncheck();
  await page.getByRole('link', { name: 'opens at the threshold' }).click();
  await page.locator('.card.FAIL').waitFor();
  await expect.poll(() => page.getByRole('search').getByLabel('FAIL').isChecked()).toBe(true);
});

test('without scripts, the page has all its text and no filter', async () => {
  await using report = await openReport(browser, result, histories, { scripts: false });
  const { page } = report;
  expect(await page.getByRole('search').count()).toBe(0);
  expect(await page.getByRole('heading', { name: 'opens at the threshold' }).isVisible()).toBe(true);
});

test('printed in dark mode, all sections are expanded, the text is dark on white, and the page fits the paper', async () => {
  await using report = await openReport(browser, result, histories, { colorScheme: 'dark' });
  const { page } = report;
  const openBefore = await page.locator('.scenario[open] details[open]').count();
  await page.setViewportSize({ width: 718, height: 1000 });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.waitForFunction(() => document.documentElement.classList.contains('printing'));
  const closed = page.locator('details:not([open])');
  expect(await page.locator('.scenario[open] details').count()).toBeGreaterThan(0);
  expect(await page.locator('.scenario[open] details:not([open])').count()).toBe(0);
  const colours = await page.evaluate(() =>
    [document.body, document.querySelector('h1') as HTMLElement].map((element) => {
      const { color, backgroundColor } = getComputedStyle(element);
      return [color, backgroundColor];
    }),
  );
  expect(colours[0]?.[1]).toBe('rgb(255, 255, 255)');
  expect(colours[1]?.[0]).toBe('rgb(22, 32, 43)');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(718);
  const whilePrinting = await closed.count();
  expect((await page.pdf()).length).toBeGreaterThan(10_000);
  await page.emulateMedia({ media: 'screen' });
  await expect.poll(() => closed.count()).toBeGreaterThan(whilePrinting);
  expect(await page.locator('.scenario[open] details[open]').count()).toBe(openBefore);
  expect(report.complaints).toEqual([]);
});

test('hostile names and log lines are shown as text', async () => {
  const hostile = `</script><script>alert("x")</script><img src=x onerror="alert(1)">`;
  const scenario = scenarioResult(hostile, [finding(hostile, 'FAIL', { evidence: [hostile] })], { again: hostile });
  const events: HistoryEvent[] = [
    ...outage,
    titled(hostile, 2_000, 0),
    { type: 'transition', at: T0 + 3_100, breaker: hostile, to: 'open', line: hostile },
  ];
  await using report = await openReport(
    browser,
    runResult([scenario], { name: hostile }),
    new Map([[hostile, events]]),
  );
  await openAll(report.page);
  expect(await report.page.locator('h1').textContent()).toContain(hostile);
  expect(await report.page.locator('img').count()).toBe(0);
  expect(report.complaints).toEqual([]);
});

test('an injected script does not run', async () => {
  await using report = await openReport(browser, result, histories);
  await report.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    document.body.append(script);
  });
  expect(await report.page.title()).toBe('FAIL: chaos · a service · proofload');
  expect(report.complaints.join('\n')).toContain('Content Security Policy');
});
