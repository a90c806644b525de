import { dirname, resolve } from 'node:path';
import type { SourceFile } from '../core/text/source-file.js';
import type { WorkspaceApi } from '../core/workspace.js';
import { type Candidate, findCandidates, findStagedCandidates } from './files/candidates.js';
import { filesOfGlobs, leadsOut } from './files/globs.js';
import { displayPath, keyOf } from './files/keys.js';
import { groupBySite, isOtherSite, type ReviewSet } from './files/review-sets.js';
import { byCodeUnits, type FileTree, type NotAnalysed } from './files/tree.js';
import { Problem } from './problem.js';
import type { Progress } from './progress.js';

/** What to load, and from where. */
export interface LoadRequest {
  readonly paths: readonly string[];
  /** One site file for all paths, as given. */
  readonly site: string | undefined;
  readonly tree: FileTree;
  /** Whether the paths only say which sets are judged, as a hook's do, and the sets are judged whole. */
  readonly wholeSets: boolean;
  readonly cwd: string;
  readonly createWorkspace: () => WorkspaceApi;
  readonly progress: Progress;
}

/** One review set, ready to be asked. */
export interface LoadedSet {
  readonly workspace: WorkspaceApi;
  /** The site file, as people read it. */
  readonly site: string | undefined;
  /** The workspace's name of each file, and the path that people read. */
  readonly displayOf: ReadonlyMap<string, string>;
  /** Each configuration, by the path that people read. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

export interface Loaded {
  /** Empty where no configuration was found. */
  readonly sets: readonly LoadedSet[];
  /** In the order of their paths, which are as people read them. */
  readonly notAnalysed: readonly NotAnalysed[];
}

/**
 * Reads all configurations that the paths lead to, as review sets.
 * @throws {Problem} where a path leads to nothing, or a site file is wrong
 */
export function loadSets(request: LoadRequest): Loaded {
  const { tree, cwd, paths, wholeSets } = request;
  const found = wholeSets ? findStagedCandidates(tree, cwd, paths) : findCandidates(tree, cwd, paths);
  const notAnalysed = [...found.notAnalysed];
  const groups: readonly ReviewSet[] =
    request.site === undefined
      ? groupBySite(tree, found.files)
      : [{ site: siteNamed(tree, resolve(cwd, request.site), request.site), files: found.files }];
  const sets = groups.flatMap((group) => loadSet(request, group, notAnalysed));
  const shown = notAnalysed.map((entry) => ({ ...entry, path: displayPath(cwd, entry.path) }));
  return { sets, notAnalysed: shown.sort((a, b) => byCodeUnits(a.path, b.path)) };
}

function siteNamed(tree: FileTree, site: string, given: string): string {
  if (tree.entryAt(site) !== 'file') throw new Problem(`There is no site file ${given}.`);
  return site;
}

/** The set, or nothing where it holds no configuration. */
function loadSet(request: LoadRequest, group: ReviewSet, notAnalysed: NotAnalysed[]): LoadedSet[] {
  const { tree, cwd } = request;
  const { site } = group;
  const workspace = request.createWorkspace();
  const displayOf = new Map<string, string>();
  const nameOf = (path: string): string => {
    const key = keyOf(cwd, site, path);
    displayOf.set(key, displayPath(cwd, path));
    return key;
  };
  let members = group.files;
  if (site !== undefined) {
    const advisories = setUpSite(tree, workspace, site, nameOf);
    failOnProblems(workspace, displayOf);
    members = membersOf(request, workspace, site, group.files, notAnalysed).filter(
      ({ path }) => path !== site && !advisories.has(path),
    );
  }

  const sources = readAll(request, members, workspace, nameOf, notAnalysed);
  if (sources.size === 0) return [];
  return [{ workspace, site: site === undefined ? undefined : displayPath(cwd, site), displayOf, sources }];
}

