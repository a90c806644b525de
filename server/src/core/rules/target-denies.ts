import type { Advisory, AdvisoryFlow } from '../advisories/advisory.js';
import type { Acl } from '../model/acl.js';
import type { AppliedFilter, Device, Interface } from '../model/device.js';
import { firstIp, lastIp } from '../net/prefix.js';
import type { Review } from '../review/review.js';
import type { Verdict } from '../review/verdict.js';

/** An entry that is plainly there to deny an advisory's destinations: it denies nothing else. */
export interface TargetDeny {
  readonly advisory: Advisory;
  readonly flow: AdvisoryFlow;
  readonly device: Device;
  readonly acl: Acl;
  readonly index: number;
}

/** An interface that applies a list. */
export interface Use {
  readonly iface: Interface;
  readonly filter: AppliedFilter;
}

export function targetDenies(review: Review): TargetDeny[] {
  const found: TargetDeny[] = [];
  for (const { device } of review.network.nodes) {
    for (const acl of device.acls.values()) {
      for (const advisory of review.advisories) {
        for (const flow of advisory.flows) {
          for (const destination of flow.destinations) {
            const inside = acl.entries.withDestinationInside('deny', firstIp(destination), lastIp(destination));
            found.push(...inside.map((index) => ({ advisory, flow, device, acl, index })));
          }
        }
      }
    }
  }
  return found;
}

export function usesOf(device: Device, acl: Acl): Use[] {
  return device.interfaces.flatMap((iface) =>
    iface.filters.filter((filter) => filter.names.includes(acl.name)).map((filter) => ({ iface, filter })),
  );
}

/** The verdicts of a flow whose packets enter the device by an interface that applies the list inward. */
export function verdictsThrough(review: Review, { advisory, flow, device, acl }: TargetDeny): Verdict[] {
  const ingresses = new Set(
    usesOf(device, acl)
      .filter(({ filter }) => filter.direction === 'in')
      .map(({ iface }) => iface),
  );
  return review.verdicts.filter(
    (verdict) => verdict.advisory === advisory && verdict.flow === flow && ingresses.has(verdict.member.iface),
  );
}
