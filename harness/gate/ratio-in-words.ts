/** Returns a fraction in per cent. */
export const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)} %`;

/** Returns a factor as a change with its sign, such as `+5 %`. */
export const signed = (factor: number, digits = 0): string =>
  `${factor < 1 ? '−' : '+'}${percent(Math.abs(factor - 1), digits)}`;
