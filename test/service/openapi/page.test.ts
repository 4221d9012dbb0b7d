import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createDocument } from '../../../service/openapi/document.ts';
import { renderPage } from '../../../service/openapi/page.ts';
import { startApp } from '../support/test-app.ts';

test('shows every operation, its fields and its error codes', () => {
  const page = renderPage(createDocument());
  for (const path of Object.keys(createDocument().paths)) expect(page).toContain(`<code>${path}</code>`);
  for (const text of [
    'messages[].role',
    '1 to 200 characters',
    'one of system, user, assistant',
    'memory_circuit_open',
  ]) {
    expect(page).toContain(text);
  }
});

test('is served with a policy that allows only its style sheet', async () => {
  await using app = await startApp();
  const response = await app.get('/docs');
  const style = /<style>([\s\S]*)<\/style>/.exec(await response.text())?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(response.headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
});

test('uses no other hosts and no scripts', async () => {
  await using app = await startApp();
  const page = await (await app.get('/docs')).text();
  expect(page).not.toMatch(/<script|https?:|\ssrc=|\sstyle=|\son\w+=/);
});

test('escapes all values', () => {
  const document = createDocument();
  const page = renderPage({ ...document, info: { ...document.info, title: `<b>"'&` } });
  expect(page).toContain('<title>&lt;b&gt;&quot;&#39;&amp;</title>');
});
