/**
 * Writes the pages that are made from the code: a page for each rule, the list of rules, what the
 * dialects know, and the example's output in the README. `npm run docs` writes them; a test fails
 * where a page is not what this file would write.
 *
 * Made text stands in whole pages, or in hand-written ones between `<!-- made: NAME -->` and
 * `<!-- end -->`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { KNOWN } from '../server/src/core/dialects/cisco-ios/known/tables.js';
import type { Words } from '../server/src/core/dialects/cisco-ios/known/vocabulary.js';
import { MODULES as IPTABLES_MATCHES } from '../server/src/core/dialects/linux-iptables/matches/index.js';
import { FIELDS as NFTABLES_FIELDS } from '../server/src/core/dialects/linux-nftables/fields.js';
import type { Finding } from '../server/src/core/report.js';
import { RULES } from '../server/src/core/rules/index.js';
import { SourceFile } from '../server/src/core/text/source-file.js';
import { Workspace } from '../server/src/core/workspace.js';
import { allFiles, type Fixture, readFixtures } from '../test/fixtures/support/suites.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RULE_SOURCES = 'server/src/core/rules';
const RULE_FIXTURES = 'test/fixtures/rules';
/** The headings that a rule's doc comment must have, in this order, after what it says. */
const WRITTEN_HEADINGS = ['Why it matters', 'How to fix', 'Options'];
/** How the finding begins that the README shows. */
const EXCERPT = 'error[target-reachable]: Packets from patient-monitors';

/** Path to text, for every page that holds made text. */
export function madePages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  for (const { id } of RULES) pages.set(`docs/rules/${id}.md`, rulePage(id));
  pages.set('docs/rules/README.md', ruleList());
  pages.set('docs/dialects/cisco-ios.md', withMade('docs/dialects/cisco-ios.md', { unmodelled: unmodelledLines }));
  const iptables = 'docs/dialects/linux-iptables.md';
  pages.set(iptables, withMade(iptables, { 'iptables-matches': iptablesMatches }));
  const nftables = 'docs/dialects/linux-nftables.md';
  pages.set(nftables, withMade(nftables, { 'nftables-fields': nftablesFields }));
  pages.set('docs/example.md', examplePage('examples/hospital', 'The example hospital'));
  pages.set(
    'docs/example-ward-gateway.md',
    examplePage('examples/ward-gateway', 'The example ward gateway', WARD, 'nftables.conf'),
  );
  pages.set('docs/example-campus.md', examplePage('examples/campus', 'The example campus', CAMPUS));
  pages.set('README.md', withMade('README.md', { 'example-output': exampleExcerpt }));
  return pages;
}

/** What a rule's doc comment says: the text before the first heading, and the text under each. */
export interface RuleText {
  readonly intro: string;
  readonly sections: ReadonlyMap<string, string>;
}

