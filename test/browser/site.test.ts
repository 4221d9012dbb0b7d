import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, openPage } from './chromium.ts';

/** What `make site` builds. */
const SITE = 'results/site';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Any static web server is enough. */
const server = createServer(async ({ url = '/' }, answer) => {
  const { pathname } = new URL(url, 'http://site');
  const path = join(SITE, pathname.endsWith('/') ? `${pathname}index.html` : decodeURIComponent(pathname));
  const file = await readFile(path).catch(() => undefined);
  if (!file) return answer.writeHead(404).end();
  answer.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(file);
});

let browser: Browser;
let origin: string;
beforeAll(async () => {
  browser = await launch();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  server.close();
});

const open = (path: string, look: { width?: number; colorScheme?: 'light' | 'dark' } = {}) =>
  openPage(browser, `${origin}${path}`, [origin, 'data:', 'blob:'], look);

const PAGES = [
  '/',
  '/tutorials/go.html',
  '/contract/upstreams.html',
  '/how-to/start-a-service.html',
  '/scenarios.html',
];

test.each(
  PAGES.flatMap((path) => [
    { path, colorScheme: 'light', width: 1280 } as const,
    { path, colorScheme: 'dark', width: 390 } as const,
  ]),
)('$path, $colorScheme, $width px: nothing is cut off, and nothing comes from elsewhere', async ({ path, ...look }) => {
  await using site = await open(path, look);
  await site.page.waitForLoadState('networkidle');
  expect(await site.page.locator('main h1').count()).toBe(1);
  expect(await site.page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width);
  expect(await axe(site.page)).toEqual([]);
  expect(site.complaints).toEqual([]);
});

test('the search finds a field of the contract, and needs no other server', async () => {
  await using site = await open('/');
  const { page, complaints } = site;
  await page.locator('#local-search button').click();
  await page.locator('.search-input').fill('unreadMegabytes');
  await page.locator('.result').first().click();
  await page.waitForURL(/contract\/endpoints\.html#endpointsnamestreamunreadmegabytes$/);
  expect(complaints).toEqual([]);
});
