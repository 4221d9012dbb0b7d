import type { Providers } from '../../faults/fakes/provider.ts';
import { providers } from '../../mocks/providers.ts';

const all: Providers = providers;

/** Whether an upstream is a fake of an LLM, which can call tools. */
export const isModel = (upstream: object | undefined): boolean =>
  upstream !== undefined && 'kind' in upstream && 'conversation' in (all[String(upstream.kind)]?.settings.shape ?? {});
