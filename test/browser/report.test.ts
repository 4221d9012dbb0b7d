import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HistoryEvent } from '../../harness/history/events.ts';
import type { Timeline } from '../../harness/report/timeline/timeline.ts';
import { connections, phase, receipt, request, requests, T0 } from '../support/history.ts';
import { finding, runResult, scenarioResult } from '../support/run-result.ts';
import { axe, launch, openAll, openReport } from './chromium.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const OUTAGE = 'chaos/llm-outage';

/** A history that has something for every kind of chart. */
const outage: HistoryEvent[] = [
  phase('steady', 0, 0),
  ...requests(5, 0, 40, 201, { endpoint: 'conversation-end' }),
  phase('opening', 1_000, 5),
  { type: 'fault', at: T0 + 1_000, upstream: 'groq', id: 'f1', asked: { kind: 'latency', milliseconds: 600 } },
  ...Array.from({ length: 5 }, (_, index) => receipt(6 + index, 1_000 + index * 100, 90, 'groq', ['f1:latency'])),
  ...requests(5, 1_000, 100, 502, { endpoint: 'conversation-end' }),
  { type: 'transition', at: T0 + 1_600, breaker: 'llm', to: 'open', line: 'opened' },
  ...requests(8, 1_700, 50, 503, { endpoint: 'conversation-end' }),
  request(2_500, 0, 0, { endpoint: 'conversation-end' }),
  ...requests(4, 2_600, 20, 429, { endpoint: 'health', step: 'over' }),
  { type: 'transition', at: T0 + 3_000, breaker: 'llm', to: 'half-open', line: 'attempting recovery' },
  { type: 'transition', at: T0 + 3_200, breaker: 'llm', to: 'closed', line: 'closed' },
  { type: 'fault', at: T0 + 3_300, upstream: 'groq', asked: {} },
  ...Array.from({ length: 40 }, (_, index) => connections(index * 100, index < 20 ? 2 : 5)),
  request(4_000, 12, 404, { endpoint: 'conversation-read' }),
];

const result = runResult([
  scenarioResult('chaos/impostor', [finding('gets nothing', 'PASS', { evidence: ['0 requests'] })]),
  scenarioResult(
    OUTAGE,
    [
      finding('opens at the threshold', 'FAIL', { evidence: Array.from({ length: 9 }, (_, n) => `receipt ${n}`) }),
      finding('reopens', 'INCONCLUSIVE'),
      finding('a-name-without-any-place-to-break-it-'.repeat(6), 'PASS', { observed: 'x'.repeat(200) }),
    ],
    { ceiling: 5 },
  ),
]);
const histories = new Map([[OUTAGE, outage]]);

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
  ['light', 1920],
] as const)(
  '%s, %d px: accessible, without complaints, and nothing is scrolled sideways',
  async (colorScheme, width) => {
    await using report = await openReport(browser, result, histories, { colorScheme, width });
    const { page, complaints } = report;
    expect(await axe(page)).toEqual([]);
    await openAll(page);
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(complaints).toEqual([]);
  },
);

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
  // The axis ends at 1.03 × 575: this is the point of 383 a second.
  await plot.hover({ position: { x: (across * 383) / (575 * 1.03), y: 20 } });
  expect(await page.locator('.measured .legend').textContent()).toMatch(/p50, ms 3\.83.*p99, ms 95\.8/);
  expect(await coloured(page, ['first', 'second'])).toEqual([true, true]);
  expect(complaints).toEqual([]);
});

/** Whether the first chart of the page has a line in each of these colours. */
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

test('bars stand on each other in the order of the legend, the first at the bottom', async () => {
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

test('the charts say what the run had, where the pointer is', async () => {
  await using report = await openReport(browser, result, histories);
  const { page } = report;
  const figure = page.locator('figure').nth(2);
  const over = await figure.locator('.u-over').boundingBox();
  // The axis ends at 4.05 s: this is the bin from 1.0 s on, with one call that failed.
  await figure.locator('.u-over').hover({ position: { x: ((over?.width ?? 0) * 1.01) / 4.05, y: 20 } });
  expect(await figure.locator('.legend').textContent()).toMatch(/5xx 1\b/);
  const phases = await page.locator('figure').nth(0).locator('.legend').textContent();
  expect(phases).toMatch(/phase opening\s*fault of groq latency 600 ms/);
  expect(await page.locator('figure').nth(1).locator('.legend').textContent()).toContain('llm closed');
});

test('by keyboard: a scenario opens, and the arrows read the timeline', async () => {
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

test('a problem leads to its card, and its command can be copied', async () => {
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

test('printed from a dark screen: all of what is open, dark on white, and as wide as the paper', async () => {
  await using report = await openReport(browser, result, histories, { colorScheme: 'dark' });
  const { page } = report;
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
  expect(await page.locator('.scenario[open] details[open]').count()).toBe(0);
  expect(report.complaints).toEqual([]);
});

test('the keys and the pointer read the piece of time that they are in', async () => {
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

test('a hostile name or line of the log is shown as text', async () => {
  const hostile = `</script><script>alert("x")</script><img src=x onerror="alert(1)">`;
  const scenario = scenarioResult(hostile, [finding(hostile, 'FAIL', { evidence: [hostile] })], { again: hostile });
  const events: HistoryEvent[] = [
    ...outage,
    phase(hostile, 2_000, 0),
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

test('a script that got in all the same would not run', async () => {
  await using report = await openReport(browser, result, histories);
  await report.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    document.body.append(script);
  });
  expect(await report.page.title()).toBe('FAIL: chaos · proofload');
  expect(report.complaints.join('\n')).toContain('Content Security Policy');
});
