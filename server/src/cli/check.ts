import { LEVELS, type Report } from '../core/report.js';
import type { CheckCommand, FailOn } from './arguments.js';
import type { Environment } from './environment.js';
import { diskTree } from './files/disk-tree.js';
import type { FileTree } from './files/tree.js';
import { type Loaded, loadSets } from './load.js';
import { mergeReports } from './merge-reports.js';
import { isBinary, notAnalysedLines, requireConfigurations } from './not-analysed.js';
import { terminalOf, wantsColour, writeError, writeOut } from './output.js';
import { ExitCode } from './problem.js';

/**
 * Judges configurations and prints the report.
 * @throws {Problem} where nothing can be judged
 */
export async function check(command: CheckCommand, environment: Environment): Promise<ExitCode> {
  const { paths, site, staged } = command;
  const { progress } = environment;
  const tree = staged ? await stagedTree(environment.cwd) : diskTree;
  const loaded = loadSets({ ...environment, paths, site, tree, wholeSets: staged });
  const report = mergeReports(
    loaded.sets.map(({ workspace, displayOf }, index) => {
      progress.step('proving fixes', index, loaded.sets.length);
      return { report: workspace.report(), displayOf };
    }),
  );
  progress.end();
  for (const line of notAnalysedLines(loaded.notAnalysed)) writeError(`advisory-lens: ${line}`);
  requireConfigurations(loaded, paths, staged);
  const code = exitCodeOf(report, loaded, command.failOn);
  // Whoever reads only the beginning (`| head`) still gets the code.
  process.exitCode = code;
  await writeOut(await formatted(command, report, loaded));
  if (report.verdicts.length === 0) writeError(`advisory-lens: ${noSegment(loaded)}`);
  return code;
}

async function stagedTree(cwd: string): Promise<FileTree> {
  const { stagedTree } = await import('./files/staged-tree.js');
  return stagedTree(cwd);
}

async function formatted(command: CheckCommand, report: Report, loaded: Loaded): Promise<string> {
  if (command.format === 'json') {
    const { formatJson } = await import('./formats/json.js');
    return formatJson(report, loaded.notAnalysed);
  }
  const { formatPretty } = await import('./formats/pretty/index.js');
  const { isTerminal, width } = terminalOf('stdout');
  const binaries = loaded.notAnalysed.filter(isBinary).length;
  return formatPretty(report, {
    sourceOf: (path) => loaded.sets.map(({ sources }) => sources.get(path)).find((source) => source !== undefined),
    colour: wantsColour(isTerminal, process.env),
    width,
    notAnalysed: { files: loaded.notAnalysed.length - binaries, binaries },
  });
}

/** What was asked for and not analysed weighs most; then the findings; then what may have been missed. */
function exitCodeOf(report: Report, loaded: Loaded, failOn: FailOn): ExitCode {
  const weights = new Set(loaded.notAnalysed.map(({ weight }) => weight));
  if (weights.has('named')) return ExitCode.unusable;
  if (fails(report, failOn)) return ExitCode.findings;
  return weights.has('grave') || report.verdicts.length === 0 ? ExitCode.unusable : ExitCode.clean;
}

function fails(report: Report, failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  return report.findings.some(({ level }) => LEVELS.indexOf(level) <= LEVELS.indexOf(failOn));
}

function noSegment({ sets }: Loaded): string {
  const sites = sets.flatMap(({ site }) => (site === undefined ? [] : [site]));
  return sites.length === 0
    ? 'No VLAN or interface looks like one of medical devices, so no segment was judged. Name it in an advisory-lens.json beside the configurations: {"segments": [{"name": "monitors", "vlans": [210]}]}'
    : `No configuration has a segment of ${sites.join(', ')}, so none was judged.`;
}
