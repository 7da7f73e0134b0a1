package dev.holdfast.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Every call is answered once, by {@link #respond} or {@link #stream}.
 *
 * <p>Used by one thread at a time.
 */
public final class Call {
    /** Header of every answer: the id under which the server's log knows the request. */
    public static final String REQUEST_ID = "Holdfast-Request";

    /** The content type of bytes of which the server knows nothing. */
    public static final String BYTES = "application/octet-stream";

    private static final byte[] NOTHING = {};
    private static final HttpField CONTENT_IS_BYTES = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, BYTES);
    /** How long a client that is refused may pause in sending before it is cut off. */
    private static final long LINGER_NANOS = 3_000_000_000L;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final CallContext context;
    private final String id;
    private final Runnable leave;
    private final Body body;
    private RawTargets.Target target;
    private String headerPrefix = "";
    private @Nullable Query query;
    private boolean answered;
    private boolean atOnce;
    private boolean entered;
    private boolean streamed;

    /** @param leave has the call count no longer as one under way, if it still does */
    Call(Request request, Response response, Callback callback, CallContext context, String id, Runnable leave) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.context = context;
        this.id = id;
        this.leave = leave;
        this.target = context.targets().of(request.getHttpURI());
        this.body = new Body(request, context.time(), context.limits(), context.memory());
    }

    /**
     * Lets the call be read as the one that a proxy has wrapped: path, query and headers are from now on those within.
     *
     * @param inner raw path and query
     * @param prefix what the names of the inner headers begin with
     */
    public void unwrap(String inner, String prefix) {
        target = RawTargets.Target.parse(inner);
        headerPrefix = prefix;
        query = null;
    }

    /** Names the request in logs, errors and the answer. */
    public String id() {
        return id;
    }

    public String method() {
        return request.getMethod();
    }

    /** The path as it was sent: neither decoded nor normalised; without the query. */
    public String path() {
        return target.path();
    }

    public Query query() {
        Query parsed = query;
        if (parsed == null) {
            parsed = Query.parse(target.query());
            query = parsed;
        }
        return parsed;
    }

    /** The host the client means, without the port; empty when it names none. */
    public String host() {
        String host = request.getHttpURI().getHost();
        return host == null ? "" : host;
    }

    /** The first value of a header, one character for each byte; null when it was not sent. */
    public @Nullable String header(String name) {
        return request.getHeaders().get(headerPrefix.isEmpty() ? name : headerPrefix + name);
    }

    /** The first value of a header whose bytes are UTF-8; null when it was not sent. */
    public @Nullable String headerUtf8(String name) {
        byte[] bytes = headerBytes(name);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** The first value of a header as the bytes sent; null when it was not sent. */
    public byte @Nullable [] headerBytes(String name) {
        String value = header(name);
        return value == null ? null : value.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The address of the client's end of the connection, for logs. */
    public String remoteAddress() {
        return Request.getRemoteAddr(request);
    }

    /** Whether the connection is encrypted. */
    public boolean secure() {
        return request.isSecure();
    }

    /** Length of the body as the client declares it, in bytes; -1 when it streams, or sends none. */
    public long declaredLength() {
        return body.declared();
    }

    /**
     * Reads the whole body. The array is the caller's.
     *
     * @param limit bytes; a longer body is refused, by its declared length before any of it is read
     */
    public byte[] body(int limit) throws BodyFault {
        return body.read(limit);
    }

    /** Sets a header of the answer; every character stands for one byte, which must not be a control character. */
    public Call answerHeader(String name, String value) {
        response.getHeaders().put(name, value);
        return this;
    }

    /** Sets a header of the answer. */
    public Call answerHeader(FixedHeader header) {
        response.getHeaders().put(header.field);
        return this;
    }

    /** Sets a header of the answer to raw UTF-8. */
    public Call answerHeaderUtf8(String name, byte[] utf8) {
        return answerHeader(name, new String(utf8, StandardCharsets.ISO_8859_1));
    }

    /** Sets a header of the answer to raw UTF-8. */
    public Call answerHeaderUtf8(String name, String value) {
        return answerHeaderUtf8(name, value.getBytes(StandardCharsets.UTF_8));
    }

    public void respond(int status) {
        respond(status, null, null, NOTHING);
    }

    public void respond(int status, String contentType, byte[] content) {
        respond(status, null, contentType, content);
    }

    /**
     * Sends the answer, without waiting for it to be taken.
     *
     * @param reason the reason phrase of the status line; null for the usual one. HTTP/2 has none.
     * @param contentType null for none
     * @param content not to be written to afterwards
     * @throws IllegalStateException when the call was answered before
     */
    public void respond(int status, @Nullable String reason, @Nullable String contentType, byte[] content) {
        if (answered) {
            throw new IllegalStateException("the call is answered already");
        }
        answered = true;
        body.giveBack();
        response.setStatus(status);
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(REQUEST_ID, id);
        if (BYTES.equals(contentType)) {
            headers.put(CONTENT_IS_BYTES);
        } else if (contentType != null) {
            headers.put(HttpHeader.CONTENT_TYPE, contentType);
        }
        boolean refusesBody = status >= 400 && oneRequestAtATime() && body.unread();
        if (refusesBody || (context.stopping().get() && oneRequestAtATime())) {
            headers.put(new HttpField(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString()));
        }
        if (reason != null) {
            request.addHttpStreamWrapper(stream -> new ReasonPhrase(stream, reason));
        }
        if (refusesBody) {
            respondAndLinger(content);
        } else {
            response.write(true, ByteBuffer.wrap(content), callback);
        }
    }

    /**
     * Begins an answer, with status 200, that is written piece by piece. It does not count as a call under way: others have a limit of
     * their own, and so have these.
     *
     * @return null when as many are open as the server bears, or it stops; then the call is still to be answered
     * @throws IllegalStateException when the call was answered before
     */
    public @Nullable AnswerStream stream(String contentType) {
        if (answered) {
            throw new IllegalStateException("the call is answered already");
        }
        AnswerStream[] made = new AnswerStream[1];
        Callback left = Callback.from(callback, () -> context.streams().leave(made[0]));
        made[0] = new AnswerStream(
                response, left, context.time(), context.limits().idle().toNanos());
        if (!context.streams().enter(made[0])) {
            return null;
        }
        answered = true;
        streamed = true;
        body.giveBack();
        leave.run();
        // It is the writer who notices that a client is gone; silence between two pieces is nothing to worry about.
        request.addIdleTimeoutListener(silence -> false);
        response.setStatus(200);
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(REQUEST_ID, id);
        headers.put(HttpHeader.CONTENT_TYPE, contentType);
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        return made[0];
    }

    /** Whether the answer was written piece by piece. */
    public boolean streamed() {
        return streamed;
    }

    /**
     * Closing a connection on which bytes wait unread resets it, and the client may never see why it was refused. So what it still
     * sends is read first; and the answer is whole, but not marked as the last write, on which Jetty would end our direction at
     * once: workerd, when it is still sending then, waits for ever.
     */
    private void respondAndLinger(byte[] content) {
        Callback.Completable written = new Callback.Completable();
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
        response.write(false, ByteBuffer.wrap(content), written);
        try {
            written.get();
        } catch (ExecutionException gone) {
            callback.failed(gone.getCause() == null ? gone : gone.getCause());
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        body.forget(LINGER_NANOS);
        callback.succeeded();
    }

    private boolean oneRequestAtATime() {
        return request.getConnectionMetaData().getHttpVersion().getVersion() < HttpVersion.HTTP_2.getVersion();
    }

    /** Whether it is being tried to answer without waiting for anything. */
    public boolean atOnce() {
        return atOnce;
    }

    /** Notes that the call has been let into its namespace once. */
    public void enter() {
        entered = true;
    }

    /** Whether the call has been let into its namespace before, when it was tried to answer at once. */
    public boolean entered() {
        return entered;
    }

    /** Has a door answer if it can do so at once. */
    boolean tryAtOnce(Door door) {
        atOnce = true;
        boolean done = door.answerAtOnce(this);
        atOnce = false;
        return done;
    }

    boolean answered() {
        return answered;
    }

    /** The status answered with; 0 before {@link #respond}. */
    public int status() {
        return answered ? response.getStatus() : 0;
    }

    /** Ends a call that nobody waits for. */
    void abandon(Throwable why) {
        answered = true;
        callback.failed(why);
    }

    /** Ends a call whose body broke HTTP: Jetty has given the connection up, and answers 400 in our stead if it can. */
    void abandonBroken(BodyFault.Broken why) {
        answered = true;
        callback.failed(new HttpException.RuntimeException(why.status(), why.getMessage(), why));
    }

    void giveBackMemory() {
        body.giveBack();
    }
}
