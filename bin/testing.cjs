const { load } = require('./load.cjs');

const api = load('../harness/testing/index.ts');

// Node finds the names of the exports in these lines.
exports.begun = api.begun;
exports.closedUnused = api.closedUnused;
exports.connection = api.connection;
exports.connections = api.connections;
exports.factsOf = api.factsOf;
exports.handshakeFailed = api.handshakeFailed;
exports.History = api.History;
exports.loadContract = api.loadContract;
exports.lost = api.lost;
exports.metric = api.metric;
exports.receipt = api.receipt;
exports.redirected = api.redirected;
exports.request = api.request;
exports.requests = api.requests;
exports.SILENCE = api.SILENCE;
exports.starved = api.starved;
exports.startFaultyUpstream = api.startFaultyUpstream;
exports.T0 = api.T0;
exports.UNPLANNED = api.UNPLANNED;
exports.verdicts = api.verdicts;
