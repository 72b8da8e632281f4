package dev.serai.route;

import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.web.handler.AuthenticationHandler;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationHandlerFactory;
import org.apache.camel.main.HttpServerConfigurationProperties;

/**
 * Camel's HTTP server with a gate before everything. It listens before the first door hangs in it and would answer 404
 * until then, which tells a vendor that the address is wrong; 503 tells it to come again.
 */
final class StartingServer extends DefaultMainHttpServerFactory {
    private static final HttpProblem STARTING =
            new HttpProblem(503, "starting", "this hub is starting; send it again", Duration.ofSeconds(1));

    private volatile boolean started;

    /** From now on requests get through to the doors. */
    void started() {
        started = true;
    }

    @Override
    public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties properties) {
        Service server = super.newHttpServer(context, properties);
        // the one place where Camel lets a handler in before it listens
        var gate = new AuthenticationConfigEntry();
        gate.setPath("/*");
        gate.setAuthenticationProviderFactory(vertx -> null);
        gate.setAuthenticationHandlerFactory(new Gate());
        var authentication = ((MainHttpServer) server).getConfiguration().getAuthenticationConfig();
        authentication.setEnabled(true);
        authentication.getEntries().add(gate);
        return server;
    }

    private final class Gate implements AuthenticationHandlerFactory {
        @Override
        public <T extends AuthenticationProvider> AuthenticationHandler createAuthenticationHandler(T provider) {
            return context -> {
                if (started) {
                    context.next();
                } else {
                    STARTING.send(context.response());
                }
            };
        }
    }
}
