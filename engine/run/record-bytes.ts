import type { Vu } from '../vu/vu.ts';

/**
 * Records the bytes that a VU's connections have transferred since the last call: one sample each, even for 0, as in
 * k6.
 */
export function recordBytes(vu: Vu): void {
  const { collector, metrics } = vu.test;
  const { sent, received } = vu.connections.takeBytes();
  collector.add(metrics.dataSent, sent, vu.tags.current, vu.tags.metadata);
  collector.add(metrics.dataReceived, received, vu.tags.current, vu.tags.metadata);
}
