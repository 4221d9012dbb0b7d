/** The highest rate of one endpoint, in requests per second. */
export const MOST_PER_SECOND = 50;

/** The highest number of clients, each with its own address. */
export const MOST_CLIENTS = 100;
