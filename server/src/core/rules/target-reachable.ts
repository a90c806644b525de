import { outbound } from '../review/verdict.js';
import { aliasWords, destinationWords, hostWords, reachabilityProblems } from './reachability-problems.js';
import type { Rule } from './rule.js';

/**
 * A packet from a device segment reaches one of the hosts that the advisory names, and nothing on
 * its path stops it. For ICSMA-25-030-01 the hosts are 202.114.4.119 and 202.114.4.120.
 *
 * The finding stands at the line to edit: the entry that permits the packet, in the filter of the
 * path that is nearest to the segment, on whatever device that is. Where no filter is on the path,
 * it stands at the interface by which the segment enters. Where the site file names devices in
 * `enforceAt`, the first of them on the path is the one that counts. The hops of the path are the
 * related places.
 *
 * An address that a reviewed device translates to one of the hosts is another name of it, and packets to
 * that name count too. The message then says which, and the line that translates.
 *
 * ## Why it matters
 *
 * The monitor sends patient data to these addresses and fetches firmware from them, whatever its
 * network settings say. A site that cannot remove the device has to stop it on the way.
 *
 * The rule looks at addresses, and any protocol and port counts: no source confirms all ports that
 * the device uses, so a deny of one port is no block.
 *
 * ## How to fix
 *
 * Three fixes are offered where they prove: `block-in-filter` writes a deny before the entry that
 * permits, `apply-filter` writes a list for an interface that has none, and `null-route` routes the
 * network nowhere. The deny is written for any source and for the whole network of the advisory.
 *
 * Where a part of the advisory's network is in use inside (`target-in-use`), a deny at the segment would
 * cut what is used there: `block-at-edge` is offered instead.
 *
 * Before a fix is offered, the edited configuration is judged again. The flow must be closed, and
 * every filter must pass exactly what it passed before, less the packets to the advisory's network.
 *
 * ## Options
 *
 * Level `error`. Another level, or `off`, is set in `advisory-lens.json`:
 * `"rules": { "target-reachable": "warning" }`.
 */
export const targetReachable: Rule = {
  id: 'target-reachable',
  level: 'error',
  check: (review) => {
    const cases = [...outbound(review.verdicts), ...review.byOtherNames].flatMap((verdict) =>
      verdict.leaves?.certain === true && (verdict.leaves.hosts.length > 0 || verdict.flow.hosts.length === 0)
        ? [{ verdict, through: verdict.leaves }]
        : [],
    );
    return reachabilityProblems(review, cases, ([{ verdict, through }], where) => {
      const hosts = through.hosts.length > 0 ? hostWords(through.hosts) : destinationWords(verdict);
      const alias = aliasWords({ verdict, through });
      if (alias !== undefined) {
        return `Packets from ${where} to ${alias.name} reach ${hosts}, which ${verdict.advisory.id} says to block, through ${alias.by}. Deny ${alias.name} here, or take the translation away.`;
      }
      return `Packets from ${where} reach ${hosts}, which ${verdict.advisory.id} says to block. Deny ${destinationWords(verdict)} here.`;
    });
  },
};
