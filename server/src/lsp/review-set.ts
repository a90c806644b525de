import type { Finding } from '../core/report.js';
import type { FileSummary, SiteProblem, WorkspaceApi } from '../core/workspace.js';
import { matchesAny } from './globs.js';
import { isUnder, relativePath } from './paths.js';

export const SITE_FILE_NAME = 'advisory-lens.json';

export type Role = 'site' | 'advisory' | 'configuration';

/** What is to be said about one file. The same object as long as that is the same. */
export interface FileReport {
  readonly findings: readonly Finding[];
  readonly problems: readonly SiteProblem[];
}

/** The files that are judged together: those below one site file, below a workspace folder without one, or a lone file. */
export class ReviewSet {
  /** The folder, or the lone file's own path. */
  readonly root: string;
  readonly workspace: WorkspaceApi;
  readonly #roles = new Map<string, Role>();
  #reports: ReadonlyMap<string, FileReport> | undefined;
  #before: ReadonlyMap<string, FileReport> = new Map();

  constructor(root: string, workspace: WorkspaceApi) {
    this.root = root;
    this.workspace = workspace;
  }

  get isEmpty(): boolean {
    return this.#roles.size === 0;
  }

  /** Where the set's site file stands, if it has one. */
  get sitePath(): string {
    return this.root.endsWith(`/${SITE_FILE_NAME}`) ? this.root : `${this.root}/${SITE_FILE_NAME}`;
  }

  /** What a file is to this set, as the site file stands now. */
  roleOf(path: string): Role {
    if (path === this.sitePath) return 'site';
    const { advisories } = this.workspace.siteGlobs();
    const named =
      advisories.length > 0 && isUnder(this.root, path) && matchesAny(relativePath(this.root, path), advisories);
    return named ? 'advisory' : 'configuration';
  }

  /** Whether the site file has come to mean a file otherwise than it was set. */
  isMisplaced(path: string): boolean {
    const role = this.#roles.get(path);
    return role !== undefined && role !== this.roleOf(path);
  }

  /** Adds or replaces a file. */
  set(path: string, text: string, dialect: string | undefined): void {
    const role = this.roleOf(path);
    if (this.#roles.get(path) !== role) this.remove(path);
    this.#roles.set(path, role);
    this.#reports = undefined;
    if (role === 'site') this.workspace.setSite(path, text);
    else if (role === 'advisory') this.workspace.setAdvisoryFile(path, text);
    else this.workspace.setFile(path, text, dialect === undefined ? {} : { dialect });
  }

  remove(path: string): void {
    const role = this.#roles.get(path);
    if (role === undefined) return;
    this.#roles.delete(path);
    this.#reports = undefined;
    if (role === 'site') this.workspace.setSite(undefined, '');
    else if (role === 'advisory') this.workspace.removeAdvisoryFile(path);
    else this.workspace.removeFile(path);
  }

  /** The set's files that are no configuration, no site file and no advisory. */
  strangers(): string[] {
    return [...this.#roles]
      .filter(([path, role]) => role === 'configuration' && this.workspace.fileSummary(path) === undefined)
      .map(([path]) => path);
  }

  /** Of each of the set's configurations. */
  summaries(): FileSummary[] {
    return [...this.#roles.keys()].flatMap((path) => this.workspace.fileSummary(path) ?? []);
  }

  /** The files that there is something to say about. Judges what has changed since it was last asked. */
  reports(): ReadonlyMap<string, FileReport> {
    if (this.#reports === undefined) {
      const now = groupByFile(this.workspace.findings(), this.workspace.siteProblems());
      for (const [path, report] of now) {
        const before = this.#before.get(path);
        if (before !== undefined && saysTheSame(before, report)) now.set(path, before);
      }
      this.#reports = now;
      this.#before = now;
    }
    return this.#reports;
  }
}

/** A finding that says the same is the same. */
function saysTheSame(a: FileReport, b: FileReport): boolean {
  return sameItems(a.findings, b.findings) && sameItems(a.problems, b.problems);
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

function groupByFile(findings: readonly Finding[], problems: readonly SiteProblem[]): Map<string, FileReport> {
  const reports = new Map<string, { findings: Finding[]; problems: SiteProblem[] }>();
  const reportOf = (path: string) => {
    let report = reports.get(path);
    if (report === undefined) {
      report = { findings: [], problems: [] };
      reports.set(path, report);
    }
    return report;
  };
  for (const finding of findings) reportOf(finding.file).findings.push(finding);
  for (const problem of problems) reportOf(problem.file).problems.push(problem);
  return reports;
}
