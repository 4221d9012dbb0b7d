/** Maximum rate for a single endpoint, in requests per second. */
export const MOST_PER_SECOND = 50;

/** Maximum number of clients. Each has its own address. */
export const MOST_CLIENTS = 100;
