import type { Vu } from '../vu/vu.ts';

/** Counts what a VU's connections have carried since the last time: one point each, also of nothing, as in k6. */
export function recordBytes(vu: Vu): void {
  const { collector, metrics } = vu.test;
  const { sent, received } = vu.connections.takeBytes();
  collector.add(metrics.dataSent, sent, vu.tags.current, vu.tags.metadata);
  collector.add(metrics.dataReceived, received, vu.tags.current, vu.tags.metadata);
}
