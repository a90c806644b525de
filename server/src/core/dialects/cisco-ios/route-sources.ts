import type { Reader } from './reader.js';

/** Global commands of what brings routes beside the routing processes, by the word for it. */
const SOURCES = [
  { name: 'OMP', pattern: /^(?:sdwan|omp)$/i, into: 'all' },
  { name: 'PfR', pattern: /^(?:pfr|oer) (?:border|master)/i, into: 'global' },
] as const;

/** Notes a global command, in plain words, that is known and not modelled. */
export function noteSource(reader: Reader, text: string): void {
  for (const { name, pattern, into } of SOURCES) if (pattern.test(text)) noteRouteSource(reader, name, into);
}

/** Notes that something other than a routing process brings routes that are in no file. */
export function noteRouteSource(reader: Reader, name: string, into: 'all' | 'global'): void {
  const { routeSources } = reader.config;
  if (!routeSources.has(name)) routeSources.set(name, { into, origin: reader.lineOrigin() });
}
