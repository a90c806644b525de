import type { PhraseTable } from './vocabulary.js';

/**
 * What stands around a configuration in a terminal capture or a backup: commands of the session, and
 * the first lines of their output.
 */
export const CAPTURE: PhraseTable = {
  ignored: {
    '': '[ok] copy disable enable logout more ping show using write',
    building: 'configuration...',
    compressed: 'configuration',
    conf: 't',
    configure: 'memory network replace terminal',
    current: 'configuration',
    last: 'configuration',
    load: 'for',
    nvram: 'config',
    terminal: 'length no width',
    time: 'source',
    uncompressed: 'configuration',
    user: 'access',
  },
  unmodelled: {},
};
