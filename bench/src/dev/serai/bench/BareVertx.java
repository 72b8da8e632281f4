package dev.serai.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;

/**
 * Baseline: the least an honest webhook door does. Vert.x takes the request, the signature over its bytes is checked, the
 * bytes are stored, then it is acknowledged. No key, no mapping, no delivery. Started as a process of its own: {@code
 * BareVertx PORT POOL each} gives every event an INSERT and a commit, {@code group} one to all that wait at a time. The
 * database and the secret come from the environment.
 */
final class BareVertx extends AbstractVerticle {
    private final int port;
    private final Function<byte[], CompletableFuture<Boolean>> store;
    private Mac mac;

    private BareVertx(int port, Function<byte[], CompletableFuture<Boolean>> store) {
        this.port = port;
        this.store = store;
    }

    public static void main(String[] args) {
        boolean group = args[2].equals("group");
        int pool = group ? GroupInserts.WRITERS : Integer.parseInt(args[1]);
        var config = new HikariConfig();
        config.setJdbcUrl(System.getenv("BENCH_JDBC_URL"));
        config.setUsername(System.getenv("BENCH_DB_USER"));
        config.setPassword(System.getenv("BENCH_DB_PASSWORD"));
        config.setMaximumPoolSize(pool);
        var database = new HikariDataSource(config);
        Function<byte[], CompletableFuture<Boolean>> store =
                group ? new GroupInserts(database)::store : each(database, pool);
        Vertx.vertx()
                .deployVerticle(
                        () -> new BareVertx(Integer.parseInt(args[0]), store),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .onFailure(problem -> {
                    System.err.println(problem);
                    System.exit(1);
                });
    }

    @Override
    public void start() throws GeneralSecurityException {
        mac = Mac.getInstance("HmacSHA256"); // used by this verticle's event loop alone
        mac.init(new SecretKeySpec(System.getenv("BENCH_SECRET").getBytes(US_ASCII), "HmacSHA256"));
        vertx.createHttpServer().requestHandler(this::take).listen(port, "127.0.0.1");
    }

    private void take(HttpServerRequest request) {
        request.bodyHandler(buffer -> {
            byte[] body = buffer.getBytes();
            if (!signed(request.getHeader("X-Signature"), body)) {
                request.response().setStatusCode(401).end();
                return;
            }
            store.apply(body)
                    .thenAccept(stored -> context.runOnContext(nothing ->
                            request.response().setStatusCode(stored ? 202 : 503).end("{\"status\":\"stored\"}")));
        });
    }

    private boolean signed(String signature, byte[] body) {
        byte[] expected = mac.doFinal(body);
        try {
            return signature != null
                    && MessageDigest.isEqual(expected, HexFormat.of().parseHex(signature));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Function<byte[], CompletableFuture<Boolean>> each(DataSource database, int pool) {
        var workers = Executors.newFixedThreadPool(pool);
        return body -> CompletableFuture.supplyAsync(() -> insert(database, body), workers);
    }

    private static boolean insert(DataSource database, byte[] body) {
        try (Connection connection = database.getConnection();
                var insert = connection.prepareStatement(Database.INSERT)) {
            insert.setBytes(1, body);
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            System.err.println(e.getMessage());
            return false;
        }
    }
}
