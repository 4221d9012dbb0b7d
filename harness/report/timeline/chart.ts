/** What a series or band is drawn as: a colour together with a pattern or a dash, so that neither stands alone. */
export type Look = 'good' | 'limited' | 'client' | 'bad' | 'none' | 'first' | 'second' | 'third' | 'quiet';

/** Something that lasts, in one lane of a chart. Times in seconds. */
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
  /** One for each x; null where there is nothing to say. */
  values: (number | null)[];
}

/** Stacked bars: how many in each bin of time. */
interface BarsChart {
  kind: 'bars';
  title: string;
  x: number[];
  series: Series[];
}

/** Lines over time; stepped where a value holds until the next one. */
interface LinesChart {
  kind: 'lines';
  title: string;
  unit: string;
  x: number[];
  series: Series[];
  stepped?: boolean;
  logarithmic?: boolean;
  /** A value that must not be passed. */
  limit?: { label: string; value: number };
}

/** Bands in lanes, one below the other. */
interface LanesChart {
  kind: 'lanes';
  title: string;
  lanes: string[];
  bands: Band[];
}

export type Chart = BarsChart | LinesChart | LanesChart;
