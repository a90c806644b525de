#!/usr/bin/env python3
"""The Linux kernel as judge of packets.

Reads jobs as JSON lines from stdin and answers each with one JSON line on stdout. A job is one
router: it gets a network namespace of its own with one TAP device for each interface, the job's
routes and rules are loaded by the real tools, and each packet is written into its ingress TAP. The
kernel forwards within that write(2), so what the packet became can be read at once from the TAPs:
nothing waits and nothing times out.

Job:
  interfaces   [{"name", "addresses": ["10.0.0.1/24", ...]}]
  commands     lines for `ip -batch` (routes, rules), run when the interfaces are up
  sysctls      {"net/ipv4/ip_forward": "1", ...}, over the ones set here
  loads        [{"tool": "iptables-legacy-restore" | ... , "args": [...], "input": text}], in order
  packets      [[in, src, dst, protocol, sport, dport, icmp type, icmp code, tcp flags, state], ...]
               addresses as unsigned numbers, `in` as an index of interfaces, state 0 new, 1 established
  lookups      [arguments of `ip route get`, ...]
  dumps        [argv, ...], run when all is loaded; their output is answered
Answer:
  verdicts     for each packet ["forwarded", interface, src, dst, sport, dport] | ["local"] |
               ["rejected", how] | ["dropped"]
  lookups      for each what `ip route get` prints; null where it finds no way
  dumps        [{"code", "out", "err"}]
  error        instead of all others: what could not be set up, in words

A connection never outlives its packet: after each one its entry is deleted from connection tracking
by its original tuple, so packets may repeat. The entry of a packet of an established connection is
put there just before the packet is sent, through ctnetlink, as if both sides had spoken already.

What is delivered to the router itself is found by a set: a table of nftables' own adds the IP
identification, by which packets are told apart, of all that meets the input hook.
"""

import ctypes
import errno
import fcntl
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys

# The modules beside this one leave nothing in their folder.
sys.dont_write_bytecode = True

from packets import ICMP, PORTED, TCP, ip_packet, payload_of  # noqa: E402
from tracking import Tracking, tuple_of  # noqa: E402

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
JOB_SECONDS = 120

SYSCTLS = {
    "net/ipv6/conf/all/disable_ipv6": "1",
    "net/ipv6/conf/default/disable_ipv6": "1",
    "net/ipv4/ip_forward": "1",
    "net/ipv4/conf/all/rp_filter": "0",
    "net/ipv4/conf/default/rp_filter": "0",
    "net/ipv4/conf/all/send_redirects": "0",
    "net/ipv4/conf/default/send_redirects": "0",
    "net/ipv4/icmp_ratelimit": "0",
    "net/ipv4/icmp_msgs_per_sec": "1000000",
    "net/netfilter/nf_conntrack_tcp_be_liberal": "1",
}

LOCAL_TABLE = """
table ip judge_of_packets {
  set local { typeof ip id; flags dynamic; size 65535; }
  chain input { type filter hook input priority -2000000000; policy accept; add @local { ip id } drop; }
}
"""


class SetupError(Exception):
    """The job cannot be set up; the message says why, in the tool's words."""


def main():
    for line in sys.stdin:
        job = json.loads(line)
        sys.stdout.write(json.dumps(judge_apart(job), separators=(",", ":")) + "\n")
        sys.stdout.flush()


