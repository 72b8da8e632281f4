package dev.serai.route;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelContext;

/**
 * Calls of a command, by the very code that makes those of flows: the same client, the same guards of where a call goes, how
 * long it takes and how much it brings. Settings of an installation, a proxy say, do not count: what is called is on this
 * machine.
 */
public final class CallsBeside implements AutoCloseable {
    private final CamelContext context = HttpCalls.bareContext();
    private final HttpCalls http;

    /** @param elsewhere a host of a public network by its name, which this machine stands for */
    public CallsBeside(String elsewhere) {
        var settings = Settings.read(Path.of("none"), Map.of(), Map.of(Setting.CALLS_PRIVATE_HOSTS.key(), elsewhere));
        this.http = new HttpCalls(
                context,
                CallSettings.of(settings),
                host -> host.equals(elsewhere)
                        ? new InetAddress[] {InetAddress.getLoopbackAddress()}
                        : InetAddress.getAllByName(host));
    }

    /** @throws IOException as a flow's call would fail: no answer, one that is not taken, or a place it may not call */
    public Answer send(Request request, Connector connector) throws IOException {
        return http.send(request, connector);
    }

    /** As {@link #send(Request, Connector)}, but waits no longer than this, whatever the connector file says. */
    public Answer send(Request request, Connector connector, Duration within) throws IOException {
        return http.send(request, connector, within);
    }

    @Override
    public void close() {
        http.close();
        context.stop();
    }
}