/** Reads the files into the workspace; the answer are those that are configurations. */
function readAll(
  { tree, cwd, progress }: LoadRequest,
  members: readonly Candidate[],
  workspace: WorkspaceApi,
  nameOf: (path: string) => string,
  notAnalysed: NotAnalysed[],
): Map<string, SourceFile> {
  const named = new Set(members.flatMap((member) => (member.named ? [member.path] : [])));
  const read: string[] = [];
  let done = 0;
  for (const [path, content] of tree.contents(members.map(({ path }) => path))) {
    progress.step('reading', done, members.length);
    done += 1;
    if ('text' in content) {
      workspace.setFile(nameOf(path), content.text);
      read.push(path);
    } else {
      notAnalysed.push({ path, reason: content.reason, weight: named.has(path) ? 'named' : content.weight });
    }
  }
  // The first summary judges the set, which is why no file may change from here on.
  progress.step('judging', 0, 1);
  const sources = new Map<string, SourceFile>();
  for (const path of read) {
    const source = workspace.fileSummary(nameOf(path)) === undefined ? undefined : workspace.source(nameOf(path));
    if (source !== undefined) sources.set(displayPath(cwd, path), source);
    else if (named.has(path)) {
      notAnalysed.push({ path, reason: 'no configuration that this program knows', weight: 'named' });
    }
  }
  return sources;
}

/** Hands the site file and its advisory files over; the paths of the latter are the answer. */
function setUpSite(
  tree: FileTree,
  workspace: WorkspaceApi,
  site: string,
  nameOf: (path: string) => string,
): ReadonlySet<string> {
  workspace.setSite(nameOf(site), textAt(tree, site, nameOf(site)));
  const globs = workspace.siteGlobs().advisories.filter((glob) => !glob.startsWith('builtin:') && !leadsOut(glob));
  const advisories = new Set<string>();
  for (const glob of globs) {
    const { files } = filesOfGlobs(tree, dirname(site), [glob], isOtherSite(tree, site));
    for (const path of files) advisories.add(path);
  }
  for (const path of advisories) workspace.setAdvisoryFile(nameOf(path), textAt(tree, path, nameOf(path)));
  return advisories;
}

function textAt(tree: FileTree, path: string, shown: string): string {
  for (const [, content] of tree.contents([path])) {
    if ('text' in content) return content.text;
    throw new Problem(`${shown} cannot be read: ${content.reason}.`);
  }
  return '';
}

/** Nothing is judged while a site file is wrong: a segment that was left out would look blocked. */
function failOnProblems(workspace: WorkspaceApi, displayOf: ReadonlyMap<string, string>): void {
  const problems = workspace.siteProblems();
  if (problems.length === 0) return;
  const lines = problems.map(({ file, line, column, message }) => {
    return `${displayOf.get(file) ?? file}:${line}:${column}: ${message}`;
  });
  throw new Problem([...lines, 'Nothing was judged.'].join('\n'));
}

/**
 * The files of a site's set. Where the site file says `configs`, they are those that match, all of
 * them as soon as one is asked for, because what a packet reaches depends on every device.
 */
function membersOf(
  { tree, cwd }: LoadRequest,
  workspace: WorkspaceApi,
  site: string,
  files: readonly Candidate[],
  notAnalysed: NotAnalysed[],
): readonly Candidate[] {
  const { configs } = workspace.siteGlobs();
  if (configs === undefined) return files;
  const outside = configs.find(leadsOut);
  if (outside !== undefined) {
    throw new Problem(`${displayPath(cwd, site)}: "${outside}" in "configs" leads out of the site file's folder.`);
  }
  const named = new Set(files.flatMap(({ path, named }) => (named ? [path] : [])));
  const found = filesOfGlobs(tree, dirname(site), configs, isOtherSite(tree, site));
  const inSet = new Set(found.files);
  for (const path of named) {
    if (!inSet.has(path))
      notAnalysed.push({ path, reason: 'not among the "configs" of the site file', weight: 'named' });
  }
  if (!files.some(({ path }) => inSet.has(path))) return [];
  const known = new Set(notAnalysed.map(({ path }) => path));
  notAnalysed.push(...found.notAnalysed.filter(({ path }) => !known.has(path)));
  return found.files.map((path) => ({ path, named: named.has(path) }));
}
