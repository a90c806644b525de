/** The most VLANs that there can be. */
export const MAX_VLAN = 4094;

/** The VLANs of `10,20-30`; undefined where it is no such list. */
export function vlanList(text: string): number[] | undefined {
  const vlans: number[] = [];
  for (const part of text.split(',')) {
    const range = /^\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?$/.exec(part.slice(0, 32));
    if (range === null) return undefined;
    const first = Number(range[1]);
    const last = range[2] === undefined ? first : Number(range[2]);
    if (last > MAX_VLAN || first > last || vlans.length > MAX_VLAN) return undefined;
    for (let vlan = first; vlan <= last; vlan += 1) vlans.push(vlan);
  }
  return vlans;
}
