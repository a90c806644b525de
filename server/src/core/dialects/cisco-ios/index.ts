import type { SourceFile } from '../../text/source-file.js';
import { releaseCodes } from '../common/codes.js';
import { splitStatements } from '../common/line-statements.js';
import type { Dialect, Reading } from '../dialect.js';
import { aclConverterOf, convert } from './convert.js';
import type { Trace } from './cut.js';
import { detect } from './detect.js';
import { extract } from './extract.js';
import { reread, traceOf } from './reread.js';
import { writer } from './write.js';

/** What reading a file again takes, for as long as its reading is of use. */
const traces = new WeakMap<Reading, Trace>();

/** Cisco IOS and IOS-XE. */
export const ciscoIos: Dialect = {
  id: 'cisco-ios',
  name: 'Cisco IOS',
  comment: '!',
  deviceIs: 'file',
  detect,
  read(file: SourceFile, fallbackName: string): Reading {
    return readAnew(file, fallbackName).reading;
  },
  reread(before: Reading, file: SourceFile, fallbackName: string): Reading | undefined {
    const trace = traces.get(before);
    if (trace === undefined) return undefined;
    const again = reread({ reading: before, trace }, file, fallbackName, (part) => {
      const { reading, trace } = readAnew(part, fallbackName);
      return trace === undefined ? undefined : { reading, trace };
    });
    if (again === undefined) return undefined;
    traces.set(again.reading, again.trace);
    return again.reading;
  },
  write: writer,
};

function readAnew(file: SourceFile, fallbackName: string): { reading: Reading; trace: Trace | undefined } {
  const statements = splitStatements(file);
  const extraction = extract(file, statements);
  const converter = aclConverterOf(extraction.reader);
  const reading = { file, statements, device: convert(extraction.reader, fallbackName, converter) };
  releaseCodes(extraction.reader.codes);
  const trace = traceOf(extraction, converter.inOrder);
  if (trace !== undefined) traces.set(reading, trace);
  return { reading, trace };
}
