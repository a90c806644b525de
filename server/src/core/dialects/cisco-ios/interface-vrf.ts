import { StatementState } from '../../text/statements.js';
import type { IosInterface } from './config.js';
import type { LineResult, Reader } from './reader.js';

/**
 * Puts an interface into a VRF, or back. A device then takes the addresses away that it had
 * ("% Interface X IPv4 disabled and address(es) removed due to enabling VRF Y").
 */
export function setVrf(reader: Reader, iface: IosInterface, negated: boolean): LineResult {
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
