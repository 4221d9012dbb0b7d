/** The state of an imported module. Each VU has its own instance. */
export const state = { count: 0 };
