import type { OptionReader } from './rule-reader.js';
import { addressTerms, isUntold } from './values.js';

/** Interfaces that are named without a wildcard, and not only as what does not count, are there. */
function interfaceTest(kind: 'in' | 'out'): OptionReader {
  return (rule) => {
    const name = rule.value();
    if (name === undefined || name === '' || isUntold(name)) return false;
    if (name === '+') {
      // One backend takes `! -i +` as no test at all, the other as one that never holds.
      if (rule.negated) rule.doubt(`! ${kind === 'in' ? '-i' : '-o'} +`);
      return true;
    }
    const isPrefix = name.endsWith('+');
    // The star is the model's wildcard and no sign of iptables; a name that long is refused.
    if (name.includes('*') || name.length > 16) return false;
    if (!isPrefix && !rule.negated) {
      if (rule.ifaces.length === 0) rule.ifaces = [];
      rule.ifaces.push(rule.named());
    }
    rule.tests.push({ kind, names: [isPrefix ? `${name.slice(0, -1)}*` : name], negated: rule.negated });
    return true;
  };
}

function addressTest(field: 'src' | 'dst'): OptionReader {
  return (rule) => {
    const text = rule.value();
    if (text === undefined) return false;
    if (text.includes(':') && /^[\da-fA-F:.]+(?:\/\d+)?$/.test(text)) {
      // An IPv6 address: the rule is not for the packets that are asked about.
      rule.never = true;
      return true;
    }
    const terms = addressTerms(text);
    if (terms === undefined) return false;
    rule.address(field, terms);
    return true;
  };
}

function skipping(count: number): OptionReader {
  return (rule) => {
    for (let at = 0; at < count; at += 1) rule.value();
    return true;
  };
}

/** Options of iptables itself. */
export const GENERAL: ReadonlyMap<string, OptionReader> = new Map<string, OptionReader>([
  ...alike(['-p', '--protocol', '--proto'], (rule) => {
    const text = rule.value();
    return text !== undefined && rule.setProtocol(text);
  }),
  ...alike(['-s', '--source', '--src'], addressTest('src')),
  ...alike(['-d', '--destination', '--dst'], addressTest('dst')),
  ...alike(['-i', '--in-interface'], interfaceTest('in')),
  ...alike(['-o', '--out-interface'], interfaceTest('out')),
  ...alike(['-m', '--match'], (rule) => {
    const name = rule.value();
    if (name === undefined || rule.negated || isUntold(name)) return false;
    rule.load(name);
    return true;
  }),
  ...alike(['-j', '--jump'], (rule) => {
    const name = rule.value();
    return name !== undefined && rule.jump(name, false);
  }),
  ...alike(['-g', '--goto'], (rule) => {
    const name = rule.value();
    return name !== undefined && rule.jump(name, true);
  }),
  // Fragments behind the first are outside of what is asked about.
  ...alike(['-f', '--fragment', '--fragments'], (rule) => {
    if (!rule.negated) rule.never = true;
    return true;
  }),
  ...alike(['-c', '--set-counters'], skipping(2)),
  ...alike(['-4', '--ipv4', '-v', '--verbose', '-n', '--numeric', '-x', '--exact', '--line-numbers'], skipping(0)),
  ...alike(['-6', '--ipv6'], (rule) => {
    rule.never = true;
    return true;
  }),
  ...alike(['-w', '--wait', '-W', '--wait-interval'], (rule) => {
    if (/^\d+$/.test(rule.peek() ?? '')) rule.value();
    return true;
  }),
]);

function alike(names: readonly string[], reader: OptionReader): (readonly [string, OptionReader])[] {
  return names.map((name) => [name, reader] as const);
}
