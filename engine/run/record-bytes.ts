import type { Vu } from '../vu/vu.ts';

/** Records how many bytes a VU has transferred since the last call. As in k6, also if there are none. */
export function recordBytes(vu: Vu): void {
  const { collector, metrics } = vu.test;
  const { sent, received } = vu.connections.takeBytes();
  collector.add(metrics.dataSent, sent, vu.tags.current, vu.tags.metadata);
  collector.add(metrics.dataReceived, received, vu.tags.current, vu.tags.metadata);
}
