import type { Uncertainty } from '../../model/device.js';
import type { Reader } from './reader.js';

interface Feature {
  /** Its group `direction`, where it has one, is the line's own word for it. */
  readonly pattern: RegExp;
  readonly effect: 'may-drop' | 'may-reroute';
  /** Where the line does not say. */
  readonly direction: Uncertainty['direction'];
}

/** Interface commands that are known, are not modelled, and may keep a packet from its way. */
const FEATURES: readonly Feature[] = [
  { pattern: /^ip (?:admission|auth-proxy) \S/i, effect: 'may-drop', direction: 'in' },
  { pattern: /^ip subscriber /i, effect: 'may-drop', direction: 'in' },
  { pattern: /^ip (?:audit|ips|urlfilter) .*?\b(?<direction>in|out)\b/i, effect: 'may-drop', direction: 'both' },
  { pattern: /^(?:content-scan|umbrella) (?<direction>in|out)\b/i, effect: 'may-drop', direction: 'both' },
  { pattern: /^(?:appfw|utd) /i, effect: 'may-drop', direction: 'both' },
  // What its list takes leaves inside a tunnel, and not to the next hop.
  { pattern: /^crypto (?:map|ipsec client ezvpn) \S/i, effect: 'may-drop', direction: 'out' },
  { pattern: /^(?:dot1x|authentication|access-session) port-control /i, effect: 'may-drop', direction: 'in' },
  { pattern: /^ip security /i, effect: 'may-drop', direction: 'both' },
  // It stays down while the other interface is up.
  { pattern: /^backup interface /i, effect: 'may-drop', direction: 'both' },
  // Its lines stand in the template, and may be of any kind.
  { pattern: /^source template /i, effect: 'may-drop', direction: 'both' },
  { pattern: /^cts role-based enforcement/i, effect: 'may-drop', direction: 'both' },
  { pattern: /^service-policy type (?:access-control|inspect|packet-service)/i, effect: 'may-drop', direction: 'both' },
  { pattern: /^ip wccp .*\bredirect in/i, effect: 'may-reroute', direction: 'in' },
  // A packet that is redirected on its way out does not leave by this interface.
  { pattern: /^ip wccp .*\bredirect out/i, effect: 'may-drop', direction: 'out' },
  {
    pattern:
      /^(?:xconnect|otv|lisp|ip lisp|ip vrf select|vrf selection|ip mobile|ip slb|nat64|flowspec|service-insertion|service-policy type epbr|vnet) /i,
    effect: 'may-reroute',
    direction: 'in',
  },
];

/** Interface commands by which packets may go past the interface's own lists. */
const BYPASSES: readonly { readonly pattern: RegExp; readonly direction: 'in' | 'both' }[] = [
  { pattern: /^crypto map (?<map>\S+)/i, direction: 'both' },
  // Its peer says what it takes.
  { pattern: /^crypto ipsec client ezvpn \S+(?: outside)?$/i, direction: 'both' },
  { pattern: /^mpls ip$/i, direction: 'both' },
  { pattern: /^ip (?:admission|auth-proxy|subscriber) /i, direction: 'in' },
];

function noteBypass(reader: Reader, text: string): void {
  for (const { pattern, direction } of BYPASSES) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const cryptoMap = found.groups?.map;
    for (const iface of reader.ifaces)
      iface.bypasses.push({
        direction,
        ...(cryptoMap === undefined ? {} : { cryptoMap }),
        origin: reader.lineOrigin(),
      });
  }
}

/** Notes a line of an interface's block that may drop or lead away packets, or take them past the lists, and is not modelled. */
export function noteFeature(reader: Reader, text: string): void {
  noteBypass(reader, text);
  for (const { pattern, effect, direction } of FEATURES) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const written = found.groups?.direction?.toLowerCase();
    const own = written === 'in' || written === 'out' ? written : direction;
    for (const iface of reader.ifaces) {
      const words = `${text}: not modelled`;
      iface.features.push({ effect, direction: own, words, origin: reader.lineOrigin() });
    }
    return;
  }
}
