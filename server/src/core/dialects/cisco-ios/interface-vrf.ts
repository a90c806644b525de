import { StatementState } from '../../text/statements.js';
import type { IosInterface } from './config.js';
import { type LineResult, NOT_MINE, type Reader } from './reader.js';

/** Reads `vrf forwarding X` and `vrf receive X`. `ip vrf X` without either is the global command. */
export function readInterfaceVrf(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  if (words.accept('forwarding', 1)) return negated || !words.done ? setVrf(reader, iface, negated) : NOT_MINE;
  if (!words.accept('receive', 3) || !words.next()) return NOT_MINE;
  const vrf = words.word();
  const at = iface.receivedBy.findIndex((one) => one.vrf === vrf);
  if (at !== -1) iface.receivedBy.splice(at, 1);
  if (!negated) iface.receivedBy.push({ vrf, origin: reader.lineOrigin() });
  reader.refer('vrf');
  return StatementState.modelled;
}

/**
 * Puts an interface into a VRF, or back. A device then takes the addresses away that it had
 * ("% Interface X IPv4 disabled and address(es) removed due to enabling VRF Y").
 */
function setVrf(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
  const { words } = reader;
  const named = words.next();
  if (!named && !negated) return StatementState.unknown;
  const vrf = negated ? undefined : words.word();
  if (vrf !== undefined) reader.refer('vrf');
  if (vrf !== iface.vrf) {
    iface.primary = undefined;
    iface.secondaries = [];
    iface.learned = undefined;
    iface.unnumbered = undefined;
  }
  iface.vrf = vrf;
  return StatementState.modelled;
}
