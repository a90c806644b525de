/**
 * A short name for a text: equal texts have equal names, and unequal ones in practice never do.
 *
 * 53 bits by two multiply-and-xor lanes of 32. It guards against nobody; it only has to be fast and
 * the same in every run, since clients keep the names between two.
 */
export function hashOf(text: string): string {
  let low = 0x9e3779b9;
  let high = 0x85ebca6b;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x2c1b3c6d);
    high = Math.imul(high ^ unit, 0x297a2d39);
    // Multiplying moves bits only upwards; the rotation brings them down again.
    low = (low << 13) | (low >>> 19);
    high = (high << 17) | (high >>> 15);
  }
  low = Math.imul(low ^ (high >>> 15), 0x7feb352d);
  high = Math.imul(high ^ (low >>> 13), 0x846ca68b);
  return ((high >>> 0) * 0x200000 + (low >>> 11)).toString(36);
}
