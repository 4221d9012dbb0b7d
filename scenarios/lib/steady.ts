import { context } from './context.ts';
import { lab } from './lab.ts';
import { call } from './service.ts';

/** Checks the steady state before and after a chaos scenario by calling each endpoint once. */
export async function steady(phase: 'steady' | 'steady again'): Promise<void> {
  await lab.phase(phase);
  for (const endpoint of Object.keys(context.endpoints)) await call(endpoint, { phase });
}
