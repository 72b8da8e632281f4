package dev.serai.connector;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * What an IP address is there for, by the registries of special addresses (IANA, RFC 6890 and its successors) and the
 * addresses at which clouds hand out the credentials of a machine.
 */
public enum AddressKind {
    /** Anybody's, on the open Internet. */
    PUBLIC("a public address"),
    /** This very machine. */
    LOOPBACK("a loopback address"),
    /** Somebody's own network. */
    PRIVATE("a private address"),
    /** Nothing that a vendor could answer at: metadata services, link-local, multicast, reserved or disguised addresses. */
    NEVER("a metadata, link-local, multicast or reserved address");

    private static final List<Block> BLOCKS = List.of(
            // clouds' own doors, before the wider blocks they lie in
            block("168.63.129.16/32", NEVER), // Azure
            block("100.100.100.200/32", NEVER), // Alibaba
            block("fd00:ec2::/32", NEVER), // AWS
            block("fd20:ce::/32", NEVER), // Google
            block("fd00:42::/32", NEVER), // Scaleway
            block("0.0.0.0/8", NEVER),
            block("10.0.0.0/8", PRIVATE),
            block("100.64.0.0/10", PRIVATE), // carriers' address translation
            block("127.0.0.0/8", LOOPBACK),
            block("169.254.0.0/16", NEVER), // link-local; 169.254.169.254 is the metadata service of most clouds
            block("172.16.0.0/12", PRIVATE),
            block("192.0.0.0/24", NEVER), // Oracle's metadata service is among them
            block("192.0.2.0/24", NEVER),
            block("192.88.99.0/24", NEVER),
            block("192.168.0.0/16", PRIVATE),
            block("198.18.0.0/15", PRIVATE),
            block("198.51.100.0/24", NEVER),
            block("203.0.113.0/24", NEVER),
            block("224.0.0.0/4", NEVER),
            block("240.0.0.0/4", NEVER),
            block("::1/128", LOOPBACK),
            block("fc00::/7", PRIVATE),
            block("fec0::/10", PRIVATE),
            block("2001::/23", NEVER), // Teredo and other protocols
            block("2001:db8::/32", NEVER),
            block("2002::/16", NEVER), // 6to4: an IPv4 address in disguise
            block("3fff::/20", NEVER));

    private static final Block ALL_IPV4 = block("0.0.0.0/0", PUBLIC);
    private static final Block GLOBAL_IPV6 = block("2000::/3", PUBLIC);
    /** How networks without IPv4 reach it (RFC 6052): what counts is the address inside. */
    private static final Block NAT64 = block("64:ff9b::/96", PUBLIC);

    private final String words;

    AddressKind(String words) {
        this.words = words;
    }

    public static AddressKind of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (NAT64.holds(bytes)) {
            return of(inside(bytes));
        }
        return BLOCKS.stream()
                .filter(block -> block.holds(bytes))
                .findFirst()
                .map(block -> block.kind)
                .orElse(ALL_IPV4.holds(bytes) || GLOBAL_IPV6.holds(bytes) ? PUBLIC : NEVER);
    }

    private static InetAddress inside(byte[] address) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address, 12, 16));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    String words() {
        return words;
    }

    private static Block block(String cidr, AddressKind kind) {
        try {
            String[] parts = cidr.split("/");
            byte[] first = InetAddress.getByName(parts[0]).getAddress();
            int free = first.length * 8 - Integer.parseInt(parts[1]);
            return new Block(new BigInteger(1, first).shiftRight(free), first.length, free, kind);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param bytes 4 or 16 @param free how many of the last bits may be anything */
    private record Block(BigInteger prefix, int bytes, int free, AddressKind kind) {
        boolean holds(byte[] address) {
            return address.length == bytes
                    && new BigInteger(1, address).shiftRight(free).equals(prefix);
        }
    }
}
