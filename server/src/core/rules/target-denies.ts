import type { Advisory, AdvisoryFlow } from '../advisories/advisory.js';
import type { Acl } from '../model/acl.js';
import type { AppliedFilter, Device, Interface } from '../model/device.js';
import { firstIp, lastIp } from '../net/prefix.js';
import type { Review } from '../review/review.js';
import type { Verdict } from '../review/verdict.js';

/** A list with entries that are plainly there to deny an advisory's destinations: they deny nothing else. */
export interface TargetList {
  readonly advisory: Advisory;
  readonly flow: AdvisoryFlow;
  readonly device: Device;
  readonly acl: Acl;
  /** Positions of these entries, in order; at least one. */
  readonly denies: readonly number[];
}

/** An interface that applies a list. */
export interface Use {
  readonly iface: Interface;
  readonly filter: AppliedFilter;
}

export function targetLists(review: Review): TargetList[] {
  const flows = review.advisories.flatMap((advisory) =>
    advisory.flows.filter((flow) => flow.direction === 'to-destinations').map((flow) => ({ advisory, flow })),
  );
  return review.network.nodes.flatMap(({ device }) =>
    [...device.acls.values()].flatMap((acl) =>
      flows.flatMap(({ advisory, flow }): TargetList[] => {
        const denies = flow.destinations.flatMap((destination) =>
          acl.entries.withDestinationInside('deny', firstIp(destination), lastIp(destination)),
        );
        return denies.length === 0 ? [] : [{ advisory, flow, device, acl, denies: denies.sort((a, b) => a - b) }];
      }),
    ),
  );
}

export function usesOf(device: Device, acl: Acl): Use[] {
  return device.interfaces.flatMap((iface) =>
    iface.filters.filter((filter) => filter.names.includes(acl.name)).map((filter) => ({ iface, filter })),
  );
}

/** The verdicts of a flow whose packets enter the device by an interface that applies the list inward. */
export function verdictsThrough(
  review: Review,
  { advisory, flow, device, acl }: Omit<TargetList, 'denies'>,
): Verdict[] {
  const ingresses = new Set(
    usesOf(device, acl)
      .filter(({ filter }) => filter.direction === 'in')
      .map(({ iface }) => iface),
  );
  return review.verdicts.filter(
    (verdict) => verdict.advisory === advisory && verdict.flow === flow && ingresses.has(verdict.member.iface),
  );
}
