import { Reaper } from '../process/reaper.ts';
import { Fakes } from './fakes.ts';
import { startPostgres } from './postgres/postgres.ts';
import type { Postgres } from './postgres/running-postgres.ts';

/** The parts that all scenarios of a run share: PostgreSQL, the fakes, and the reaper that cleans up after a crash. */
export interface Lab extends AsyncDisposable {
  reaper: Reaper;
  postgres: Postgres;
  fakes: Fakes;
}

/**
 * Starts a lab; PostgreSQL and the fakes start in parallel.
 *
 * @param postgres see `startPostgres`
 * @param fakes see `Fakes.start`
 * @throws ProofloadError POSTGRES_FAILED, FAKES_FAILED or USAGE; the parts that had started are stopped again
 */
export async function startLab(postgres: string, fakes: string): Promise<Lab> {
  await using resources = new AsyncDisposableStack();
  const reaper = resources.use(new Reaper());
  const starting = [startPostgres(postgres, reaper), Fakes.start(fakes, reaper)] as const;
  for (const part of await Promise.allSettled(starting)) if (part.status === 'fulfilled') resources.use(part.value);
  const [server, running] = await Promise.all(starting);
  const all = resources.move();
  return { reaper, postgres: server, fakes: running, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Starts several labs in parallel; if one fails, the others are stopped again. */
export async function startLabs(count: number, postgres: string, fakes: string): Promise<Lab[] & AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const starting = Array.from({ length: count }, () => startLab(postgres, fakes));
  for (const lab of await Promise.allSettled(starting)) if (lab.status === 'fulfilled') resources.use(lab.value);
  const labs = await Promise.all(starting);
  const all = resources.move();
  return Object.assign(labs, { [Symbol.asyncDispose]: () => all.disposeAsync() });
}
