import { StatementState } from '../../text/statements.js';
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
  const vrf = config.vrfs.get(name) ?? { origin: reader.lineOrigin(), imports: undefined };
  config.vrfs.set(name, vrf);
  reader.vrf = { name, config: vrf };
  reader.define('vrf', name, start, stop);
  return StatementState.modelled;
}

/** Notes what a line of a VRF brings into its table from other tables. */
export function noteVrfLine(reader: Reader): void {
  const { words, vrf, config } = reader;
  if (vrf === undefined || reader.begin()) return;
  const origin = reader.lineOrigin();
  if (words.accept('route-replicate', 7)) {
    config.routeDoubts.push({
      vrf: vrf.name,
      words: `${origin.label}: routes of other tables are not followed`,
      origin,
    });
  } else if (words.accept('import', 2)) {
    // `import map` only picks among what route targets bring.
    if (words.accept('ipv4')) vrf.config.imports ??= origin;
  } else if (words.accept('route-target', 7) && !words.accept('export', 1)) {
    vrf.config.imports ??= origin;
  }
}
