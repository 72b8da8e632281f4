package dev.serai.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Events of one measurement, numbered without gaps: whole requests rendered and signed in advance, the idempotency key
 * each must be delivered with, which were acknowledged, and when each arrived. Every fifth is a customer, the others
 * are leads. A delivery is one POST to the sink, or as many steps as the flow has, in their order. One thread marks acknowledgements and one (the sink's) arrivals; read both when the load has ended.
 */
final class Batch {
    private static final String AT = "2026-11-21T10:00:00Z";

    final long first;
    final int size;
    /** POSTs an event becomes, numbered from 1. */
    final int steps;

    private byte[] requests = new byte[0];
    private final int[] ends;
    private final long[] keys;
    private final byte[] acknowledged;
    private final long[] arrived;
    private final byte[] stepsDone;
    private final int[] effects;
    private int acks;

    private volatile int delivered;
    private volatile int repeated;
    private volatile long lastNew;

    private Batch(long first, int size, int steps) {
        this.first = first;
        this.size = size;
        this.steps = steps;
        this.effects = new int[steps];
        this.stepsDone = new byte[size];
        this.ends = new int[size];
        this.keys = new long[2 * size];
        this.acknowledged = new byte[size];
        this.arrived = new long[size];
    }

    /** Renders {@code size} requests for events {@code first} and following, signed with {@code secret}. */
    static Batch render(Target target, String secret, long first, int size, int steps) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(US_ASCII), "HmacSHA256"));
            String head = "POST " + target.path() + " HTTP/1.1\r\nHost: " + target.host() + ":" + target.port()
                    + "\r\nContent-Type: application/json\r\nX-Signature: ";
            return new Batch(first, size, steps).fill((n, key) -> {
                String body = body(n);
                String signature = HexFormat.of().formatHex(mac.doFinal(body.getBytes(US_ASCII)));
                return head + signature + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Renders what a hub must make of the events: the deliveries themselves, to try the sink without a hub. */
    static Batch deliveries(long first, int size) {
        return new Batch(first, size, 1).fill((n, key) -> {
            String body =
                    "{\"email\":\"user" + n + "@example.com\",\"merge_fields\":{\"FNAME\":\"Ann\",\"LNAME\":\"Lee\","
                            + "\"PHONE\":\"(415) 555-0100\"},\"status\":\"subscribed\",\"idempotency_key\":\""
                            + HexFormat.of().formatHex(key) + "\"}";
            return "POST /lists/" + (customer(n) ? "customers" : "leads") + " HTTP/1.1\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
        });
    }

    private interface Writer {
        /** The whole request, all ASCII, for event {@code n} with its idempotency key. */
        String request(long n, byte[] key);
    }

    private Batch fill(Writer writer) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            byte[] out = new byte[size * 480];
            int at = 0;
            for (int i = 0; i < size; i++) {
                byte[] hash = sha256.digest(("crm_c-" + (first + i) + "_" + AT).getBytes(US_ASCII));
                byte[] request = writer.request(first + i, hash).getBytes(US_ASCII);
                if (at + request.length > out.length) {
                    out = Arrays.copyOf(out, out.length + out.length / 4 + 4096);
                }
                System.arraycopy(request, 0, out, at, request.length);
                at += request.length;
                ends[i] = at;
                var key = ByteBuffer.wrap(hash);
                keys[2 * i] = key.getLong();
                keys[2 * i + 1] = key.getLong();
            }
            requests = out;
            return this;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String body(long n) {
        return "{\"id\":\"c-" + n + "\",\"updated_at\":\"" + AT + "\",\"properties\":{\"email\":\"  User" + n
                + "@Example.COM \",\"firstname\":\"Ann\",\"lastname\":\"Lee\",\"phone\":\"(415) 555-0100\","
                + "\"country\":\"United States\",\"lifecyclestage\":\"" + (customer(n) ? "customer" : "lead") + "\"}}";
    }

    static boolean customer(long n) {
        return n % 5 == 4;
    }

    /** The bytes of request {@code i}, ready to be written. */
    ByteBuffer request(int i) {
        int from = i == 0 ? 0 : ends[i - 1];
        return ByteBuffer.wrap(requests, from, ends[i] - from);
    }

    /** Gives the memory of the requests back; what was acknowledged and delivered stays. */
    void forgetRequests() {
        requests = new byte[0];
    }

    void acknowledge(int i) {
        acknowledged[i] = 1;
        acks++;
    }

    boolean holds(long n) {
        return n >= first && n < first + size;
    }

    /**
     * Notes the arrival of a step; an event has arrived when all its steps have.
     *
     * @return false when the key (its first 128 bits) is not the one event {@code n} must carry, there is no such step,
     *     or the step before has not arrived yet
     */
    boolean arrive(long n, int step, long keyHigh, long keyLow, long now) {
        int i = (int) (n - first);
        if (keys[2 * i] != keyHigh || keys[2 * i + 1] != keyLow || step < 1 || step > steps) {
            return false;
        }
        int before = stepsDone[i];
        int done = before | 1 << step - 1;
        if (done == before) {
            repeated = repeated + 1;
            return true;
        }
        stepsDone[i] = (byte) done;
        effects[step - 1]++;
        if (done == (1 << steps) - 1) {
            arrived[i] = now;
            lastNew = now;
            delivered = delivered + 1; // one writer; volatile so that the waiting thread sees it and what came before
        }
        return (done & done + 1) == 0; // no gap below
    }

    /** Events for which a step has arrived. @param step from 1 */
    int effects(int step) {
        return delivered >= 0 ? effects[step - 1] : 0;
    }

    int acks() {
        return acks;
    }

    int delivered() {
        return delivered;
    }

    int repeated() {
        return repeated;
    }

    /** {@link System#nanoTime()} of the last event that arrived for the first time. */
    long lastNew() {
        return lastNew;
    }

    /** {@link System#nanoTime()} at which event {@code i} arrived first, or 0. */
    long arrivedAt(int i) {
        return arrived[i];
    }

    /** Events that were acknowledged and did not arrive. */
    int lost() {
        int lost = 0;
        for (int i = 0; i < size && delivered >= 0; i++) {
            lost += acknowledged[i] == 1 && arrived[i] == 0 ? 1 : 0;
        }
        return lost;
    }
}
