import { StatementState } from '../../text/statements.js';
import { emptyVrf, type IosVrf } from './config.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';

/** Reads `vrf definition X` and `ip vrf X`; the words stand before the name. */
export function readVrf(reader: Reader, negated: boolean): LineResult {
  const { words, config } = reader;
  if (!words.next()) return NOT_MINE;
  const name = words.word();
  const { start, stop } = words;
  if (!words.done) return NOT_MINE;
  reader.enter('vrf');
  if (negated) {
    reader.leave();
    config.vrfs.delete(name);
    return StatementState.modelled;
  }
  const vrf = config.vrfs.get(name) ?? emptyVrf(reader.lineOrigin());
  vrf.isOtherFamily = false;
  config.vrfs.set(name, vrf);
  reader.vrf = { name, config: vrf };
  reader.define('vrf', name, start, stop);
  return StatementState.modelled;
}

/** Notes what a line of a VRF brings into its table from other tables, and what it lends to them. */
export function noteVrfLine(reader: Reader): void {
  const { words, vrf, config } = reader;
  if (vrf === undefined) return;
  const negated = reader.begin();
  const origin = reader.lineOrigin();
  const own = vrf.config;
  if (words.accept('address-family', 7)) {
    own.isOtherFamily = !words.accept('ipv4');
  } else if (words.accept('rd')) {
    own.hasDistinguisher = !negated;
  } else if (own.isOtherFamily) {
    return;
  } else if (words.accept('route-target', 7)) {
    noteTarget(reader, own, negated);
  } else if (words.accept('export', 3)) {
    if (words.accept('ipv4')) own.exportsToGlobal = !negated;
    else if (words.accept('map')) own.exportMap = negated ? undefined : origin;
  } else if (negated) {
    return;
  } else if (words.accept('route-replicate', 7)) {
    config.routeDoubts.push({
      vrf: vrf.name,
      words: `${origin.label}: routes of other tables are not followed`,
      origin,
    });
  } else if (words.accept('import', 2)) {
    // `import map` only picks among what route targets bring.
    if (words.accept('ipv4')) own.imports ??= origin;
    else if (words.accept('map')) own.importMap = origin;
  }
}

/** `route-target import|export|both VALUE`; without a word, both. */
function noteTarget(reader: Reader, vrf: IosVrf, negated: boolean): void {
  const { words } = reader;
  const way = words.accept('import', 1) ? 'import' : words.accept('export', 1) ? 'export' : 'both';
  if (way === 'both') words.accept('both', 1);
  const target = words.take();
  if (target === undefined) return;
  if (way !== 'export') {
    if (negated) vrf.importTargets.delete(target);
    else vrf.importTargets.set(target, reader.lineOrigin());
    if (!negated) vrf.imports ??= reader.lineOrigin();
  }
  if (way === 'import') return;
  if (negated) vrf.exportTargets.delete(target);
  else vrf.exportTargets.add(target);
}
