/**
 * The settings of the servers that the lab runs. The data is temporary, so it need not survive a crash of the machine.
 * A commit with `synchronous_commit=off` stays in memory until the WAL writer wakes up, usually for less than 200 ms.
 * With the maximum delay, a crash of the server certainly loses this commit. In production, a crash only sometimes
 * does.
 */
export const SERVER_SETTINGS = ['fsync=off', 'wal_writer_delay=10s'];
