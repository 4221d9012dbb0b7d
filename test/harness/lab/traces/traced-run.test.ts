import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readHistory } from '../../../../harness/history/history-file.ts';
import { whyAgain } from '../../../../harness/run/measure-again.ts';
import { run } from '../../../../harness/run/run.ts';
import { IN_A_TEST } from '../../../support/in-a-test.ts';
import { ALONE_MS } from '../../../support/limits.ts';
import { decided } from '../../../support/measured-again.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const CONTRACT = {
  name: 'traced',
  start: {
    command: ['node', resolve('test/harness/lab/traces/traced-service.ts')],
    cwd: resolve('.'),
    readyPath: '/health',
    readySeconds: 60,
  },
  upstreams: { llm: { kind: 'groq', basePath: '/openai/v1', tls: false } },
  environment: {
    PORT: '${port}',
    LLM: '${upstream.llm}',
    LLM_KEY: '${secret}',
    OTEL_EXPORTER_OTLP_ENDPOINT: '${otlp}',
  },
  endpoints: {
    orders: { method: 'GET', path: '/orders', served: [200], reaches: ['llm'] },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  secrecy: {},
  profiles: { fast: {} },
};

test(
  'the report shows the spans of a failed request, and where they reached an upstream',
  async () => {
    const folder = await temporaryFolder();
    const contract = join(folder, 'contract.json');
    await writeFile(contract, JSON.stringify(CONTRACT));
    const results = join(folder, 'results');
    const { signal } = new AbortController();
    const result = await decided(
      'stress/smoke of a traced service',
      () => run({ ...IN_A_TEST, name: 'traced', scenarios: ['stress/smoke'], contract, results, signal }),
      ({ scenarios: [scenario] }) => scenario && (scenario.notRun ?? whyAgain(scenario)),
    );

    const { history } = await readHistory(join(results, 'latest', 'stress-smoke', 'history.ndjson'));
    const requests = history.all('request');
    expect(new Set(requests.map(({ trace }) => trace?.slice(0, 16))).size).toBe(1);
    expect(new Set(requests.map(({ trace }) => trace)).size).toBe(requests.length);
    const { trace = '' } = requests.find(({ status }) => status === 500) ?? {};
    expect(trace).toMatch(/^[\da-f]{32}$/);
    const named = (name: string) => history.all('span').find((span) => span.trace === trace && span.name === name);
    const served = named('GET /orders');
    expect(served).toMatchObject({ service: 'shop', failed: true, message: 'no orders for REDACTED' });
    expect(named('list models')).toMatchObject({ service: 'shop', failed: false, parent: served?.id });
    expect(history.receipts('request', 'llm')).toMatchObject([{ trace, route: 'GET /openai/v1/models' }]);

    const findings = result.scenarios.flatMap((scenario) => scenario.findings);
    expect(findings.find(({ check }) => check === 'serves orders')).toMatchObject({
      verdict: 'FAIL',
      traces: [{ id: trace, spans: 2 }],
    });
    expect(findings.find(({ check }) => check === 'serves health')).not.toHaveProperty('traces');
    expect(findings.find(({ check }) => check === 'telemetry shows no secret')).toMatchObject({
      observed: expect.stringMatching(/^export \d+ of spans, metrics or logs shows LLM_KEY$/),
      verdict: 'FAIL',
    });
    const page = await readFile(join(results, 'latest', 'report.html'), 'utf8');
    expect(page).toContain('Trace of GET orders: 500');
    expect(page).toMatch(/<td>shop<\/td><td>\u00a0*list models<\/td>/);
  },
  ALONE_MS,
);
