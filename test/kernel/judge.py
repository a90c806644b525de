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

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
ICMP, TCP, UDP, GRE, SCTP, UDPLITE = 1, 6, 17, 47, 132, 136
PORTED = (TCP, UDP, SCTP, UDPLITE)
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


# Packets


def ip_packet(ident, protocol, src, dst, body):
    head = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(body), ident, 0, 64, protocol, 0, src, dst)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def payload_of(ident, src, dst, protocol, sport, dport, icmp_type, icmp_code, flags):
    tag = struct.pack("!4sHH", b"lens", ident, 0)
    if protocol == TCP:
        body = struct.pack("!HHIIBBHHH", sport, dport, 1000, 2000 if flags & 16 else 0, 0x50, flags, 8192, 0, 0) + tag
        return with_checksum(body, 16, pseudo_header(src, dst, protocol, len(body)))
    if protocol == UDP:
        body = struct.pack("!HHHH", sport, dport, 16, 0) + tag
        return with_checksum(body, 6, pseudo_header(src, dst, protocol, len(body)))
    if protocol == UDPLITE:
        body = struct.pack("!HHHH", sport, dport, 0, 0) + tag
        return with_checksum(body, 6, pseudo_header(src, dst, protocol, len(body)))
    if protocol == ICMP:
        return with_checksum(struct.pack("!BBHHH", icmp_type, icmp_code, 0, ident, 1) + tag, 2, b"")
    if protocol == SCTP:
        init = struct.pack("!BBHIIHHI", 1, 0, 20, 7, 65536, 1, 1, 1)
        body = struct.pack("!HHII", sport, dport, 0, 0) + init
        return body[:8] + struct.pack("<I", crc32c(body)) + body[12:]
    if protocol == GRE:
        return struct.pack("!HH", 0, 0x0800) + tag
    return struct.pack("!HH", sport, dport) + tag + tag


def pseudo_header(src, dst, protocol, length):
    return struct.pack("!IIBBH", src, dst, 0, protocol, length)


def with_checksum(body, at, before):
    return body[:at] + struct.pack("!H", checksum(before + body) or 0xFFFF) + body[at + 2 :]


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def crc32c(data):
    """The checksum of SCTP (RFC 9260, appendix A), which the kernel checks."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC32C[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def crc32c_row(value):
    for _ in range(8):
        value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    return value


CRC32C = [crc32c_row(value) for value in range(256)]


# Connection tracking, through ctnetlink (linux/netfilter/nfnetlink_conntrack.h)

NESTED = 0x8000
CT_NEW, CT_DELETE = 0x0100, 0x0102
REQUEST, ACK, EXCLUSIVE, CREATE = 0x1, 0x4, 0x200, 0x400
TUPLE_ORIG, TUPLE_REPLY, STATUS, PROTOINFO, TIMEOUT = 1, 2, 3, 4, 7
SEEN_REPLY, ASSURED, CONFIRMED = 2, 4, 8
TCP_ESTABLISHED = 3
ICMP_REPLIES = {8: 0, 13: 14, 15: 16, 17: 18, 0: 8, 14: 13, 16: 15, 18: 17}


class Tracking:
    """The connections of this namespace."""

    def __init__(self):
        self.netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
        self.netlink.bind((0, 0))

    def add(self, key, protocol, icmp_type):
        """Adds a connection that both sides have spoken on."""
        attributes = attribute(TUPLE_ORIG | NESTED, tuple_attributes(key))
        attributes += attribute(TUPLE_REPLY | NESTED, tuple_attributes(reversed_tuple(key)))
        attributes += attribute(STATUS, struct.pack("!I", SEEN_REPLY | ASSURED | CONFIRMED))
        attributes += attribute(TIMEOUT, struct.pack("!I", 600))
        if protocol == TCP:
            state = attribute(1 | NESTED, attribute(1, bytes([TCP_ESTABLISHED])))
            attributes += attribute(PROTOINFO | NESTED, state)
        elif protocol == SCTP:
            state = attribute(1, bytes([4])) + attribute(2, bytes(4)) + attribute(3, bytes(4))
            attributes += attribute(PROTOINFO | NESTED, attribute(3 | NESTED, state))
        code = self.ask(CT_NEW, CREATE | EXCLUSIVE, attributes)
        if code != 0:
            raise SetupError(f"a connection of protocol {protocol} cannot be added: {os.strerror(code)}")

    def delete(self, key):
        self.ask(CT_DELETE, 0, attribute(TUPLE_ORIG | NESTED, tuple_attributes(key)))

    def ask(self, kind, flags, attributes):
        message = struct.pack("=BBH", socket.AF_INET, 0, 0) + attributes
        header = struct.pack("=IHHII", 16 + len(message), kind, REQUEST | ACK | flags, 1, 0)
        self.netlink.send(header + message)
        answer = self.netlink.recv(65536)
        return -struct.unpack_from("=i", answer, 16)[0]

    def count(self):
        try:
            with open("/proc/sys/net/netfilter/nf_conntrack_count") as file:
                return int(file.read())
        except FileNotFoundError:
            return 0


def tuple_of(ident, src, dst, protocol, sport, dport, icmp_type, icmp_code):
    if protocol == ICMP:
        return (src, dst, protocol, ident, icmp_type, icmp_code)
    if protocol in PORTED:
        return (src, dst, protocol, sport, dport, 0)
    return (src, dst, protocol, 0, 0, 0)


def reversed_tuple(key):
    src, dst, protocol, first, second, third = key
    if protocol == ICMP:
        return (dst, src, protocol, first, ICMP_REPLIES.get(second, second), third)
    return (dst, src, protocol, second, first, 0)


def tuple_attributes(key):
    src, dst, protocol, first, second, third = key
    addresses = attribute(1, struct.pack("!I", src)) + attribute(2, struct.pack("!I", dst))
    proto = attribute(1, bytes([protocol]))
    if protocol == ICMP:
        proto += attribute(4, struct.pack("!H", first)) + attribute(5, bytes([second])) + attribute(6, bytes([third]))
    elif protocol in PORTED or protocol == GRE:
        proto += attribute(2, struct.pack("!H", first)) + attribute(3, struct.pack("!H", second))
    return attribute(1 | NESTED, addresses) + attribute(2 | NESTED, proto)


def attribute(kind, value):
    padding = -len(value) % 4
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(padding)


if __name__ == "__main__":
    main()
