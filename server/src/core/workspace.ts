import type { Advisory } from './advisories/advisory.js';
import { builtinAdvisory, DEFAULT_ADVISORIES } from './advisories/builtin.js';
import { buildNetwork, type Network, type Node } from './dataplane/network.js';
import { DIALECTS } from './dialects/registry.js';
import { FileSet } from './file-set.js';
import { propose } from './fixes/propose.js';
import { prove } from './fixes/prove.js';
import { hoverAt } from './inspect/hover.js';
import { definitionsOf, nameAt, usesOfName } from './inspect/names.js';
import { symbolsOf } from './inspect/symbols.js';
import { type VlanAt, vlanAt } from './inspect/vlan-at.js';
import { KeptFindings } from './kept-findings.js';
import type { Reading } from './model/reading.js';
import { evaluate } from './reachability/evaluate.js';
import type {
  FileSymbol,
  Finding,
  Fix,
  PacketInput,
  Report,
  ReportHop,
  ReportRange,
  SiteProblem,
  TraceOutput,
} from './report.js';
import { fatesAt } from './review/aliases.js';
import { NodeCache } from './review/devices.js';
import { countedFates } from './review/inbound.js';
import { Places } from './review/places.js';
import { readAdvisory } from './review/read-advisory.js';
import { reportHops, reportSegment, reportVerdict } from './review/report-of.js';
import { type Review, review } from './review/review.js';
import { readSite, type Site, wiringOf } from './review/site-file.js';
import { folderOf, matchesGlobs } from './review/site-paths.js';
import { trace } from './review/trace.js';
import { RULES } from './rules/index.js';
import type { Problem } from './rules/rule.js';
import { mergeInsertions } from './text/edit.js';
import { SourceFile } from './text/source-file.js';
import type { FileSummary, WorkspaceApi } from './workspace-api.js';
import { byPlace, compare, fileOf, reportEdit, sameFinding, siteProblem } from './workspace-report.js';

export { DIALECTS } from './dialects/registry.js';
export type { VlanAt } from './inspect/vlan-at.js';
export type { FileSymbol, SiteProblem } from './report.js';
export { WorkspaceError } from './review/trace.js';
export type { FileSummary, WorkspaceApi } from './workspace-api.js';

/** Everything that one state of the files gives. */
interface Answers {
  readonly review: Review;
  readonly places: Places;
  readonly findings: readonly Finding[];
  readonly problems: ReadonlyMap<Finding, Problem>;
}

interface SiteState {
  readonly file: SourceFile;
  readonly site: Site | undefined;
  readonly problems: readonly SiteProblem[];
}

/** The façade of the core. */
export class Workspace implements WorkspaceApi {
  readonly #files: FileSet;
  readonly #advisoryFiles = new Map<
    string,
    { readonly file: SourceFile; readonly advisory: Advisory | undefined; readonly problems: readonly SiteProblem[] }
  >();
  readonly #nodes = new NodeCache();
  readonly #kept = new KeptFindings();
  #site: SiteState | undefined;
  #advisories: readonly Advisory[] | undefined;
  #network: Network | undefined;
  #answers: Answers | undefined;
  #before: Review | undefined;

  /** @param rootName what the folder is called that paths without a folder are in: a device may be named after it */
  constructor(rootName?: string) {
    this.#files = new FileSet(rootName);
  }

