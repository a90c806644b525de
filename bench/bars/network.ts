import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, quantile, runNode } from '../measure.js';
import { NETWORK_SITE, network } from '../network.js';
import { type Bar, timeRow } from './bar.js';
import { bundled } from './bundled.js';
import { openFile, startServer, stopServer } from './server.js';

const DEVICES = 200;
const EDITED = 'configs/floor001.cfg';
const BLOCK = ' 990 deny ip any 202.114.4.0 0.0.0.255';
const RUNS = 5;
const EDITS = 60;

/** The first review of a network, in process time beyond that of reading its files. */
export const networkReview: Bar = (folder) => {
  writeNetwork(folder);
  const program = bundled('bench/bars/network-program.ts', join(folder, 'program.cjs'));
  const runs = Array.from(
    { length: RUNS },
    () => JSON.parse(runNode([program, folder], folder)) as { review: number; reading: number },
  );
  const [review, reading] = [median(runs.map((run) => run.review)), median(runs.map((run) => run.reading))];
  return [timeRow(`first review of ${DEVICES} devices, process time`, review, reading, 2000)];
};

/** An edit in one list of one device, until the diagnostics that follow from it are there. */
export const networkEdit: Bar = async (folder) => {
  const text = writeNetwork(folder).get(EDITED) as string;
  const uri = pathToFileURL(join(folder, EDITED)).href;
  const connection = await startServer(folder);
  const pull = await openFile(connection, uri, text);
  const line = text.slice(0, text.indexOf(BLOCK)).split('\n').length - 1;
  const range = { start: { line, character: 0 }, end: { line, character: BLOCK.length } };
  await pull();
  const times: number[] = [];
  const floor: number[] = [];
  for (let version = 1; version <= EDITS; version += 1) {
    const blocks = version % 2 === 0;
    const asked = performance.now();
    await connection.sendRequest('bench/nothing').catch(() => undefined);
    const started = performance.now();
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text: blocks ? BLOCK : BLOCK.replace('.4.0', '.5.0') }],
    });
    const found = await pull();
    if (found.includes('target-reachable') === blocks) throw new Error('The edit did not change what is reachable.');
    times.push(performance.now() - started);
    floor.push(started - asked);
  }
  await stopServer(connection);
  const name = `edit of one list among ${DEVICES} devices, p95`;
  return [timeRow(name, quantile(times, 0.95), quantile(floor, 0.95), 50)];
};

function writeNetwork(folder: string): ReadonlyMap<string, string> {
  const files = network(DEVICES);
  mkdirSync(join(folder, 'configs'), { recursive: true });
  writeFileSync(join(folder, 'advisory-lens.json'), NETWORK_SITE);
  for (const [path, text] of files) writeFileSync(join(folder, path), text);
  return files;
}
