import type { AddressTerm, ServiceTerm } from '../../model/header-match.js';
import type { IosConfig } from './config.js';

/** What the object groups of a configuration stand for, nested ones resolved. */
export interface ResolvedGroups {
  /** Undefined where the group, or one inside it, is not defined, empty, not understood, or inside itself. */
  addresses(name: string): readonly AddressTerm[] | undefined;
  services(name: string): readonly ServiceTerm[] | undefined;
}

export function resolveGroups(config: IosConfig): ResolvedGroups {
  const addresses = resolver(
    (name) => config.networkGroups.get(name)?.members.values(),
    (member) => (member.kind === 'address' ? [member.term] : undefined),
  );
  const services = resolver(
    (name) => config.serviceGroups.get(name)?.members.values(),
    (member) => (member.kind === 'service' ? member.terms : undefined),
  );
  return { addresses, services };
}

/** Groups that nest deeper are not followed: the depth of a device's own nesting is far less. */
const DEEPEST = 64;
/** A group that stands for more terms than this is not worth its memory; it is not known then. */
const MOST_TERMS = 1_000_000;

function resolver<M extends { readonly kind: string; readonly name?: string }, T>(
  membersOf: (name: string) => Iterable<M> | undefined,
  termsOf: (member: M) => readonly T[] | undefined,
): (name: string) => readonly T[] | undefined {
  const resolved = new Map<string, readonly T[] | undefined>();
  const resolve = (name: string, depth: number): readonly T[] | undefined => {
    if (resolved.has(name)) return resolved.get(name);
    // A group that contains itself finds this, and so is not known.
    resolved.set(name, undefined);
    const members = membersOf(name);
    if (members === undefined || depth > DEEPEST) return undefined;
    const terms: T[] = [];
    for (const member of members) {
      const part = member.kind === 'group' ? resolve(member.name as string, depth + 1) : termsOf(member);
      if (part === undefined || terms.length + part.length > MOST_TERMS) return undefined;
      for (const term of part) terms.push(term);
    }
    // A device does not let a group that is used become empty: what it makes of a file that has one is not known.
    if (terms.length === 0) return undefined;
    resolved.set(name, terms);
    return terms;
  };
  return (name) => resolve(name, 0);
}
