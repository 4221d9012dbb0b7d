import { context } from './context.ts';
import { lab } from './lab.ts';
import { call } from './service.ts';

/** Checks the steady state before and after a chaos scenario by calling each endpoint once. */
export async function steady(action: 'steady' | 'steady again'): Promise<void> {
  const phase = await lab.phase({ action });
  for (const endpoint of Object.keys(context.endpoints)) await call(endpoint, { phase });
}