def judge_apart(job):
    """Judges in a child, which alone enters the new namespace; the namespace dies with it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(JOB_SECONDS)
        try:
            answer = judge(job)
        except SetupError as error:
            answer = {"error": str(error)}
        except BaseException as error:  # the parent must hear of everything
            answer = {"error": f"{type(error).__name__}: {error}"}
        with os.fdopen(writing, "w") as pipe:
            pipe.write(json.dumps(answer))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {"error": "the judging process died or took too long"}


def judge(job):
    unshare()
    for name, value in {**SYSCTLS, **job.get("sysctls", {})}.items():
        set_sysctl(name, value)
    taps = [make_tap(iface["name"]) for iface in job["interfaces"]]
    names = [iface["name"] for iface in job["interfaces"]]
    batch = ["link set dev lo up"]
    for iface in job["interfaces"]:
        batch.append(f"link set dev {iface['name']} arp off up")
        batch.extend(f"addr add {address} dev {iface['name']}" for address in iface.get("addresses", []))
    batch.extend(job.get("commands", []))
    run(["ip", "-batch", "-"], "\n".join(batch) + "\n")
    for load in job.get("loads", []):
        run([load["tool"], *load.get("args", [])], load["input"])
    answer = {"dumps": [attempt(argv) for argv in job.get("dumps", [])]}
    packets = job.get("packets", [])
    if packets:
        run(["nft", "-f", "-"], LOCAL_TABLE)
        macs = [hardware_address(name) for name in names]
        answer["verdicts"] = Injector(names, taps, macs).judge_all(packets)
    answer["lookups"] = look_up(job.get("lookups", []))
    return answer


def unshare():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise SetupError(f"unshare: {os.strerror(ctypes.get_errno())}")


def set_sysctl(name, value):
    try:
        with open(f"/proc/sys/{name}", "w") as file:
            file.write(value)
    except FileNotFoundError:
        pass  # the kernel was built without the feature
    except PermissionError:
        pass  # not of a namespace in this kernel, and the outer one is left alone


def make_tap(name):
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return tap


def hardware_address(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        answer = fcntl.ioctl(probe, 0x8927, struct.pack("16s24x", name.encode()))
    return answer[18:24]


def run(argv, text):
    done = subprocess.run(argv, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise SetupError(f"{' '.join(argv)}: {(done.stderr or done.stdout).strip()[:2000]}")


def attempt(argv):
    done = subprocess.run(argv, capture_output=True, text=True)
    return {"code": done.returncode, "out": done.stdout, "err": done.stderr}


def look_up(lookups):
    """One run of ip for all: it says on stderr which lines failed, and prints a line for each of the others."""
    if not lookups:
        return []
    lines = "".join(f"route get {args}\n" for args in lookups)
    done = subprocess.run(["ip", "-o", "-force", "-batch", "-"], input=lines, capture_output=True, text=True)
    failed = {int(number) for number in re.findall(r"Command failed -:(\d+)", done.stderr)}
    found = iter(done.stdout.splitlines())
    return [None if at + 1 in failed else next(found) for at in range(len(lookups))]


class Injector:
    """Sends packets into the TAPs of this namespace and reads what becomes of them."""

    def __init__(self, names, taps, macs):
        self.names = names
        self.taps = taps
        self.macs = macs
        self.tracking = Tracking()

    def judge_all(self, packets):
        if len(packets) > 65000:
            raise SetupError("more packets than IP identifications")
        self.drain()
        verdicts = [self.judge_one(index + 1, packet) for index, packet in enumerate(packets)]
        local = local_ids()
        for index, verdict in enumerate(verdicts):
            if index + 1 in local and verdict[0] != "forwarded":
                verdicts[index] = ["local"]
        if self.tracking.count() != 0:
            raise SetupError(f"{self.tracking.count()} connections outlived their packets")
        return verdicts

    def judge_one(self, ident, packet):
        ingress, src, dst, protocol, sport, dport, icmp_type, icmp_code, flags, state = packet
        body = payload_of(ident, src, dst, protocol, sport, dport, icmp_type, icmp_code, flags)
        frame = self.macs[ingress] + b"\x02\x00\x00\x00\x00\x01\x08\x00" + ip_packet(ident, protocol, src, dst, body)
        key = tuple_of(ident, src, dst, protocol, sport, dport, icmp_type, icmp_code)
        if state:
            self.tracking.add(key, protocol, icmp_type)
        try:
            os.write(self.taps[ingress], frame)
        except OSError as error:
            raise SetupError(f"{self.names[ingress]}: {error}")
        verdict = ["dropped"]
        for name, tap in zip(self.names, self.taps):
            for answer in frames_of(tap):
                seen = read_answer(answer, ident, protocol, icmp_type, len(frame), src, dst)
                if seen == "forwarded":
                    verdict = ["forwarded", name, *addresses_of(answer, protocol)]
                elif seen is not None and verdict[0] == "dropped":
                    verdict = ["rejected", seen]
        self.tracking.delete(key)
        return verdict

    def drain(self):
        for tap in self.taps:
            for _ in frames_of(tap):
                pass


def frames_of(tap):
    while True:
        try:
            yield os.read(tap, 65536)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno == errno.EIO:  # the interface is down
                return
            raise


def read_answer(frame, ident, protocol, icmp_type, length, src, dst):
    """What a frame from a TAP says of the packet that was just sent: `forwarded`, how it was refused, or nothing."""
    if len(frame) < 34 or frame[12:14] != b"\x08\x00":
        return None
    proto = frame[23]
    body = 14 + (frame[14] & 15) * 4
    same = struct.unpack_from("!H", frame, 18)[0] == ident and proto == protocol and len(frame) == length
    if same and (proto != ICMP or frame[body] == icmp_type):
        return "forwarded"
    if proto == ICMP and frame[body] in (3, 11) and struct.unpack_from("!H", frame, body + 12)[0] == ident:
        return f"icmp {frame[body]} {frame[body + 1]}"
    if proto == TCP and protocol == TCP and frame[body + 13] & 4 and frame[30:34] == struct.pack("!I", src):
        return "reset"
    return None


def addresses_of(frame, protocol):
    src, dst = struct.unpack_from("!II", frame, 26)
    if protocol not in PORTED:
        return [src, dst, 0, 0]
    return [src, dst, *struct.unpack_from("!HH", frame, 14 + (frame[14] & 15) * 4)]


def local_ids():
    listing = json.loads(attempt(["nft", "-j", "list", "set", "ip", "judge_of_packets", "local"])["out"])
    elements = listing["nftables"][1]["set"].get("elem", [])
    return {element["elem"]["val"] if isinstance(element, dict) else element for element in elements}


if __name__ == "__main__":
    main()
