/** What a run tells its caller by its exit code. */
export const ExitCode = {
  /** Nothing at or above the level asked for. */
  clean: 0,
  /** A finding at or above that level. */
  findings: 1,
  /** Wrong usage, a bad site file, or something that could not be analysed. */
  unusable: 2,
  /** A bug of this program. */
  internal: 3,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What the caller can mend: wrong usage, a missing file, a bad site file. It ends the run with exit code 2. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** The `code` of an error of Node (`ENOENT`), if it has one. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
