"""The packets that judge.py sends: an IPv4 header and what the protocol wants behind it, checksums right."""

import struct

ICMP, TCP, UDP, GRE, SCTP, UDPLITE = 1, 6, 17, 47, 132, 136
PORTED = (TCP, UDP, SCTP, UDPLITE)


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
