export type Topic = 'general' | 'check' | 'trace' | 'lsp';

const GENERAL = `Advisory Lens finds the line of a configuration that lets a device VLAN reach
the addresses of a security advisory, and proves the edit that stops it.

Usage: advisory-lens <command> [options]

Commands:
  check [PATH...]   judge configurations and print what is wrong with them
  trace [PATH...]   send packets through configurations and print what becomes of them
  lsp --stdio       run the language server, for editors

Options:
  -h, --help        this text; after a command, that command's
  -V, --version     the version

Examples:
  advisory-lens check configs/
  advisory-lens check --staged
  advisory-lens check --format json configs/ > report.json

Exit codes:
  0  nothing at or above the level of --fail-on
  1  something at or above it
  2  wrong usage, a bad site file, or something that could not be analysed
  3  a bug of this program

Nothing leaves this machine: the program makes no network calls.
`;

const CHECK = `Judges configurations: can a device VLAN reach the addresses of an advisory?

Usage: advisory-lens check [options] [PATH...]

A PATH is a file, a folder or a quoted glob; without one it is the current folder.
The nearest advisory-lens.json, from each file upwards, says which VLANs are under
review. Files with the same one are judged together, as one network.

Options:
      --format pretty|json         for people (default) or for programs
      --fail-on error|warning|never
                                   the level from which the exit code is 1
                                   (default: error)
      --site FILE                  use this site file, for all paths
      --staged                     judge what is staged in git, not the files on disk
  -h, --help                       this text

Environment:
  NO_COLOR=1, FORCE_COLOR=1        without colours; with them, even into a file

Examples:
  advisory-lens check core1.cfg edge1.cfg
  advisory-lens check --fail-on warning 'configs/**/*.cfg'
  advisory-lens check --staged
`;

const TRACE = `Sends packets through configurations, one by one, and prints what becomes of each.

Usage: advisory-lens trace [options] --from PLACE --packets FILE [PATH...]

Options:
      --from SEGMENT|DEVICE:INTERFACE
                        where the packets enter: a segment's name, or an interface
      --packets FILE|-  the packets, one JSON object a line; - is the standard input
      --site FILE       use this site file, for all paths
  -h, --help            this text

A packet:
  {"protocol":"tcp","source":"10.20.10.5","sourcePort":40000,
   "destination":"202.114.4.119","destinationPort":515}
  For ICMP: "icmpType", "icmpCode". Optional: "tcpFlags":["syn"], "state":"established".

Each packet gives one line, in the same order:
  {"disposition":"leaves","device":"edge1","interface":"outside","trace":[...]}
A packet that cannot be traced gives {"error":"..."}, and the exit code is 2.

Example:
  advisory-lens trace configs/ --from core1:Vlan210 --packets packets.jsonl
`;

const LSP = `Runs the language server. Editors start it; it speaks LSP on its standard streams.

Usage: advisory-lens lsp --stdio
`;

const TEXTS: Readonly<Record<Topic, string>> = { general: GENERAL, check: CHECK, trace: TRACE, lsp: LSP };

export function helpText(topic: Topic): string {
  return TEXTS[topic];
}
