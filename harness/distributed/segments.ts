/** The part of a test that one instance runs, in k6's notation. */
export interface Segment {
  readonly segment: string;
  /** The bounds of all parts. */
  readonly sequence: string;
}

/**
 * Divides a test into equal parts, one per instance, like k6-operator: for example `0:1/2` and `1/2:1` of `0,1/2,1`.
 */
export function equalSegments(count: number): Segment[] {
  const bounds = Array.from({ length: count + 1 }, (_, at) => (at === 0 ? '0' : at === count ? '1' : `${at}/${count}`));
  const sequence = bounds.join(',');
  return bounds.slice(1).map((to, index) => ({ segment: `${bounds[index]}:${to}`, sequence }));
}
