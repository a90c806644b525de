import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workspace } from '../../server/src/core/workspace.js';
import { NETWORK_SITE } from '../network.js';

/** Prints the process times, in milliseconds, of reading the folder's configurations and of their first review. */

const folder = process.argv[2] as string;
const started = processMs();
const workspace = new Workspace();
workspace.setSite('advisory-lens.json', NETWORK_SITE);
const paths = readdirSync(join(folder, 'configs')).map((name) => `configs/${name}`);
for (const path of paths) workspace.setFile(path, readFileSync(join(folder, path), 'utf8'));
// Which dialect a file has is known when it is read.
for (const path of paths) if (workspace.symbols(path).length === 0) throw new Error(`${path} was not read.`);
const read = processMs();
const found = new Set(workspace.findings().map(({ rule }) => rule));
if (!found.has('target-reachable')) throw new Error('The network was not judged.');
console.log(JSON.stringify({ review: processMs() - read, reading: read - started }));

function processMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
