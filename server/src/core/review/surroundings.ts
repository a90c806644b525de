import type { Surroundings } from '../model/reading.js';
import type { SourceFile } from '../text/source-file.js';
import { folderOf, pathsMeant } from './site-paths.js';

/** One question for files, and its answer: a reading that asked it holds as long as the answer does. */
export interface Sought {
  readonly pattern: string;
  readonly found: readonly SourceFile[];
}

/**
 * The files around one file.
 * @param isRead see `Surroundings`
 * @param sought what is asked for is noted there
 */
export function surroundingsOf(
  path: string,
  files: ReadonlyMap<string, SourceFile>,
  isRead: Surroundings['isRead'],
  sought: Sought[] = [],
): Surroundings {
  return {
    find(pattern) {
      const paths = pathsMeant([...files.keys()], folderOf(path), pattern).filter((one) => one !== path);
      const found = paths.map((one) => files.get(one) as SourceFile);
      sought.push({ pattern, found });
      return found;
    },
    isRead,
  };
}

/** Whether every question has the answer that it had. */
export function stillHolds(path: string, files: ReadonlyMap<string, SourceFile>, sought: readonly Sought[]): boolean {
  if (sought.length === 0) return true;
  const around = surroundingsOf(path, files, () => false);
  return sought.every(({ pattern, found }) => {
    const now = around.find(pattern);
    return now.length === found.length && now.every((file, at) => file === found[at]);
  });
}
