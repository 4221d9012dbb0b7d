/** The look of a series or band: a colour with a pattern or a dash, so that no reader depends on colour. */
export type Look = 'good' | 'limited' | 'client' | 'bad' | 'none' | 'first' | 'second' | 'third' | 'quiet';

/** A span of time in one lane of a chart, in seconds. */
export interface Band {
  lane: string;
  from: number;
  to: number;
  label: string;
  look: Look;
}

interface Series {
  label: string;
  look: Look;
  /** One value for each x; null if there is none. */
  values: (number | null)[];
}

/** Stacked bars: counts per bin. */
interface BarsChart {
  kind: 'bars';
  title: string;
  x: number[];
  series: Series[];
}

/** Lines over time; stepped if a value holds until the next one. */
interface LinesChart {
  kind: 'lines';
  title: string;
  unit: string;
  x: number[];
  series: Series[];
  stepped?: boolean;
  logarithmic?: boolean;
  /** A value that must not be exceeded. */
  limit?: { label: string; value: number };
}

/** Bands in lanes. */
interface LanesChart {
  kind: 'lanes';
  title: string;
  lanes: string[];
  bands: Band[];
}

export type Chart = BarsChart | LinesChart | LanesChart;
