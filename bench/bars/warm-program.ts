import { readFileSync, statSync } from 'node:fs';
import { contentAt } from '../../server/src/cli/files/decode.js';
import { Workspace } from '../../server/src/core/workspace.js';
import { SITE } from '../configs.js';
import { inTurns, timed } from '../measure.js';

/** Prints the times of judging the configuration that is named, and of splitting it into lines. */

const config = process.argv[2] as string;
/** The engine goes on making faster code for some twenty rounds. */
const WARM_UPS = 20;
let sink = 0;

function judge(): void {
  const content = contentAt(config, statSync(config).size);
  if (!('text' in content)) throw new Error(`${config}: ${content.reason}`);
  const workspace = new Workspace();
  workspace.setSite('advisory-lens.json', SITE);
  workspace.setFile('core1.cfg', content.text);
  const findings = workspace.findings();
  if (!findings.some((finding) => finding.rule === 'target-reachable')) throw new Error('The list was not judged.');
  sink += findings.length;
}

function split(): void {
  sink += readFileSync(config, 'utf8').split('\n').length;
}

const pair = inTurns(
  () => timed(judge),
  () => timed(split),
  30,
  WARM_UPS,
);
if (sink === 0) throw new Error('Nothing was done.');
console.log(JSON.stringify(pair));
