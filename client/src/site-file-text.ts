import {
  type Edit,
  findNodeAtLocation,
  getNodeValue,
  modify,
  type Node,
  type ParseError,
  parseTree,
} from 'jsonc-parser';

export const SITE_FILE_NAME = 'advisory-lens.json';

/** What a new site file says; `vlans` are the VLAN ids of its one segment. */
export function starterText(vlans: readonly number[] = []): string {
  return `{
  // Which parts of the network hold medical devices. For each segment the review asks whether a
  // packet from it can reach the addresses of the advisory.
  "segments": [
    {
      "name": "patient-monitors",
      // Ids and ranges: [210, "300-309"]. Beside or in place of "vlans" there may be "subnets",
      // "interfaces" ("core1:Vlan210") and "zones".
      "vlans": [${vlans.join(', ')}]
    }
  ]
}
`;
}

/** The segments of a site file by name, in their order; undefined where it is no JSON object with a list of segments. */
export function segmentNames(text: string): readonly string[] | undefined {
  const root = parse(text);
  if (root?.type !== 'object') return undefined;
  const segments = findNodeAtLocation(root, ['segments']);
  if (segments === undefined) return [];
  if (segments.type !== 'array') return undefined;
  return (segments.children ?? []).map((_, index) => {
    const name = findNodeAtLocation(root, ['segments', index, 'name']);
    return typeof name?.value === 'string' ? name.value : `segment ${index + 1}`;
  });
}

/** The segment whose `vlans` hold a VLAN already, by its place; undefined where none does. */
export function segmentOfVlan(text: string, vlan: number): number | undefined {
  const root = parse(text);
  const segments = root && findNodeAtLocation(root, ['segments']);
  const index = (segments?.children ?? []).findIndex((segment) => {
    const vlans = findNodeAtLocation(segment, ['vlans']);
    return (vlans?.children ?? []).some((item) => covers(getNodeValue(item), vlan));
  });
  return index === -1 ? undefined : index;
}

/** The edits that add a VLAN to a segment, or to a new one where there is none; comments and layout stay. */
export function addVlan(text: string, segment: number, vlan: number): readonly Edit[] {
  const formattingOptions = formattingOf(text);
  const root = parse(text);
  const node = root && findNodeAtLocation(root, ['segments', segment]);
  if (node === undefined) {
    const added = { name: 'patient-monitors', vlans: [vlan] };
    const hasList = root !== undefined && findNodeAtLocation(root, ['segments']) !== undefined;
    return hasList
      ? modify(text, ['segments', -1], added, { formattingOptions, isArrayInsertion: true })
      : modify(text, ['segments'], [added], { formattingOptions });
  }
  const vlans = findNodeAtLocation(node, ['vlans']);
  if (vlans === undefined) return modify(text, ['segments', segment, 'vlans'], [vlan], { formattingOptions });
  return [insertIntoList(text, vlans, vlan)];
}

/** The offset where the next VLAN would be written: the end of the first list of VLANs, else of the segments, else 0. */
export function placeToWrite(text: string): number {
  const root = parse(text);
  if (root === undefined) return 0;
  const list = findNodeAtLocation(root, ['segments', 0, 'vlans']) ?? findNodeAtLocation(root, ['segments']) ?? root;
  return endOfItems(list);
}

function parse(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  return errors.length === 0 ? root : undefined;
}

/** Behind the last item, on its line: jsonc-parser itself would break a one-line list into lines. */
function insertIntoList(text: string, list: Node, value: number): Edit {
  const last = list.children?.at(-1);
  if (last === undefined) return { offset: list.offset + 1, length: 0, content: String(value) };
  const lineStart = text.lastIndexOf('\n', last.offset) + 1;
  const before = text.slice(lineStart, last.offset);
  const ownLine = before.trim() === '' && lineStart > list.offset;
  const separator = ownLine ? `,${text.includes('\r\n') ? '\r\n' : '\n'}${before}` : ', ';
  return { offset: last.offset + last.length, length: 0, content: `${separator}${value}` };
}

function endOfItems(list: Node): number {
  const last = list.children?.at(-1);
  return last === undefined ? list.offset + 1 : last.offset + last.length;
}

function covers(item: unknown, vlan: number): boolean {
  if (typeof item === 'number') return item === vlan;
  if (typeof item !== 'string') return false;
  const range = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(item);
  return range !== null && Number(range[1]) <= vlan && vlan <= Number(range[2] ?? range[1]);
}

function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
