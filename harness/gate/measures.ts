import { z } from 'zod';
import { percent, signed } from './ratio-in-words.ts';

/** A kind of measure of which builds are compared, with its limits as fractions. */
interface Kind {
  /** The name if the measure covers the whole build. Otherwise the beginning, which the endpoint or upstream follows. */
  readonly name: string;
  /** A certain increase by more than this is a regression. */
  readonly share: number;
  /** The increase that a PASS has excluded. */
  readonly visible: number;
  /**
   * Whether the comparison is INCONCLUSIVE if an increase by `visible` can't be excluded: always, or only if the values
   * are known at all. The system reports some of them only for processes on this machine.
   */
  readonly isRequired?: 'always' | 'if known';
  /** Whether it counts as much as required measures do when evidence is averaged, although it may be too noisy to know. */
  readonly isMain?: true;
  /**
   * Added to both values, so that a ratio is defined if a value is 0, and hardly changes if a value is close to 0.
   * Changes of such measures are shown as differences.
   */
  readonly least?: number;
  /**
   * Whether only rounds count in which all builds served all calls. A refusal is cheap, and an error can be expensive,
   * so the costs of other calls are not comparable.
   */
  readonly ofServed?: true;
  /** Returns a value with its unit. */
  readonly shown: (value: number) => string;
}

const inMs = (value: number): string => `${value.toFixed(2)} ms`;
const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
const inMiB = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const inKiB = (bytes: number): string => `${(bytes / 2 ** 10).toFixed(2)} KiB`;
const times = (value: number): string => `${value.toFixed(2)} ×`;
const asNumber = (value: number): string => value.toFixed(3);

/** One call less or more among hundreds is no change of a number of calls or connections for each request. */
const FEW = 0.05;

/** All kinds, in the order in which they are listed. */
export const KINDS = {
  'p50 of all': { name: 'p50 of all endpoints', share: 0.03, visible: 0.05, isRequired: 'always', shown: inMs },
  'p99 of all': { name: 'p99 of all endpoints', share: 0.1, visible: 0.2, isMain: true, shown: inMs },
  cpu: { name: 'CPU per request', share: 0.03, visible: 0.1, isRequired: 'if known', ofServed: true, shown: inMs },
  saturation: { name: 'time per request at saturation', share: 0.05, visible: 0.2, isRequired: 'always', shown: inMs },
  waiting: {
    name: 'time per request at saturation with slow',
    share: 0.1,
    visible: 0.25,
    isMain: true,
    shown: inMs,
  },
  'half p50': { name: 'p50 at half of the capacity', share: 0.1, visible: 0.25, shown: times },
  'half p99': { name: 'p99 at half of the capacity', share: 0.15, visible: 0.5, shown: times },
  refused: { name: 'requests refused under load', share: 0.2, visible: 1, least: FEW, shown: asNumber },
  start: { name: 'time until ready', share: 0.2, visible: 0.5, shown: inSeconds },
  memory: { name: 'memory when ready', share: 0.05, visible: 0.1, isRequired: 'if known', shown: inMiB },
  peak: { name: 'memory after the calls', share: 0.05, visible: 0.15, ofServed: true, shown: inMiB },
  kept: {
    name: 'live memory kept per request',
    share: 0.03,
    visible: 0.08,
    isRequired: 'if known',
    least: 10 * 2 ** 10,
    shown: inKiB,
  },
  growth: { name: 'memory growth per request', share: 0.05, visible: 0.1, least: 10 * 2 ** 10, shown: inKiB },
  upstream: {
    name: 'upstream calls per request',
    share: 0.01,
    visible: 0.1,
    least: FEW,
    ofServed: true,
    shown: asNumber,
  },
  received: { name: 'bytes received per request', share: 0.5, visible: 1, ofServed: true, shown: inKiB },
  connections: { name: 'new connections per request', share: 0.2, visible: 1, least: FEW, shown: asNumber },
  p50: { name: 'p50', share: 0.03, visible: 0.1, shown: inMs },
  p99: { name: 'p99', share: 0.1, visible: 0.5, shown: inMs },
  recovery: { name: 'time to recover', share: 0.1, visible: 0.5, shown: inSeconds },
  refusal: { name: 'p50 with the open breaker', share: 0.1, visible: 0.5, shown: inMs },
} as const satisfies Record<string, Kind>;

export type MeasureKind = keyof typeof KINDS;

export const measureKind = z.enum(Object.keys(KINDS) as [MeasureKind, ...MeasureKind[]]);

export const kindOf = (kind: MeasureKind): Kind => KINDS[kind];

/** What a measure is of, and which build it is compared with. */
export interface Named {
  readonly kind: MeasureKind;
  readonly of?: string;
  readonly than: 'other' | 'release';
}

/** Returns the name of a measure, such as `p50 of health`. */
export function nameOf({ kind, of, than }: Named): string {
  const { name } = KINDS[kind];
  const isWhole = kind === 'waiting' || kind === 'refusal';
  const what = of === undefined ? name : `${name}${isWhole ? '' : ' of'} ${of}`;
  return than === 'release' ? `${what}, since the release` : what;
}

/** Returns a ratio, or undefined if there is none. */
export function ratioOf(kind: MeasureKind, own: number, other: number): number | undefined {
  const { least = 0 } = kindOf(kind);
  const ratio = (own + least) / (other + least);
  return Number.isFinite(ratio) && ratio > 0 ? ratio : undefined;
}

/** Returns a change by a factor, such as `+5.0 %`, or as a difference such as `+0.31 KiB`. */
export function changeOf(kind: MeasureKind, factor: number): string {
  const { least, shown } = kindOf(kind);
  if (least === undefined) return signed(factor, 1);
  return `${factor < 1 ? '−' : '+'}${shown(Math.abs(factor - 1) * least)}`;
}

/** Returns a limit, such as `3 %` or `0.30 KiB`. */
export const limitOf = (kind: MeasureKind, share: number): string =>
  kindOf(kind).least === undefined ? percent(share) : changeOf(kind, 1 + share).slice(1);
