import type { AdvisoryFlow } from '../advisories/advisory.js';
import type { Network } from '../dataplane/network.js';
import type { Interval } from '../headerspace/header-space.js';
import type { AddressTerm } from '../model/header-match.js';
import type { Origin } from '../model/origin.js';
import type { PolicyRule, TranslatedAddress } from '../model/policy.js';
import { MAX_IP } from '../net/ip.js';
import { firstIp, lastIp, prefixesOfRange } from '../net/prefix.js';
import type { Fate } from '../reachability/disposition.js';
import { toInterval } from './headers.js';

/** Addresses that a reviewed device translates to destinations of a flow: other names of the target. */
export interface Alias {
  readonly device: string;
  readonly addresses: readonly Interval[];
  /** The line that translates. */
  readonly origin: Origin;
}

const ANYWHERE: Interval = [0, MAX_IP];

/**
 * The other names of a flow's destinations. A translation that may lead anywhere names nothing, and one that
 * asks for no destination is a name that any address is.
 */
export function aliasesOf(network: Network, { destinations }: AdvisoryFlow): Alias[] {
  return network.nodes.flatMap(({ device }) =>
    [...(device.chains?.values() ?? [])].flatMap(({ rules }) => {
      const aliases: Alias[] = [];
      if (rules.acts?.has('translate') === false) return aliases;
      for (let index = 0; index < rules.length; index += 1) {
        const rule = rules.at(index) as PolicyRule;
        const { action } = rule;
        if (action.kind !== 'translate' || action.field !== 'dst' || action.address === undefined) continue;
        const target = rangeOf(action.address);
        const isNamed = target !== undefined && destinations.some((one) => overlap(toInterval(one), target));
        if (isNamed) aliases.push({ device: device.name, addresses: destinationsOf(rule), origin: rule.origin });
      }
      return aliases;
    }),
  );
}

function rangeOf(address: TranslatedAddress): Interval | undefined {
  if (address.kind === 'prefix') return [firstIp(address.prefix), lastIp(address.prefix)];
  if (address.kind !== 'range') return undefined;
  return address.first === 0 && address.last === MAX_IP ? undefined : [address.first, address.last];
}

function overlap(a: Interval, b: Interval): boolean {
  return a[0] <= b[1] && b[0] <= a[1];
}

/** The destinations that a rule is about, at most. */
function destinationsOf({ tests }: PolicyRule): Interval[] {
  for (const test of tests) {
    if (test.kind !== 'header' || test.negated) continue;
    const intervals = test.matches.flatMap(({ dst }) => dst.map(hullOf));
    if (!intervals.some(([first, last]) => first === 0 && last === MAX_IP)) return intervals;
  }
  return [ANYWHERE];
}

function hullOf(term: AddressTerm): Interval {
  if (term.kind === 'range') return [term.first, term.last];
  const first = (term.value & ~term.wildcard) >>> 0;
  return [first, (first | term.wildcard) >>> 0];
}

/** The same traffic, as it is sent to the other names. */
export function flowToAliases(flow: AdvisoryFlow, aliases: readonly Alias[]): AdvisoryFlow {
  const destinations = aliases.flatMap(({ addresses }) =>
    addresses.flatMap(([first, last]) => prefixesOfRange(first, last)),
  );
  return { ...flow, destinations, hosts: [] };
}

/** The fates that count for packets to other names: those that were stopped, or end with a destination of the flow. */
export function fatesAt(flow: AdvisoryFlow, fates: readonly Fate[]): Fate[] {
  const counted = fates.filter(({ disposition, flow: { dst }, blurred }) => {
    if (disposition !== 'leaves' && disposition !== 'delivered') return true;
    const range: Interval = blurred.dst === undefined ? [dst, dst] : [blurred.dst.first, blurred.dst.last];
    return flow.destinations.some((one) => overlap(toInterval(one), range));
  });
  return counted.length > 0 ? counted : [...fates];
}

/** The line of a packet's way that translated it from one of the other names. */
export function translationOf(aliases: readonly Alias[], { hops }: Fate): Alias | undefined {
  return aliases.find(({ origin }) =>
    hops.some(
      (hop) => hop.step === 'translate' && hop.origin?.file === origin.file && hop.origin.start === origin.start,
    ),
  );
}
