import { readFileSync, statSync } from 'node:fs';
import { contentAt } from '../../server/src/cli/files/decode.js';
import { Workspace } from '../../server/src/core/workspace.js';
import { GATEWAY_ROUTES, GATEWAY_SITE } from '../linux.js';
import { inTurns, timed } from '../measure.js';

/**
 * Prints the times of judging the ruleset that is named, and of a floor beside it: with `judge` of judging
 * what is read already, by reading it; with `read` of reading and judging, by splitting it into lines.
 */

const [path = '', what] = process.argv.slice(2);
const name = path.slice(path.lastIndexOf('/') + 1);
/** The engine goes on making faster code for some forty rounds; a server that is being typed in is past them. */
const WARM_UPS = 40;
let sink = 0;

function read(): Workspace {
  const content = contentAt(path, statSync(path).size);
  if (!('text' in content)) throw new Error(`${path}: ${content.reason}`);
  const workspace = new Workspace();
  workspace.setSite('advisory-lens.json', GATEWAY_SITE);
  workspace.setFile('gw/routes.txt', GATEWAY_ROUTES);
  workspace.setFile(`gw/${name}`, content.text);
  // Symbols are of the reading alone.
  sink += workspace.symbols(`gw/${name}`).length + workspace.symbols('gw/routes.txt').length;
  return workspace;
}

function judge(workspace: Workspace): void {
  const findings = workspace.findings();
  if (!findings.some((finding) => finding.rule.startsWith('target-'))) throw new Error('The ruleset was not judged.');
  sink += findings.length;
}

function split(): void {
  sink += readFileSync(path, 'utf8').split('\n').length;
}

let ready = read();
const pair =
  what === 'judge'
    ? inTurns(
        () => timed(() => judge(ready)),
        () =>
          timed(() => {
            ready = read();
          }),
        20,
        WARM_UPS,
      )
    : inTurns(
        () => timed(() => judge(read())),
        () => timed(split),
        20,
        WARM_UPS,
      );
if (sink === 0) throw new Error('Nothing was done.');
console.log(JSON.stringify(pair));
