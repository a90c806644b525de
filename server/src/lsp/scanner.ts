import type { CancellationToken, Connection } from 'vscode-languageserver';
import { decodeText } from '../core/text/decode.js';
import { deferred } from './deferred.js';
import { baseName, parentFolder, pathOfUri, uriOfPath } from './paths.js';
import { startProgress } from './progress.js';
import { SITE_FILE_NAME } from './review-set.js';
import type { ReviewSets } from './review-sets.js';
import type { Runtime } from './runtime.js';
import { cancelled, logFailure } from './session.js';

/** So many files are read at a time: enough to hide the waiting, few enough to hold in memory. */
const READS_AT_A_TIME = 16;

/** Brings texts from the disk into the review sets, one job after the other. */
export interface Scanner {
  /** Says that these folders will be scanned: nothing is answered about them before they are. */
  announce(folders: readonly string[]): void;
  /** Reads whole folders, showing progress; resolves to what could not be read, in words. */
  scan(folders: readonly string[]): Promise<readonly string[]>;
  /** Reads single files, or folders that have appeared, and forgets what is gone. */
  read(paths: readonly string[]): Promise<void>;
  isBeingRead(path: string): boolean;
  /** See `Session.whenRead`. */
  whenRead(path: string | undefined, token: CancellationToken): Promise<void>;
}

/** @param changed called after each job, when the sets hold what was read */
export function createScanner(
  connection: Connection,
  runtime: Runtime,
  sets: ReviewSets,
  changed: () => void,
): Scanner {
  const awaited = new Set<string>();
  let scanEnd = deferred<void>();
  let lastJob: Promise<unknown> = Promise.resolve();

  /** Runs one job after the other, so that an older reading of a file never overwrites a newer one. */
  function enqueue<Result>(job: () => Promise<Result>): Promise<Result> {
    const result = lastJob.then(job);
    lastJob = result.catch(() => undefined);
    return result;
  }

  function isBeingRead(path: string): boolean {
    return awaited.has(path) || awaited.has(sets.folderOf(path) ?? '');
  }

  function dropStrangers(): void {
    try {
      sets.dropStrangers();
    } catch (error) {
      // It takes a judgement to tell them; without it, they only cost memory.
      logFailure(connection, 'review', error);
    }
  }

  async function scan(folders: readonly string[]): Promise<readonly string[]> {
    const progress = startProgress(connection, 'Advisory Lens: reading configurations');
    const problems: string[] = [];
    const paths = new Set<string>();
    try {
      for (const folder of folders) {
        const listed = await listFolder(runtime, folder, progress.isCancelled);
        problems.push(...listed.problems);
        for (const path of listed.paths) paths.add(path);
        // A place that could not be looked into may still hold the files known from it.
        if (progress.isCancelled() || listed.problems.length > 0) continue;
        for (const path of sets.filesUnder(folder)) if (!paths.has(path)) sets.delete(path);
      }
      let count = 0;
      // Site files go first: they say which files belong together, and what some of them are.
      for (const batch of siteFilesFirst(paths)) {
        await inParallel(batch, async (path) => {
          if (progress.isCancelled()) return;
          const problem = await readFile(runtime, sets, path);
          if (problem !== undefined) problems.push(problem);
          count += 1;
          progress.report(count, paths.size);
        });
      }
      if (progress.isCancelled()) {
        problems.push(`The review was cancelled: ${count} of ${paths.size} files were read.`);
      }
      dropStrangers();
    } finally {
      progress.done();
    }
    for (const problem of problems) connection.console.warn(problem);
    return problems;
  }

  async function read(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      if (!sets.covers(path)) continue;
      const problem = await readFile(runtime, sets, path);
      if (problem !== undefined) connection.console.warn(problem);
      // Clients tell of a folder that went, but not always of each file that was in it.
      for (const below of sets.filesUnder(path)) await readFile(runtime, sets, below);
      // A site file may make configurations of files that looked like none.
      if (baseName(path) === SITE_FILE_NAME) {
        await inParallel(sets.dropped(parentFolder(path)), async (dropped) => {
          await readFile(runtime, sets, dropped);
        });
      }
    }
    dropStrangers();
    changed();
  }

  return {
    announce: (folders) => {
      for (const folder of folders) awaited.add(folder);
    },
    scan: (folders) =>
      enqueue(async () => {
        for (const folder of folders) awaited.add(folder);
        try {
          return await scan(folders);
        } finally {
          for (const folder of folders) awaited.delete(folder);
          const ended = scanEnd;
          scanEnd = deferred();
          ended.resolve();
          changed();
        }
      }),
    read: (paths) => enqueue(() => read(paths)),
    isBeingRead,
    async whenRead(path, token) {
      const waits = () => (path === undefined ? awaited.size > 0 : isBeingRead(path));
      if (!waits()) return;
      const cancellation = deferred<never>();
      const listener = token.onCancellationRequested(() => cancellation.reject(cancelled()));
      try {
        while (waits()) await Promise.race([scanEnd.promise, cancellation.promise]);
      } finally {
        listener.dispose();
      }
    },
  };
}

async function listFolder(runtime: Runtime, folder: string, isCancelled: () => boolean) {
  const paths: string[] = [];
  const problems: string[] = [];
  for await (const listed of runtime.listFiles(uriOfPath(folder))) {
    if (isCancelled()) break;
    if ('uri' in listed) paths.push(pathOfUri(listed.uri));
    else problems.push(listed.problem);
  }
  return { paths, problems };
}

/** Reads one file into the sets; answers what is wrong with it, in words, if people should know. */
async function readFile(runtime: Runtime, sets: ReviewSets, path: string): Promise<string | undefined> {
  const content = await runtime.readFile(uriOfPath(path));
  if (content.kind === 'bytes') {
    const decoded = decodeText(content.bytes);
    if ('text' in decoded) sets.save(path, decoded.text);
    else sets.delete(path);
    return undefined;
  }
  sets.delete(path);
  if (content.kind === 'folder') {
    const { paths, problems } = await listFolder(runtime, path, () => false);
    await inParallel(paths, async (below) => {
      const problem = await readFile(runtime, sets, below);
      if (problem !== undefined) problems.push(problem);
    });
    return problems.length > 0 ? problems.join('\n') : undefined;
  }
  return content.kind === 'unreadable' ? `${baseName(path)} ${content.reason}.` : undefined;
}

function siteFilesFirst(paths: Iterable<string>): [string[], string[]] {
  const sites: string[] = [];
  const others: string[] = [];
  for (const path of paths) (baseName(path) === SITE_FILE_NAME ? sites : others).push(path);
  return [sites, others];
}

async function inParallel(paths: readonly string[], work: (path: string) => Promise<void>): Promise<void> {
  const rest = paths[Symbol.iterator]();
  const worker = async () => {
    // The workers share one iterator, so each path is taken once.
    for (const path of rest) await work(path);
  };
  await Promise.all(Array.from({ length: READS_AT_A_TIME }, worker));
}
