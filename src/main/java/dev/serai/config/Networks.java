package dev.serai.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Addresses and networks as a setting lists them: {@code 10.0.0.5, 10.1.0.0/16, fd00::/8}. */
public final class Networks {
    /** Nothing that could be a name: nobody is asked what it means. */
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");

    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    private final List<Block> blocks;

    /** @param bytes 4 or 16 @param free how many of the last bits may be anything */
    private record Block(BigInteger prefix, int bytes, int free) {
        boolean holds(byte[] address) {
            return address.length == bytes
                    && new BigInteger(1, address).shiftRight(free).equals(prefix);
        }
    }

    private Networks(List<Block> blocks) {
        this.blocks = blocks;
    }

    /** Empty when the text is no such list; a list of nothing holds nobody. */
    public static Optional<Networks> read(String text) {
        var blocks = new ArrayList<Block>();
        for (String entry : text.isBlank() ? new String[0] : text.split(",", -1)) {
            Optional<Block> block = block(entry.strip());
            if (block.isEmpty()) {
                return Optional.empty();
            }
            blocks.add(block.get());
        }
        return Optional.of(new Networks(List.copyOf(blocks)));
    }

    private static Optional<Block> block(String entry) {
        String[] parts = entry.split("/", -1);
        Optional<byte[]> first = bytes(parts[0]);
        if (first.isEmpty() || parts.length > 2 || parts.length == 2 && !parts[1].matches("\\d{1,3}")) {
            return Optional.empty();
        }
        int bits = first.get().length * 8;
        int fixed = parts.length == 2 ? Integer.parseInt(parts[1]) : bits;
        return fixed > bits
                ? Optional.empty()
                : Optional.of(new Block(
                        new BigInteger(1, first.get()).shiftRight(bits - fixed), first.get().length, bits - fixed));
    }

    /** Whether it is an address: digits, and no name. */
    public static boolean isAddress(String text) {
        return bytes(text).isPresent();
    }

    /** Whether this address is among them; what is no address is not. */
    public boolean has(String address) {
        return bytes(address)
                .filter(bytes -> blocks.stream().anyMatch(block -> block.holds(bytes)))
                .isPresent();
    }

    /**
     * Of whom something counts that comes from an address. Whoever has one of IPv6 has 2^64 of them: there it is the network, a
     * {@code /64}, that counts. What is no address is as it is.
     */
    public static String subscriber(String address) {
        Optional<byte[]> known = bytes(address.replaceFirst("%.*", ""));
        if (known.isEmpty()) {
            return address;
        }
        byte[] all = known.get();
        return all.length == 4
                ? IntStream.range(0, 4)
                        .mapToObj(i -> Integer.toString(all[i] & 0xff))
                        .collect(Collectors.joining("."))
                : HexFormat.of().formatHex(all, 0, 8) + "/64";
    }

    /** Four, or sixteen; an IPv4 address in the form of IPv6 is what it stands for. */
    private static Optional<byte[]> bytes(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
