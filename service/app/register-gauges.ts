import { Gauge } from 'prom-client';
import { UPSTREAMS } from '../base/upstream.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Breakers } from '../protections/breakers.ts';
import type { BreakerState } from '../protections/circuit-breaker.ts';
import type { Database } from '../storage/pool.ts';

const BREAKER_STATES: readonly BreakerState[] = ['closed', 'open', 'half_open', 'disabled'];

/** Adds gauges for the breakers and the connection pool. Their values are read when the metrics are requested. */
export function registerGauges({ registry }: Metrics, breakers: Breakers, database: Pick<Database, 'stats'>): void {
  new Gauge({
    name: 'circuit_breaker_state',
    help: '1 for the current state of the breaker, 0 for all others',
    labelNames: ['breaker', 'state'],
    registers: [registry],
    collect() {
      for (const breaker of UPSTREAMS) {
        for (const state of BREAKER_STATES) this.set({ breaker, state }, breakers[breaker].state === state ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'database_pool_connections',
    help: 'Connections in use and idle, queries waiting for a connection, and the maximum number of connections (max)',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, value] of Object.entries(database.stats())) this.set({ state }, value);
    },
  });
}
