/**
 * The settings of the servers that the lab runs. The data is thrown away, so it need not survive a crash of the machine.
 * A commit with `synchronous_commit=off` stays in memory until the WAL writer wakes up, usually for less than 200 ms. The
 * longest delay lets a crash of the server lose it for certain, as a crash in production does at times.
 */
export const SERVER_SETTINGS = ['fsync=off', 'wal_writer_delay=10s'];
