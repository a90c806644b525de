import type { SourceFile } from '../../text/source-file.js';
import type { Evidence } from '../dialect.js';

export function detect(file: SourceFile): Evidence {
  return { score: /^\s*(?:interface|hostname|access-list|ip access-list)\s/m.test(file.text) ? 10 : 0 };
}
