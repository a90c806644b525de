import { matchesGlob } from '../core/text/glob.js';

/** Whether a relative path, with `/`, is what one of the patterns says: each a path itself or a glob. */
export function matchesAny(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const plain = pattern.replace(/^\.\//, '');
    return plain === path || matchesGlob(plain, path);
  });
}
