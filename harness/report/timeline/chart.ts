/** How a series or band looks: a color with a pattern or dash, so that readers don't have to rely on color. */
export type Look = 'good' | 'limited' | 'client' | 'bad' | 'none' | 'first' | 'second' | 'third' | 'quiet';

/** A time span in one lane of a chart, in seconds. */
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
  /** A value for each x, or null if there is none. */
  values: (number | null)[];
}

/** Stacked bars that show counts per bin. */
interface BarsChart {
  kind: 'bars';
  title: string;
  x: number[];
  series: Series[];
}

/** Lines over time. They are stepped if a value applies until the next one. */
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
