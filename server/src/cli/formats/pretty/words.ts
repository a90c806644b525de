import type { ReportPacket } from '../../../core/report.js';
import { visible, widthOfText } from './cells.js';

/** `tcp from 10.20.10.5 port 40000 to 202.114.4.119 port 515`. */
export function packetInWords(packet: ReportPacket): string {
  const from = packet.sourcePort === undefined ? '' : ` port ${packet.sourcePort}`;
  const to = packet.destinationPort === undefined ? '' : ` port ${packet.destinationPort}`;
  const type = packet.icmpType === undefined ? '' : ` type ${packet.icmpType}`;
  const code = packet.icmpCode === undefined ? '' : ` code ${packet.icmpCode}`;
  return visible(`${packet.protocol}${type}${code} from ${packet.source}${from} to ${packet.destination}${to}`);
}

/** `1 file`, `3 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A safe text in lines of at most `width` columns, broken at blanks; a word that is longer stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const size = widthOfText(word);
    if (line !== '' && used + 1 + size > width) {
      lines.push(line);
      line = word;
      used = size;
    } else {
      used += (line === '' ? 0 : 1) + size;
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** The text, filled up with blanks to a number of columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOfText(text)));
}
