import type { Acl } from '../model/acl.js';
import type { Device } from '../model/device.js';
import type { AddressTerm, HeaderMatch } from '../model/header-match.js';
import { keptIn } from '../model/kept.js';
import { formatIp, type Ip, MAX_IP } from '../net/ip.js';
import type { Prefix } from '../net/prefix.js';
import { firstIp, lastIp, lengthOfMask, prefixOf } from '../net/prefix.js';
import type { Problem, Rule } from './rule.js';
import { verdictsThrough } from './target-denies.js';

/**
 * A deny is written for the advisory's network with a mask that means something else: a subnet
 * mask where the entry takes a wildcard.
 *
 * ## Why it matters
 *
 * In an IOS access list a 1 bit of the mask says "this bit does not count". So
 * `deny ip any 202.114.4.0 255.255.255.0` denies every address in the world that ends in .0, and
 * none of the hosts of the advisory. It looks right, and IOS takes it.
 *
 * ## How to fix
 *
 * `correct-mask` writes the mask the other way round: `0.0.0.255`.
 *
 * ## Options
 *
 * Level `warning`. Another level, or `off`, is set in `advisory-lens.json`:
 * `"rules": { "block-mask": "error" }`.
 */
export const blockMask: Rule = {
  id: 'block-mask',
  level: 'warning',
  check: (review) => {
    const problems: Problem[] = [];
    for (const { device } of review.network.nodes) {
      for (const [acl, indexes] of keptIn(masks, device, () => masksOf(device))) {
        for (const index of indexes) {
          for (const advisory of review.advisories) {
            for (const flow of advisory.flows) {
              const match = acl.entries.matchAt(index);
              const meant = turned(match, flow.destinations);
              if (meant === undefined) continue;
              const origin = acl.entries.originAt(index);
              const verdicts = verdictsThrough(review, { advisory, flow, device, acl });
              problems.push({
                message: messageOf(advisory.id, meant),
                origin,
                related: [],
                verdicts: verdicts.filter((verdict) => verdict.word !== 'blocked'),
                remedies: [{ kind: 'correct-mask', device: device.name, acl: acl.name, index, side: meant.side }],
              });
            }
          }
        }
      }
    }
    return problems;
  },
};

const masks = new WeakMap<Device, readonly (readonly [Acl, readonly number[]])[]>();

/** The denies of a device with what looks like a subnet mask. */
function masksOf({ acls }: Device): [Acl, readonly number[]][] {
  return [...acls.values()].flatMap((acl): [Acl, readonly number[]][] => {
    const indexes = acl.entries.withMaskForWildcard('deny');
    return indexes.length === 0 ? [] : [[acl, indexes]];
  });
}

/** A side of an entry whose mask is written the other way round, and the network that was meant. */
interface Meant {
  readonly side: 'src' | 'dst';
  readonly value: Ip;
  readonly wildcard: Ip;
  readonly prefix: Prefix;
}

/**
 * A deny whose mask, read the other way round, is a network of the advisory (or, on the source's
 * side, whose destination is one): 255.255.255.0 where a wildcard belongs leaves the wrong bits open.
 */
function turned(match: HeaderMatch, destinations: readonly Prefix[]): Meant | undefined {
  for (const term of match.dst) {
    const meant = turnedTerm(term);
    if (meant !== undefined && destinations.some((one) => overlaps(one, meant.prefix)))
      return { side: 'dst', ...meant };
  }
  const aimed = match.dst.some((term) => destinations.some((one) => isInside(term, one)));
  if (!aimed) return undefined;
  for (const term of match.src) {
    const meant = turnedTerm(term);
    if (meant !== undefined) return { side: 'src', ...meant };
  }
  return undefined;
}

function turnedTerm(term: AddressTerm): Omit<Meant, 'side'> | undefined {
  if (term.kind !== 'wildcard' || term.wildcard === 0 || term.wildcard === MAX_IP) return undefined;
  const length = lengthOfMask(term.wildcard);
  if (length === undefined) return undefined;
  return { value: term.value, wildcard: term.wildcard, prefix: prefixOf(term.value, length) };
}

function isInside(term: AddressTerm, prefix: Prefix): boolean {
  if (term.kind === 'range') return firstIp(prefix) <= term.first && term.last <= lastIp(prefix);
  return (term.value & ~term.wildcard) >>> 0 >= firstIp(prefix) && (term.value | term.wildcard) >>> 0 <= lastIp(prefix);
}

function overlaps(a: Prefix, b: Prefix): boolean {
  return firstIp(a) <= lastIp(b) && firstIp(b) <= lastIp(a);
}

function messageOf(advisory: string, { value, wildcard, prefix }: Meant): string {
  const [mask, right] = [formatIp(wildcard), formatIp((MAX_IP ^ wildcard) >>> 0)];
  return `${mask} is a subnet mask where a wildcard belongs: "${formatIp(value)} ${mask}" is not ${formatIp(prefix.ip)}/${prefix.length}, so this deny for ${advisory} misses most of it. Write ${right}.`;
}
