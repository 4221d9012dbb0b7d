import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadScript } from '../../../engine/index.ts';

const script = fileURLToPath(new URL('../scripts/plain-data.ts', import.meta.url));

test("returns a script's exports without running it", async () => {
  const exports = await loadScript(script, { env: { PORT: '8080' } });
  expect(exports.options).toEqual({ iterations: 2, thresholds: { counter: ['count>0'] } });
  expect(exports.needs).toEqual({ port: 8080, vu: 0 });
  expect(exports.default).toBeTypeOf('function');
});

test('evaluates a script and its imports again each time', async () => {
  await loadScript(script);
  expect((await loadScript(script)).count).toBe(1);
});

test("names a script that can't be loaded", async () => {
  await expect(loadScript('nowhere.ts')).rejects.toMatchObject({
    code: 'SCRIPT_EXCEPTION',
    message: expect.stringContaining('nowhere.ts'),
  });
});

test("doesn't change the globals of its process", async () => {
  await loadScript(script);
  expect(console).toHaveProperty('table');
  expect(() => (globalThis as { __VU?: number }).__VU).toThrow('__VU is not defined');
});
