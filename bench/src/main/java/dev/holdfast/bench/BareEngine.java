package dev.holdfast.bench;

import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Catalogue;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Door;
import dev.holdfast.server.http.Gatekeeper;
import dev.holdfast.server.http.HttpLimits;
import dev.holdfast.server.http.HttpServer;
import dev.holdfast.server.http.Listener;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.token.AdminTokenFile;
import dev.holdfast.server.token.TokenGatekeeper;
import dev.holdfast.server.token.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The server without a store: its HTTP engine, its token check, and the bytes that Holdfast answered once. What it reaches is
 * the most that Holdfast could.
 */
public final class BareEngine implements Door {
    private static final long AUDIT_BYTES = 1 << 20;
    private static final NamespaceId NAMESPACE = new NamespaceId(1, 2);

    private final Gatekeeper gatekeeper;
    private final List<Ready> replies;
    private final boolean inline;

    private record Ready(String method, String prefix, Answer answer, byte[] body) {
        static Ready of(Reply reply) {
            byte[] body = reply.answer().body().getBytes(StandardCharsets.UTF_8);
            return new Ready(reply.method(), reply.prefix(), reply.answer(), body);
        }

        void to(Call call) {
            for (Answer.Header header : answer.headers()) {
                call.answerHeader(header.name(), header.value());
            }
            call.respond(200, null, answer.contentType(), body);
        }
    }

    private BareEngine(Gatekeeper gatekeeper, List<Ready> replies, boolean inline) {
        this.gatekeeper = gatekeeper;
        this.replies = replies;
        this.inline = inline;
    }

    /**
     * @param arguments {@code virtual} or {@code inline}; the folder with the replies to give; the folder with the admin token; the
     *     folder with the certificate, if it is to speak TLS. Says the port, and serves until its input ends
     */
    public static void main(String[] arguments) throws IOException, Catalogue.NotKept {
        boolean inline = arguments[0].equals("inline");
        Path answers = Path.of(arguments[1]);
        SSLContext tls = arguments.length > 3 ? new Tls(Path.of(arguments[3])).context() : null;
        Time time = new SystemTime();
        Tokens tokens = new Tokens(new MemoryCatalogue(), time);
        AuditLog audit = new AuditLog(answers, AUDIT_BYTES, 1, time);
        new AdminTokenFile(Path.of(arguments[2]), tokens, audit).begin();
        List<Ready> replies = Reply.read(answers).stream().map(Ready::of).toList();
        BareEngine door = new BareEngine(new TokenGatekeeper(tokens), replies, inline);
        Listener listener = inline
                ? new Listener("bare", "127.0.0.1", 0, tls, Runnable::run)
                : Listener.onVirtualThreads("bare", "127.0.0.1", 0, tls);
        HttpServer server = new HttpServer(listener, HttpLimits.DEFAULT, List.of(door), time);
        server.start();
        System.out.println(server.port());
        while (System.in.read() >= 0) {}
        server.stop(Duration.ZERO);
        audit.close();
    }

    @Override
    public boolean claims(Call call) {
        return true;
    }

    /** As Holdfast's doors answer what is near. */
    @Override
    public boolean answerAtOnce(Call call) {
        if (!inline || !call.method().equals("GET")) {
            return false;
        }
        get(call);
        return true;
    }

    private void get(Call call) {
        Ready reply = reply(call);
        if (reply == null) {
            call.respond(404);
        } else if (allowed(call, Permission.READ)) {
            reply.to(call);
        } else {
            call.respond(401);
        }
    }

    @Override
    public void answer(Call call) throws IOException {
        if (!call.method().equals("PUT")) {
            get(call);
            return;
        }
        Ready reply = reply(call);
        if (reply == null || !allowed(call, Permission.WRITE)) {
            call.respond(reply == null ? 404 : 401);
        } else {
            call.body(Limits.VALUE_BYTES);
            reply.to(call);
        }
    }

    private boolean allowed(Call call, Permission needed) {
        return gatekeeper.authenticate(call) instanceof Gatekeeper.Pass.Granted granted
                && granted.grant().may(needed, NAMESPACE);
    }

    private @Nullable Ready reply(Call call) {
        for (Ready reply : replies) {
            if (call.path().startsWith(reply.prefix) && call.method().equals(reply.method)) {
                return reply;
            }
        }
        return null;
    }

    @Override
    public void refuse(Call call, int status, String sentence) {
        call.respond(status);
    }
}
