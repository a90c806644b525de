type Plain = Readonly<Record<string, unknown>>;

/** Whether plain data says the same. Lines move: where they stand does not count. */
export function sameButPlaces(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((one, at) => sameButPlaces(one, b[at]));
  }
  if (a instanceof Map || a instanceof Set) {
    return (b instanceof Map || b instanceof Set) && sameButPlaces([...a], [...b]);
  }
  const ours = a as Plain;
  const theirs = b as Plain;
  for (const key in ours) if (key !== 'origin' && !sameButPlaces(ours[key], theirs[key])) return false;
  for (const key in theirs) if (!(key in ours) && theirs[key] !== undefined && key !== 'origin') return false;
  return true;
}
