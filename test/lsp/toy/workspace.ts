import type { Finding, Fix, Report, ReportRange, TraceOutput } from '../../../server/src/core/report.js';
import { SourceFile } from '../../../server/src/core/text/source-file.js';
import type { FileSummary, FileSymbol, SiteProblem, WorkspaceApi } from '../../../server/src/core/workspace.js';

/**
 * A review set of toy configurations, to test the server without the analysis. It has what matters
 * to a server: findings that hang on other files, fixes, a site file, and bugs on demand.
 *
 *     hostname NAME     makes the file a configuration (so does the dialect "toy")
 *     open DOOR         an error, unless any file of the set holds `shut DOOR`
 *     via DOOR          is related to every `open DOOR`
 *     bug METHOD        makes that method throw an error that quotes the line
 */
export class ToyWorkspace implements WorkspaceApi {
  readonly #files = new Map<string, { source: SourceFile; dialect: string | undefined }>();
  readonly #advisories = new Map<string, string>();
  #site: { path: string; text: string } | undefined;

  setFile(path: string, text: string, options: { readonly dialect?: string } = {}): void {
    this.#files.set(path, { source: new SourceFile(path, text), dialect: options.dialect });
  }

  source(path: string): SourceFile | undefined {
    return this.#files.get(path)?.source;
  }

  removeFile(path: string): void {
    this.#files.delete(path);
  }

  setSite(path: string | undefined, text: string): void {
    this.#site = path === undefined ? undefined : { path, text };
  }

  setAdvisoryFile(path: string, text: string): void {
    this.#advisories.set(path, text);
  }

  removeAdvisoryFile(path: string): void {
    this.#advisories.delete(path);
  }

  siteProblems(): readonly SiteProblem[] {
    const { site } = this.#readSite();
    if (this.#site === undefined || site !== undefined) return [];
    return [{ file: this.#site.path, line: 1, column: 1, endLine: 1, endColumn: 2, message: 'This is no JSON.' }];
  }

  siteGlobs(): { configs: readonly string[] | undefined; advisories: readonly string[] } {
    const { site } = this.#readSite();
    return { configs: undefined, advisories: site?.advisories ?? [] };
  }

  #readSite(): { site: { advisories?: string[] } | undefined } {
    try {
      return { site: JSON.parse(this.#site?.text ?? '{}') };
    } catch {
      return { site: undefined };
    }
  }

  fileSummary(path: string): FileSummary | undefined {
    this.#fail('fileSummary');
    const name = this.#nameOf(path);
    if (name === undefined) return undefined;
    const { source } = this.#files.get(path) as { source: SourceFile };
    const verdict = this.#openDoors().some((place) => place.file === path) ? 'reachable' : 'blocked';
    const states = { modelled: source.lineCount, ignored: 0, unmodelled: 0, unknown: 0 };
    return { path, device: name, dialect: 'toy', lines: source.lineCount, states, verdict };
  }

  #nameOf(path: string): string | undefined {
    const file = this.#files.get(path);
    if (file === undefined) return undefined;
    return /^hostname (\S+)/m.exec(file.source.text)?.[1] ?? (file.dialect === 'toy' ? 'chosen' : undefined);
  }

  /** Every `WORD argument` of every configuration. */
  #places(word: string): (ReportRange & { argument: string })[] {
    return [...this.#files.values()].flatMap(({ source }) => {
      if (this.#nameOf(source.path) === undefined) return [];
      return [...source.text.matchAll(new RegExp(`^${word} (\\S+)`, 'gm'))].map((match) => {
        const { line } = source.positionAt(match.index);
        const range = { file: source.path, line, column: 1, endLine: line, endColumn: match[0].length + 1 };
        return { ...range, argument: match[1] as string };
      });
    });
  }

  #openDoors() {
    const shut = new Set(this.#places('shut').map(({ argument }) => argument));
    return this.#places('open').filter(({ argument }) => !shut.has(argument));
  }

  #fail(method: string): void {
    const bug = this.#places('bug').find(({ argument }) => argument === method);
    if (bug !== undefined) throw new TypeError(`secret text of ${bug.file}`);
  }

  findings(): readonly Finding[] {
    this.#fail('findings');
    if (this.#readSite().site === undefined) return [];
    return this.#openDoors().map(({ argument, ...range }) => ({
      ...range,
      rule: 'target-reachable',
      level: 'error',
      message: `The door ${argument} is open. Advisories: ${this.#advisories.size}.`,
      related: this.#places('via')
        .filter((via) => via.argument === argument)
        .map(({ argument: _, ...place }) => ({ ...place, message: 'it passes here' })),
      fixes: [],
    }));
  }

  fixesOf(finding: Finding): readonly Fix[] {
    this.#fail('fixesOf');
    const door = /The door (\S+)/.exec(finding.message)?.[1];
    const at = { file: finding.file, startLine: finding.line, startColumn: 1, endLine: finding.line, endColumn: 1 };
    const fix = (id: string, title: string, closes: boolean): Fix => ({
      id,
      title,
      edits: [{ ...at, newText: `shut ${door}\n` }],
      proof: { closes, changesOnly: true },
    });
    return [fix('block-in-filter', `Shut ${door}`, true), fix('null-route', `Pretend to shut ${door}`, false)];
  }

  report(): Report {
    return { version: 1, segments: [], verdicts: [], findings: this.findings(), files: [] };
  }

  trace(): TraceOutput {
    throw new Error('The toy traces nothing.');
  }

  symbols(path: string): readonly FileSymbol[] {
    const { source } = this.#files.get(path) ?? {};
    if (source === undefined || this.#nameOf(path) === undefined) return [];
    const whole = { file: path, line: 1, column: 1, endLine: source.lineCount + 1, endColumn: 1 };
    const device: FileSymbol = { name: 'device', detail: '', kind: 'device', range: whole, nameRange: whole };
    const doors = this.#places('open').filter(({ file }) => file === path);
    return [
      ...doors.map(
        ({ argument, ...range }): FileSymbol => ({
          name: `Vlan${argument.replace(/\D/g, '')}`,
          detail: argument,
          kind: 'interface',
          range,
          nameRange: range,
        }),
      ),
      device,
    ];
  }

  #doorAt(path: string, line: number): string | undefined {
    return [...this.#places('open'), ...this.#places('shut')].find(
      (place) => place.file === path && place.line === line,
    )?.argument;
  }

  hover(path: string, line: number, _column: number) {
    this.#fail('hover');
    const door = this.#doorAt(path, line);
    if (door === undefined) return undefined;
    return { range: { file: path, line, column: 1, endLine: line, endColumn: 5 }, markdown: `The door **${door}**` };
  }

  definition(path: string, line: number, _column: number): readonly ReportRange[] {
    const door = this.#doorAt(path, line);
    return this.#places('open')
      .filter(({ argument }) => argument === door)
      .map(({ argument: _, ...range }) => range);
  }

  references(path: string, line: number, _column: number): readonly ReportRange[] {
    const door = this.#doorAt(path, line);
    return this.#places('shut')
      .filter(({ argument }) => argument === door)
      .map(({ argument: _, ...range }) => range);
  }

  vlanAt(path: string, line: number) {
    const door = this.#doorAt(path, line);
    return door === undefined ? undefined : { vlan: Number(door), name: 'doors' };
  }

  replay() {
    return [];
  }
}