  setFile(path: string, text: string, options: { readonly dialect?: string } = {}): void {
    if (this.#files.set(path, text, options.dialect)) this.#changed();
  }

  removeFile(path: string): void {
    if (this.#files.delete(path)) this.#changed();
  }

  setSite(path: string | undefined, text: string): void {
    if (path === undefined) {
      this.#site = undefined;
    } else {
      const file = new SourceFile(path, text);
      const known = { rules: RULES.map((rule) => rule.id), dialects: DIALECTS.map((dialect) => dialect.id) };
      const { site, problems } = readSite(path, text, known);
      this.#site = { file, site, problems: problems.map((problem) => siteProblem(file, problem)) };
    }
    this.#files.setSite(this.#site?.site, folderOf(path ?? ''));
    this.#changed();
    this.#advisories = undefined;
    this.#before = undefined;
  }

  setAdvisoryFile(path: string, text: string): void {
    const file = new SourceFile(path, text);
    const { advisory, problems } = readAdvisory(path, text);
    this.#advisoryFiles.set(path, { file, advisory, problems: problems.map((problem) => siteProblem(file, problem)) });
    this.#advisories = undefined;
    this.#changed();
  }

  removeAdvisoryFile(path: string): void {
    this.#advisoryFiles.delete(path);
    this.#advisories = undefined;
    this.#changed();
  }

  siteProblems(): readonly SiteProblem[] {
    const own = this.#site?.problems ?? [];
    const advisoryProblems = [...this.#advisoryFiles.values()].flatMap((one) => one.problems);
    return [...own, ...advisoryProblems, ...this.#missingAdvisories()];
  }

  siteGlobs(): { readonly configs: readonly string[] | undefined; readonly advisories: readonly string[] } {
    const site = this.#site?.site;
    const named = (site?.advisories ?? []).map(({ value }) => value);
    return { configs: site?.configs, advisories: named.filter((name) => !name.startsWith('builtin:')) };
  }

  source(path: string): SourceFile | undefined {
    return this.#files.files.get(path);
  }

  fileSummary(path: string): FileSummary | undefined {
    const reading = this.#files.readingOf(path);
    if (reading === undefined) return undefined;
    const node = this.#nodeOf(path);
    const words = this.#isJudged()
      ? this.#answer()
          .review.verdicts.filter(({ flow, member }) => flow.direction === 'to-destinations' && member.node === node)
          .map((verdict) => verdict.word)
      : [];
    const worst = (['reachable', 'possible', 'blocked'] as const).find((word) => words.includes(word));
    return { ...fileOf(reading, node), ...(worst === undefined ? {} : { verdict: worst }) };
  }

  findings(): readonly Finding[] {
    return this.#isJudged() ? this.#answer().findings : [];
  }

  fixesOf(finding: Finding): readonly Fix[] {
    if (!this.#isJudged()) return [];
    const answers = this.#answer();
    const problem = answers.problems.get(finding) ?? answers.problems.get(sameFinding(answers.findings, finding));
    return problem === undefined ? [] : this.#fixes(answers, problem);
  }

  report(): Report {
    const files = this.#files.paths.flatMap((path) => {
      const reading = this.#files.readingOf(path);
      return reading === undefined ? [] : [fileOf(reading, this.#nodeOf(path))];
    });
    files.sort((a, b) => compare(a.path, b.path));
    if (!this.#isJudged()) return { version: 1, segments: [], verdicts: [], findings: [], files };
    const answers = this.#answer();
    const { review: asked, places, findings, problems } = answers;
    return {
      version: 1,
      segments: asked.segments.map(reportSegment),
      verdicts: [...asked.verdicts, ...asked.byOtherNames].map((verdict) => reportVerdict(verdict, places)),
      findings: findings.map((finding) => {
        const problem = problems.get(finding);
        return problem === undefined ? finding : { ...finding, fixes: this.#fixes(answers, problem) };
      }),
      files,
    };
  }

  trace(from: string, packet: PacketInput): TraceOutput {
    const { review: asked, places } = this.#answer();
    return trace(asked.network, asked.segments, from, packet, places);
  }

  symbols(path: string): readonly FileSymbol[] {
    const reading = this.#files.readingOf(path);
    return reading === undefined ? [] : symbolsOf(reading, this.#places());
  }

  hover(
    path: string,
    line: number,
    column: number,
  ): { readonly range: ReportRange; readonly markdown: string } | undefined {
    const reading = this.#files.readingOf(path);
    const node = this.#nodeOf(path);
    if (reading === undefined || node === undefined || !this.#isJudged()) return undefined;
    const { review: asked, places } = this.#answer();
    const hover = hoverAt(asked, node, reading.file, reading.file.offsetAt({ line, column }));
    return hover === undefined ? undefined : { range: places.range(path, hover), markdown: hover.markdown };
  }

  definition(path: string, line: number, column: number): readonly ReportRange[] {
    return this.#named(path, line, column, definitionsOf);
  }

  references(path: string, line: number, column: number): readonly ReportRange[] {
    return this.#named(path, line, column, usesOfName);
  }

  vlanAt(path: string, line: number, column: number): VlanAt | undefined {
    const reading = this.#files.readingOf(path);
    const device = this.#nodeOf(path)?.device;
    if (reading === undefined || device === undefined) return undefined;
    return vlanAt(device, path, reading.file.offsetAt({ line, column }));
  }

  replay(): readonly { readonly verdict: number; readonly replays: boolean; readonly trace: readonly ReportHop[] }[] {
    const { review: asked, places } = this.#answer();
    return [...asked.verdicts, ...asked.byOtherNames].flatMap((verdict, at) =>
      (['leaves', 'delivered'] as const).flatMap((outcome) => {
        const through = verdict[outcome];
        if (through === undefined || (!through.witnessed && !through.certain)) return [];
        const { node, iface } = verdict.member;
        const all = evaluate(asked.network, node, iface, through.witness);
        const fates =
          verdict.aliases === undefined ? countedFates(verdict.flow, verdict.segment, all) : fatesAt(verdict.flow, all);
        const arrives = fates.filter((fate) => fate.disposition === outcome);
        // What surely gets through, and may do so either way, counts as leaving.
        const gettingThrough = fates.filter(
          ({ disposition }) => disposition === outcome || (outcome === 'leaves' && disposition === 'delivered'),
        );
        const replays = arrives.length > 0 && (!through.certain || gettingThrough.length === fates.length);
        return [{ verdict: at, replays, trace: reportHops(through.fate, places) }];
      }),
    );
  }

  #changed(): void {
    this.#before = this.#answers?.review ?? this.#before;
    this.#answers = undefined;
    this.#network = undefined;
  }

  /** With a problem in the site file or an advisory nothing is judged, because what is left out would look clean. */
  #isJudged(): boolean {
    return this.siteProblems().length === 0;
  }

  #missingAdvisories(): SiteProblem[] {
    const state = this.#site;
    return (state?.site?.advisories ?? []).flatMap(({ value, span }) => {
      if (state === undefined) return [];
      const known = value.startsWith('builtin:')
        ? builtinAdvisory(value) !== undefined
        : this.#advisoryPaths(value).length > 0;
      const message = value.startsWith('builtin:')
        ? `"${value}" is not built in. Built in are: ${DEFAULT_ADVISORIES.join(', ')}.`
        : `No file matches "${value}". Advisory files are looked for from the folder of the site file.`;
      return known ? [] : [siteProblem(state.file, { ...span, message })];
    });
  }

  #advisoryPaths(glob: string): string[] {
    const folder = folderOf(this.#site?.file.path ?? '');
    return [...this.#advisoryFiles.keys()].filter((path) => matchesGlobs(path, folder, [glob])).sort(compare);
  }

  #activeAdvisories(): readonly Advisory[] {
    this.#advisories ??= this.#namedAdvisories();
    return this.#advisories;
  }

  #namedAdvisories(): Advisory[] {
    const names = this.#site?.site?.advisories?.map(({ value }) => value) ?? DEFAULT_ADVISORIES;
    const advisories = names.flatMap((name) => {
      if (name.startsWith('builtin:')) return builtinAdvisory(name) ?? [];
      return this.#advisoryPaths(name).flatMap((path) => this.#advisoryFiles.get(path)?.advisory ?? []);
    });
    return [...new Set(advisories)];
  }

  #currentNetwork(): Network {
    this.#network ??= buildNetwork(
      this.#nodes.nodesOf(this.#files.devices(this.#files.readings())),
      wiringOf(this.#site?.site),
    );
    return this.#network;
  }

  #nodeOf(path: string): Node | undefined {
    return this.#currentNetwork().nodes.find((node) => node.device.files.includes(path));
  }

  #places(): Places {
    const files = new Map(this.#files.files);
    if (this.#site !== undefined) files.set(this.#site.file.path, this.#site.file);
    return new Places(files);
  }

  #answer(): Answers {
    this.#answers ??= this.#ask();
    return this.#answers;
  }

  #ask(): Answers {
    const input = {
      site: this.#site?.site,
      advisories: this.#activeAdvisories(),
      network: this.#currentNetwork(),
      readings: this.#files.readings(),
      files: this.#files.files,
    };
    const asked = review(input, this.#before);
    const places = this.#places();
    const problems = this.#kept.answer(asked, places);
    const findings = [...problems.keys()].sort(byPlace);
    return { review: asked, places, findings, problems };
  }

  /** The remedies of a problem that can be written here and prove. */
  #fixes({ review: asked, places }: Answers, problem: Problem): Fix[] {
    const [verdict] = problem.verdicts;
    if (verdict === undefined) return [];
    return problem.remedies.flatMap((remedy): Fix[] => {
      const proposal = propose(asked, remedy, { advisory: verdict.advisory.id, flow: verdict.flow });
      if (proposal === undefined) return [];
      const proof = prove(asked, proposal, verdict.flow, problem.verdicts, (readings) =>
        this.#rebuild(asked, readings),
      );
      if (!proof.closes || !proof.changesOnly) return [];
      const edits = mergeInsertions(proposal.edits).map((edit) => reportEdit(edit, places));
      return [{ id: proposal.id, title: proposal.title, edits, proof }];
    });
  }

  /** The same questions to other texts, none of them answered yet. */
  #rebuild(asked: Review, readings: ReadonlyMap<string, Reading>): Review {
    const cache = this.#nodes;
    const network = buildNetwork(cache.nodesOf(this.#files.devices(readings)), wiringOf(asked.site));
    return { ...review({ ...asked, network, readings, advisories: [] }), advisories: asked.advisories };
  }

  #named(path: string, line: number, column: number, find: typeof definitionsOf): readonly ReportRange[] {
    const reading = this.#files.readingOf(path);
    const device = this.#nodeOf(path)?.device;
    if (reading === undefined || device === undefined) return [];
    const name = nameAt(device, path, reading.file.offsetAt({ line, column }));
    const places = this.#places();
    return name === undefined ? [] : find(device, name).map((origin) => places.exact(origin.file, origin));
  }
}
