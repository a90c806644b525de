/**
 * Packs the extension as advisory-lens-VERSION.vsix, and fails unless it holds exactly what it should.
 *
 * vsce is no dependency: it is larger than all of them together, and pre-commit would install it too.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const VSCE = '@vscode/vsce@3.9.2';
const EXPECTED = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/client.js',
  'dist/client.web.js',
  'dist/server.js',
  'dist/server.web.js',
  'images/icon.png',
  'package.json',
  'schemas/advisory-lens.schema.json',
  'syntaxes/cisco-ios.language-configuration.json',
  'syntaxes/cisco-ios.tmLanguage.json',
  'syntaxes/iptables.language-configuration.json',
  'syntaxes/iptables.tmLanguage.json',
  'syntaxes/nftables.language-configuration.json',
  'syntaxes/nftables.tmLanguage.json',
];

/** @param {string[]} args */
function vsce(args) {
  return execFileSync('npx', ['--yes', VSCE, ...args], { encoding: 'utf8', shell: process.platform === 'win32' });
}

const listed = vsce(['ls', '--no-dependencies'])
  .split(/\r?\n/)
  .filter((line) => line !== '')
  .sort();
const missing = EXPECTED.filter((path) => !listed.includes(path));
const surplus = listed.filter((path) => !EXPECTED.includes(path));
if (missing.length > 0 || surplus.length > 0) {
  console.error(
    `The .vsix would lack: ${missing.join(', ') || 'nothing'}. It would hold besides: ${surplus.join(', ') || 'nothing'}.`,
  );
  process.exit(1);
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const file = `advisory-lens-${version}.vsix`;
vsce(['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file]);
console.log(file);