/** @throws {Error} where the file does not begin with a doc comment that has the headings. */
export function ruleText(rule: string): RuleText {
  const source = readFileSync(join(ROOT, RULE_SOURCES, `${rule}.ts`), 'utf8');
  const comment = /\/\*\*\n([\s\S]*?)\n \*\//.exec(source)?.[1];
  if (comment === undefined) throw new Error(`The rule ${rule} has no doc comment.`);
  const text = comment.replace(/^ \* ?/gm, '');
  const [intro = '', ...parts] = text.split(/^## /m);
  const sections = new Map<string, string>();
  for (const part of parts) {
    const end = part.indexOf('\n');
    sections.set(part.slice(0, end).trim(), part.slice(end).trim());
  }
  const headings = [...sections.keys()];
  if (headings.join() !== WRITTEN_HEADINGS.join()) {
    throw new Error(`The doc comment of ${rule} has the headings [${headings}], not [${WRITTEN_HEADINGS}].`);
  }
  return { intro: intro.trim(), sections };
}

function rulePage(rule: string): string {
  const { intro, sections } = ruleText(rule);
  const section = (heading: string, body: string) => `## ${heading}\n\n${body}\n`;
  return [
    `<!-- Made by scripts/docs.ts from ${RULE_SOURCES}/${rule}.ts and ${RULE_FIXTURES}/${rule}. -->\n`,
    `# ${rule}\n`,
    section('What it says', intro),
    section('Why it matters', sections.get('Why it matters') ?? ''),
    section('Example (fires)', example(rule, 'fires')),
    section('Example (quiet)', example(rule, 'quiet')),
    section('How to fix', sections.get('How to fix') ?? ''),
    section('Options', sections.get('Options') ?? ''),
  ].join('\n');
}

/** A fixture of the rule as the page shows it, with what the program really says of it. */
function example(rule: string, name: 'fires' | 'quiet'): string {
  const fixture = fixtures().find((one) => one.name === `${rule}/${name}.cfg`);
  if (fixture === undefined) throw new Error(`There is no fixture ${RULE_FIXTURES}/${rule}/${name}.cfg.`);
  const workspace = new Workspace();
  if (fixture.site !== undefined) workspace.setSite(fixture.site.path, fixture.site.text);
  for (const file of fixture.files) workspace.setFile(file.path, file.text);
  // A router this small is open from outside, which is the matter of one page.
  const findings = workspace.findings().filter((one) => one.rule !== 'target-inbound' || rule === one.rule);
  const config = fixture.files.map((file) => fence('text', withoutSettings(file.text))).join('\n');
  const site = fixture.site === undefined ? '' : `\n${fence('json', fixture.site.text)}`;
  const says =
    findings.length === 0 ? 'Nothing is found.' : fence('text', findings.map((one) => said(fixture, one)).join('\n\n'));
  return `${config}${name === 'fires' || rule === 'segment-unmatched' ? site : ''}\n${says}`.trimEnd();
}

let fixturesOnce: Fixture[] | undefined;
function fixtures(): Fixture[] {
  fixturesOnce ??= readFixtures(join(ROOT, RULE_FIXTURES));
  return fixturesOnce;
}

/** A finding under the line that it is about. */
function said(fixture: Fixture, finding: Finding): string {
  const file = allFiles(fixture).find(({ path }) => path === finding.file);
  const line = new SourceFile(finding.file, file?.text ?? '').lineText(finding.line - 1).trim();
  return `${line}\n  ${finding.level}: ${finding.message}`;
}

function fence(language: string, body: string): string {
  return `\`\`\`${language}\n${body.trimEnd()}\n\`\`\`\n`;
}

function withoutSettings(text: string): string {
  return text.replace(/^! site: .*\n/m, '').replaceAll('\r', '');
}

function ruleList(): string {
  const rows = RULES.map(({ id, level }) => {
    const first = ruleText(id).intro.split(/(?<=\.)\s/)[0] ?? '';
    return `| [${id}](${id}.md) | ${level} | ${first.replaceAll('\n', ' ')} |`;
  });
  return [
    '<!-- Made by scripts/docs.ts. -->\n',
    '# Rules\n',
    'What the levels mean for the exit code: [before each commit](../pre-commit.md). What a verdict means:',
    '[semantics](../semantics.md).\n',
    '| rule | level | what it says |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** A hand-written page with its made parts replaced. */
function withMade(path: string, makers: Readonly<Record<string, () => string>>): string {
  const page = readFileSync(join(ROOT, path), 'utf8');
  return page.replace(/(<!-- made: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, start: string, name: string, end) => {
    const make = makers[name];
    if (make === undefined) throw new Error(`${path}: nothing makes "${name}".`);
    return `${start}${make()}${end}`;
  });
}

/** The lines that are known to matter and are not modelled, by the place that they stand in. */
function unmodelledLines(): string {
  const rows = Object.entries(KNOWN).flatMap(([context, tables]) => {
    const phrases = new Set(tables.flatMap(({ unmodelled }) => phrasesOf(unmodelled)));
    return phrases.size === 0 ? [] : [`| ${context} | ${[...phrases].sort().join(', ')} |`];
  });
  return `\n| in | lines |\n|---|---|\n${rows.join('\n')}\n\n`;
}

function phrasesOf(words: Words): string[] {
  return Object.entries(words).flatMap(([prefix, lasts]) =>
    lasts
      .trim()
      .split(/\s+/)
      .map((last) => `\`${prefix === '' ? last : `${prefix} ${last}`}\``),
  );
}

/** The matches of iptables whose answer can be told, and their options. */
function iptablesMatches(): string {
  const rows = [...IPTABLES_MATCHES].map(([name, { options }]) => {
    const all = [...options.keys()].map((option) => `\`${option}\``).join(', ');
    return `| \`${name}\` | ${all} |`;
  });
  return `\n| match | options |\n|---|---|\n${rows.join('\n')}\n\n`;
}

/** The fields that nftables' rules may ask for, and the answer can be told, by the first word of their names. */
function nftablesFields(): string {
  const groups = new Map<string, string[]>();
  for (const name of NFTABLES_FIELDS.keys()) {
    const first = name.split(' ')[0] ?? name;
    groups.set(first, [...(groups.get(first) ?? []), `\`${name}\``]);
  }
  const rows = [...groups].map(([first, names]) => `| ${first} | ${names.join(', ')} |`);
  return `\n| of | fields |\n|---|---|\n${rows.join('\n')}\n\n`;
}

/** What `check` says of an example, as a terminal without colours shows it. */
function exampleOutput(folder: string): string {
  const run = spawnSync(process.execPath, ['dist/cli.js', 'check', folder], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (run.status !== 1) throw new Error(`${folder} ended with ${run.status}, not 1:\n${run.stderr}`);
  return run.stdout;
}

/** The README's choice of the output: the finding of one segment, and the end. */
function exampleExcerpt(): string {
  const paragraphs = exampleOutput('examples/hospital').split(/\n{2,}/);
  const finding = paragraphs.findIndex((text) => text.startsWith(EXCERPT));
  const end = paragraphs.findIndex((text) => text.startsWith('Segments\n'));
  if (finding === -1 || end === -1) throw new Error('The output of the example has no such part.');
  const gap = (from: number, to: number) => (to > from ? ['[...]'] : []);
  const shown = [...gap(0, finding), paragraphs[finding], ...gap(finding + 1, end), ...paragraphs.slice(end)];
  return `\n${fence('text', shown.join('\n\n'))}\n`;
}

/** What the ward gateway is about, and its rules, in full. */
const WARD = `One Linux box routes the VLANs of a ward, and filters with nftables. Its files stand in one folder, and are
one device.

- **patient-monitors**: the block for the advisory's network stands in the chain \`tracked\`, behind
  \`ct state new return\`. No new connection ever gets to it, and the monitors' own chain lets ports 80 and
  443 out to anywhere.
- **telemetry**: nobody has put VLAN 230 into the map of verdicts. Its packets fall through to the last rule.
- **infusion-pumps**: blocked, by a rule in the chain of their own.
`;

/** What the campus is about. */
const CAMPUS = `Seven files, six boxes, one way out: two cores that share their gateways' addresses by HSRP (\`core1\`,
\`core2\`), a zone-based firewall (\`fw1\`), the internet edge, which translates (\`edge1\`), a branch on a
leased line (\`branch1\`), and the Linux gateway of the biomedical laboratory (the folder \`lab-gw\`).

- **patient-monitors**: \`core1\` denies the advisory's network, \`core2\` does not. As long as \`core1\` is the
  active gateway nobody sees it; then comes a reload. The path is followed through the firewall's zones and
  the edge's translation, and the line to mend is the one on \`core2\`. In the branch the firewall lets
  nothing to the internet.
- **infusion-pumps**: blocked by both cores.
- **biomedical-lab**: blocked by its own gateway.
`;

/**
 * @param story what the example is about
 * @param shown the file that is shown with it
 */
function examplePage(folder: string, title: string, story?: string, shown?: string): string {
  const main = [
    ...(story === undefined ? [] : [story]),
    ...(shown === undefined ? [] : [fence('text', readFileSync(join(ROOT, folder, shown), 'utf8'))]),
  ];
  return [
    '<!-- Made by scripts/docs.ts. -->\n',
    `# ${title}\n`,
    ...main,
    `What \`npx advisory-lens check ${folder}\` prints, whole.\n`,
    fence('text', exampleOutput(folder)),
  ].join('\n');
}

function writePages(): void {
  for (const [path, text] of madePages()) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
  const known = new Set(['README.md', ...RULES.map(({ id }) => `${id}.md`)]);
  for (const name of readdirSync(join(ROOT, 'docs/rules'))) {
    if (!known.has(name)) console.error(`docs/rules/${name} belongs to no rule; delete it.`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writePages();
