/** State of an imported module. Each VU has a separate instance. */
export const state = { count: 0 };
