/** The probability that a gate reports any regression by chance, across all of its measures and looks. */
export const FALSE_ALARM = 0.01;
