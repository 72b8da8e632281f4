package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.Parser;
import dev.serai.library.LibraryFolder;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Microseconds a record takes, on one core, once warm: {@code java -cp target/test-classes:target/classes:target/lib/*
 * dev.serai.mapping.MappingSpeed}. Not a test: a machine that does other things gives other figures.
 */
public final class MappingSpeed {
    private static final int ROUNDS = 7;
    private static final long NANOS_A_ROUND = 700_000_000L;

    private MappingSpeed() {}

    private interface Work {
        Object run();
    }

    public static void main(String[] args) throws Exception {
        var library = LibraryFolder.read(Path.of("mappings"), name -> Optional.empty());
        JsonNode contact =
                new ObjectMapper().readTree(Files.readAllBytes(Path.of("mappings/hubspot/samples/contact.json")));
        JsonNode order =
                new ObjectMapper().readTree(Files.readAllBytes(Path.of("mappings/shopify/samples/orders.create.json")));
        Mapping twenty = Mapping.parse(
                "twenty", Files.readString(Path.of("src/test/resources/speed/twenty.yaml")), n -> Optional.empty());
        JsonNode lead = new ObjectMapper().readTree(Files.readString(Path.of("src/test/resources/speed/lead.json")));
        Expression jslt = Parser.compileString(Files.readString(Path.of("src/test/resources/speed/twenty.jslt")));
        measure("twenty fields: phone, date, table, condition", () -> twenty.apply(lead));
        measure("the same in plain JSLT, phone as it comes", () -> jslt.apply(lead));
        measure("hubspot/contact-to-contact", () -> library.mapping("hubspot/contact-to-contact")
                .orElseThrow()
                .apply(contact));
        measure(
                "shopify/order-to-order",
                () -> library.mapping("shopify/order-to-order").orElseThrow().apply(order));
    }

    /** Of this thread alone, so that what else the machine does counts less. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void measure(String name, Work work) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long begin = cpu();
            long times = 0;
            while (cpu() - begin < NANOS_A_ROUND) {
                for (int i = 0; i < 100; i++) {
                    if (work.run() == null) {
                        throw new IllegalStateException(name);
                    }
                }
                times += 100;
            }
            best = Math.min(best, (cpu() - begin) / 1_000.0 / times);
        }
        System.out.printf("%-50s %6.2f µs %,10.0f a second%n", name, best, 1_000_000 / best);
    }
}
