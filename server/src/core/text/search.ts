/**
 * The last of `count` things in order that begins at an offset or before it; the first where all begin
 * behind it.
 * @returns its index; -1 where there is none at all
 */
export function lastFrom(count: number, startOf: (index: number) => number, offset: number): number {
  if (count === 0) return -1;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (startOf(middle) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
