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

/**
 * The server without a store: its HTTP engine, its token check, and the bytes that Holdfast answered once. What it reaches is
 * the most that Holdfast could.
 */
public final class BareEngine implements Door {
    private static final long AUDIT_BYTES = 1 << 20;
    private static final NamespaceId NAMESPACE = new NamespaceId(1, 2);

    private final Gatekeeper gatekeeper;
    private final Ready get;
    private final Ready put;

    private record Ready(Answer answer, byte[] body) {
        static Ready read(Path file) throws IOException {
            Answer answer = Answer.read(file);
            return new Ready(answer, answer.body().getBytes(StandardCharsets.UTF_8));
        }

        void to(Call call) {
            for (Answer.Header header : answer.headers()) {
                call.answerHeader(header.name(), header.value());
            }
            if (answer.contentType() == null) {
                call.respond(200, null, null, body);
            } else {
                call.respond(200, answer.contentType(), body);
            }
        }
    }

    private BareEngine(Gatekeeper gatekeeper, Ready get, Ready put) {
        this.gatekeeper = gatekeeper;
        this.get = get;
        this.put = put;
    }

    /**
     * @param arguments {@code virtual} or {@code inline}; the folder with the answers to give; the folder with the admin token.
     *     Says the port, and serves until its input ends
     */
    public static void main(String[] arguments) throws IOException, Catalogue.NotKept {
        Path answers = Path.of(arguments[1]);
        Time time = new SystemTime();
        Tokens tokens = new Tokens(new MemoryCatalogue(), time);
        AuditLog audit = new AuditLog(answers, AUDIT_BYTES, 1, time);
        new AdminTokenFile(Path.of(arguments[2]), tokens, audit).begin();
        BareEngine door = new BareEngine(
                new TokenGatekeeper(tokens), Ready.read(answers.resolve("GET")), Ready.read(answers.resolve("PUT")));
        Listener listener = arguments[0].equals("inline")
                ? new Listener("bare", "127.0.0.1", 0, null, Runnable::run)
                : Listener.onVirtualThreads("bare", "127.0.0.1", 0, null);
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

    @Override
    public void answer(Call call) throws IOException {
        boolean writes = call.method().equals("PUT");
        Permission needed = writes ? Permission.WRITE : Permission.READ;
        if (!(gatekeeper.authenticate(call) instanceof Gatekeeper.Pass.Granted granted)
                || !granted.grant().may(needed, NAMESPACE)) {
            call.respond(401);
        } else if (writes) {
            call.body(Limits.VALUE_BYTES);
            put.to(call);
        } else {
            get.to(call);
        }
    }

    @Override
    public void refuse(Call call, int status, String sentence) {
        call.respond(status);
    }
}
