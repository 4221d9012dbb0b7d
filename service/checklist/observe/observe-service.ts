import type { AnnouncedLimit } from './observations.ts';
import { seen } from './seen.ts';

const TIMEOUT_MS = 5000;

/** Reads a running service's metrics and the rate limit of each endpoint in its OpenAPI document. */
export async function observeService(url: string | undefined) {
  if (!url) return { metrics: { missing: 'URL is not set' }, limits: { missing: 'URL is not set' } };
  const base = url.replace(/\/+$/, '');
  const [metrics, limits] = await Promise.all([seen(() => readMetrics(base)), seen(() => readLimits(base))]);
  return { metrics, limits };
}

async function readMetrics(base: string): Promise<ReadonlyMap<string, number>> {
  const lines = (await (await ask(base, 'get', '/metrics', 200)).text()).split('\n');
  return new Map(
    lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const end = line.lastIndexOf(' ');
        return [line.slice(0, end), Number(line.slice(end + 1))] as const;
      }),
  );
}

async function readLimits(base: string): Promise<AnnouncedLimit[]> {
  const { paths } = (await (await ask(base, 'get', '/openapi.json', 200)).json()) as { paths: Record<string, object> };
  const endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method, path] as const),
  );
  // The last path stands for all paths that are not in the document.
  const found: AnnouncedLimit[] = [];
  for (const [method, path] of [...endpoints, ['get', '/any-other-path'] as const]) {
    found.push(await announcedLimit(base, method, path));
  }
  return found;
}

/** Reads the rate limit headers with a request that has no body or token. It is rejected without side effects. */
async function announcedLimit(base: string, method: string, path: string): Promise<AnnouncedLimit> {
  const response = await ask(base, method, path.replaceAll(/\{\w+\}/g, 'checklist'));
  await response.body?.cancel();
  const [, amount, windowSeconds] = /(\d+);\s*w=(\d+)/.exec(response.headers.get('ratelimit-policy') ?? '') ?? [];
  const policy = amount && windowSeconds ? { amount: Number(amount), windowSeconds: Number(windowSeconds) } : undefined;
  return { endpoint: `${method.toUpperCase()} ${path}`, status: response.status, policy };
}

async function ask(base: string, method: string, path: string, expected?: number): Promise<Response> {
  const response = await fetch(base + path, {
    method: method.toUpperCase(),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (expected === undefined || response.status === expected) return response;
  await response.body?.cancel();
  throw new Error(`GET ${path} answered ${response.status}`);
}
