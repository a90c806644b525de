import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { campus, SITE } from '../configs.js';
import { quantile } from '../measure.js';
import { type Bar, timeRow } from './bar.js';
import { openFile, startServer, stopServer } from './server.js';

/** Written letter by letter into the list of the device VLAN, and deleted again: it opens and closes the flow. */
const TYPED = ' 5 deny ip any 202.114.4.0 0.0.0.255\n';
const ROUNDS = 6;

/**
 * A keystroke in a configuration of 10,000 lines, until the diagnostics that follow from it are there,
 * through the real server on stdio; by the time that an answer takes for which the server does nothing.
 */
export const keystroke: Bar = async (folder) => {
  const text = campus(10_000);
  writeFileSync(join(folder, 'advisory-lens.json'), SITE);
  writeFileSync(join(folder, 'core1.cfg'), text);
  const uri = pathToFileURL(join(folder, 'core1.cfg')).href;
  const connection = await startServer(folder);
  const pull = await openFile(connection, uri, text);
  await pull();

  const line = text.slice(0, text.indexOf('ip access-list extended MONITORS')).split('\n').length;
  let version = 0;
  const type = async (at: { line: number; character: number }, typed: string, deleted: string) => {
    version += 1;
    const range = { start: at, end: deleted === '\n' ? { line: at.line + 1, character: 0 } : after(at, deleted) };
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text: typed }],
    });
  };
  const times: number[] = [];
  const floor: number[] = [];
  const keystrokeAt = async (character: number, typed: string, deleted: string) => {
    const asked = performance.now();
    await connection.sendRequest('bench/nothing').catch(() => undefined);
    const started = performance.now();
    await type({ line, character }, typed, deleted);
    const found = await pull();
    times.push(performance.now() - started);
    floor.push(started - asked);
    return found;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    let found: unknown[] = [];
    // The line end goes first, so that what is typed does not run into the entry below.
    await keystrokeAt(0, '\n', '');
    for (let at = 0; at < TYPED.length - 1; at += 1) found = await keystrokeAt(at, TYPED.charAt(at), '');
    if (found.includes('target-reachable')) throw new Error('The deny that was typed in did not close the flow.');
    for (let at = TYPED.length - 2; at >= 0; at -= 1) found = await keystrokeAt(at, '', TYPED.charAt(at));
    found = await keystrokeAt(0, '', '\n');
    if (!found.includes('target-reachable')) throw new Error('The deny is gone, and the flow is still closed.');
  }
  await stopServer(connection);
  return [timeRow('keystroke in 10,000 lines to diagnostics, p95', quantile(times, 0.95), quantile(floor, 0.95), 20)];
};

function after({ line, character }: { line: number; character: number }, text: string) {
  return { line, character: character + text.length };
}
