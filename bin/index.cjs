const { load } = require('./load.cjs');

const api = load('../harness/index.ts');

// Node finds the names of the exports in these lines.
exports.defineCheck = api.defineCheck;
exports.defineContract = api.defineContract;
exports.defineFault = api.defineFault;
exports.Disconnect = api.Disconnect;
exports.firstBytes = api.firstBytes;
exports.isEventStream = api.isEventStream;
exports.pause = api.pause;
exports.startLab = api.startLab;
exports.withBody = api.withBody;
exports.withEvents = api.withEvents;
exports.withHeadFirst = api.withHeadFirst;
exports.z = api.z;
