// says: 2 1,2 4
// says: 4 b
// says: 12 1
import csv from 'k6/experimental/csv';
import { open, SeekMode } from 'k6/experimental/fs';

const file = await open('./pairs.csv');
const rows = await csv.parse(file, { skipFirstLine: true });
const objects = await csv.parse(await open('./pairs.csv'), { asObjects: true });

export default async function () {
  console.log(rows.length, rows[0].join(), objects[1].b);
  await file.seek(1, SeekMode.Start);
  const buffer = new Uint8Array(4);
  console.log(await file.read(buffer), String.fromCharCode(buffer[1]));
  await file.seek(0, SeekMode.End);
  console.log((await file.stat()).size, await file.read(buffer));
}
