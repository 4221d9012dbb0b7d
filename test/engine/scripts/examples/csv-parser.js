// says: [["a","b"],["1","2"],["3","4"]] end
// says: [{"a":"1","b":"2"},{"a":"3","b":"4"}] end
// says: [["1","2"]] end
// says: ["1","2"] ["3","4"]
// says: asObjects needs the first line and cannot be combined with skipFirstLine or fromLine
// says: fromLine (2) must be less than toLine (1)
// says: fromLine and toLine cannot be negative
// says: record on line 2: wrong number of fields: 1, and the first line has 2
// says: csv Parser constructor must be called in the init context
import csv from 'k6/experimental/csv';
import { open } from 'k6/experimental/fs';

const file = await open('./pairs.csv');
const uneven = await open('./uneven.csv');

const parsers = [
  new csv.Parser(file),
  new csv.Parser(file, { asObjects: true }),
  new csv.Parser(file, { fromLine: 1, toLine: 0 }),
];
const shared = new csv.Parser(file, { skipFirstLine: true });
const broken = new csv.Parser(uneven);

const messages = [{ asObjects: true, skipFirstLine: true }, { fromLine: 2, toLine: 1 }, { fromLine: -1 }].map(
  (options) => {
    try {
      return String(new csv.Parser(file, options));
    } catch (error) {
      return error.message;
    }
  },
);

async function readAll(parser, most) {
  const rows = [];
  for (let next = await parser.next(); !next.done && rows.length < most; next = await parser.next())
    rows.push(next.value);
  return rows;
}

export default async function () {
  console.log(JSON.stringify(await readAll(parsers[0], 9)), 'end');
  console.log(JSON.stringify(await readAll(parsers[1], 9)), 'end');
  console.log(JSON.stringify((await readAll(parsers[2], 1)).slice(0, 1)), 'end');
  console.log(JSON.stringify((await shared.next()).value), JSON.stringify((await shared.next()).value));
  for (const message of messages) console.log(message);
  await broken.next();
  await broken.next().catch((error) => console.log(error.message));
  try {
    new csv.Parser(file);
  } catch (error) {
    console.log(error.message);
  }
}
