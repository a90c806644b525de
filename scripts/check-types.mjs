/**
 * Type-checks every part with its own tsconfig, side by side: each sees only the globals that its
 * place has (none in the core, Node's on the command line, a worker's in the browser).
 */
import { spawn } from 'node:child_process';

const PROJECTS = [
  'server/src/core',
  'server/src/lsp',
  'server/src/node',
  'server/src/browser',
  'server/src/cli',
  'client',
  'client/tsconfig.web.json',
  'test',
  'bench',
];

/** @param {string} project @returns {Promise<{ project: string, code: number | null, output: string }>} */
function check(project) {
  return new Promise((resolve) => {
    const tsc = spawn(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project, '--pretty', 'false']);
    let output = '';
    tsc.stdout.on('data', (chunk) => (output += chunk));
    tsc.stderr.on('data', (chunk) => (output += chunk));
    tsc.on('close', (code) => resolve({ project, code, output }));
  });
}

for (const { project, code, output } of await Promise.all(PROJECTS.map(check))) {
  if (code === 0) continue;
  process.exitCode = 1;
  console.error(`${project}:\n${output}`);
}
