package dev.serai.route;

import dev.serai.connector.AnswerRefused;
import dev.serai.connector.Egress;
import dev.serai.connector.NotConnected;
import dev.serai.connector.Verdicts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * One call from the wait for a connection to the last byte of the answer: no longer than it may take, no more than it may
 * bring. The answer is counted as it is unpacked, and read no further than to its limit.
 */
final class CallDeadline implements ExecChainHandler {
    private static final int CHUNK = 16 * 1024;
    private static final String STANDS = CallDeadline.class.getName() + ".stands";

    /** To be put behind what connects: who comes here has a connection, and from here on something may be sent. */
    static final ExecChainHandler CONNECTED = (request, scope, chain) -> {
        scope.clientContext.setAttribute(STANDS, true);
        return chain.proceed(request, scope);
    };

    private final Duration timeout;
    private final int most;
    private final ScheduledExecutorService clock;

    CallDeadline(Egress egress, CallSettings settings, ScheduledExecutorService clock) {
        int own = egress.limits().maxAnswerKb();
        this.timeout = egress.limits().timeout();
        this.most = own == 0 ? settings.maxAnswer() : own * 1024;
        this.clock = clock;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        var late = new AtomicBoolean();
        scope.clientContext.removeAttribute(STANDS);
        ScheduledFuture<?> end = clock.schedule(
                () -> {
                    late.set(true);
                    // closes the socket, in whatever it waits; the interface is the client's own way to be told
                    ((Cancellable) scope.originalRequest).cancel();
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            keepInMemory(response, scope);
            return response;
        } catch (ConnectionRequestTimeoutException e) {
            // all connections are taken: nothing was sent
            throw new ConnectTimeoutException("no connection was free");
        } catch (AnswerRefused e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            boolean unsent = scope.clientContext.getAttribute(STANDS) == null;
            if (late.get() || unsent && e instanceof SocketTimeoutException) {
                throw timedOut(unsent, e);
            }
            if (unsent && e instanceof IOException broken && Verdicts.inDoubt(e)) {
                throw new NotConnected(broken);
            }
            throw e;
        } finally {
            end.cancel(false);
        }
    }

    private IOException timedOut(boolean unsent, Exception cause) {
        IOException timedOut = unsent
                ? new ConnectTimeoutException("no connection stood within " + timeout.toMillis() + " ms")
                : new SocketTimeoutException("the call took longer than " + timeout.toMillis() + " ms");
        timedOut.initCause(cause);
        return timedOut;
    }

    private void keepInMemory(ClassicHttpResponse response, ExecChain.Scope scope) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return;
        }
        var body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = entity.getContent()) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                body.write(chunk, 0, read);
                if (body.size() > most) {
                    scope.execRuntime.discardEndpoint();
                    throw new AnswerRefused("with more than " + most / 1024
                            + " KiB; ask for less at once, or raise max_answer_kb in its connector file");
                }
            }
        }
        response.setEntity(new ByteArrayEntity(body.toByteArray(), ContentType.parseLenient(entity.getContentType())));
    }
}
