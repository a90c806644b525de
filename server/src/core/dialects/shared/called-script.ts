import type { Surroundings } from '../dialect.js';

/** A script of the site's own that a command runs, or reads in as if its lines stood there. */
export interface CalledScript {
  /** As written; empty where it is not told. */
  readonly path: string;
  readonly isReadIn: boolean;
}

const SHELLS = /^(?:ba|da|a|k|z)?sh$/;
/** Where the programs and services of a distribution are. Source: Filesystem Hierarchy Standard 3.0, 3 and 4. */
const OF_THE_SYSTEM =
  /^(?:\/usr)?\/(?:s?bin|lib\w*|libexec|share)\/|^\/etc\/(?:rc\.d\/)?init\.d\/|^\/(?:dev|proc|sys)\//;
/** Names of scripts that a site writes, wherever they are. */
const OF_THE_SITE = /\.(?:ba|k|z)?sh$|(?:^|[-_.])(?:fw|fire-?wall)(?:$|[-_.])(?!cmd)/i;
/** Files that a script reads in for their variables alone. */
const SETTINGS = /^(?:\/etc\/(?:default|sysconfig|conf\.d)\/|\/etc\/rc\.conf)/;
/** Functions and variables of the system that have nothing to do with filters or routes. */
const HELPERS =
  /^(?:\/lib\/lsb\/|\/etc\/(?:rc\.d\/)?init\.d\/functions|\/etc\/rc\.(?:subr|status)|\/etc\/profile|\/usr\/share\/)/;

/**
 * The script that a command calls; undefined where it is a program, or one of the distribution's. What the site's
 * own script does with filters and routes is in no line of the file that calls it.
 * @param words the program and what stands behind it, as far as it is known
 */
export function calledScript([program = '', ...words]: readonly string[]): CalledScript | undefined {
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (program === '.' || program === 'source') {
    const path = words[0] ?? '';
    return HELPERS.test(path) ? undefined : { path, isReadIn: true };
  }
  if (name === 'run-parts') return { path: words.at(-1) ?? '', isReadIn: false };
  if (SHELLS.test(name)) {
    const at = words.findIndex((word) => !/^[-+]/.test(word));
    // `sh -c` has its commands in the words, and a shell alone has them in what it is fed.
    if (at === -1 || words.slice(0, at).some((word) => /^-\w*c$/.test(word))) return undefined;
    return { path: words[at] as string, isReadIn: false };
  }
  // Headings of captures, options and assignments are no programs.
  if (/^-|[=:]/.test(program)) return undefined;
  const isScript = OF_THE_SITE.test(name) || (program.includes('/') && !OF_THE_SYSTEM.test(program));
  return isScript ? { path: program, isReadIn: false } : undefined;
}

/**
 * Whether a script is one of the files around the one that calls it: those of its device, or those whose path has at
 * least its folder's name, too.
 */
export function isReviewed({ path }: CalledScript, caller: string, around: Surroundings | undefined): boolean {
  if (path === '') return false;
  const folder = caller.slice(0, caller.lastIndexOf('/') + 1);
  const end = path.split('/').slice(-2).join('/');
  return (around?.find(path) ?? []).some(
    (one) => one.path !== caller && (one.path.startsWith(folder) || `/${one.path}`.endsWith(`/${end}`)),
  );
}

/** Whether a script that is read in says nothing but variables. */
export function isSettings({ path, isReadIn }: CalledScript): boolean {
  return isReadIn && SETTINGS.test(path);
}
