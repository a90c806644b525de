import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './expected.js';

let packed: string | undefined;

/** The extension as it is published, packed from the sources of now. */
export function vsix(): string {
  packed ??= join(
    ROOT,
    execFileSync('npm', ['run', '--silent', 'package'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n').at(-1) ??
      '',
  );
  return packed;
}
