package dev.holdfast.server.workerskv;

import dev.holdfast.client.transport.Percent;
import dev.holdfast.server.workerskv.WorkersKvFault.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The namespaces of an account by REST API v4. Every call is one request and blocks until it is answered, for at most the deadline; trying again
 * is the caller's. A key counts as absent only where the answer is the one for that: error 10009. Thread-safe.
 */
public final class WorkersKv implements AutoCloseable {
    /** Where Cloudflare's API is. */
    public static final URI CLOUDFLARE = URI.create("https://api.cloudflare.com/client/v4");

    /** How many keys are asked for at once. */
    public static final int BULK = 100;

    private static final int PAGE = 1_000;
    /** A hundred values, 25 MB together, in which every byte is written as six. */
    private static final long LONGEST = 160 << 20;

    private static final int PER_PAGE = 100;

    private final URI base;
    private final String account;
    private final ApiToken token;
    private final Duration deadline;
    private final HttpClient http;

    /**
     * @param base without a slash at its end
     * @param deadline for each request
     */
    public WorkersKv(URI base, String account, ApiToken token, Duration deadline) {
        this.base = base;
        this.account = account;
        this.token = token;
        this.deadline = deadline;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(deadline.compareTo(Duration.ofSeconds(10)) < 0 ? deadline : Duration.ofSeconds(10))
                .build();
    }

    public record Titled(String id, String title) {}

    /**
     * A key as it is listed.
     *
     * @param metadata as in {@link Content}
     */
    public record Listed(String key, long expiration, byte[] metadata) {}

    /** @param cursor of the next page; null when this is the last one */
    public record Page(List<Listed> keys, @Nullable String cursor) {}

    /** What a single key holds, without its metadata, which does not come with it. */
    public record Bare(byte[] value, long expiration) {}

    /** All namespaces of the account. */
    public List<Titled> namespaces() throws WorkersKvFault, InterruptedException {
        List<Titled> all = new ArrayList<>();
        for (int page = 1; ; page++) {
            JsonNode result = result(get("?per_page=" + PER_PAGE + "&page=" + page));
            for (JsonNode one : result) {
                all.add(new Titled(
                        one.path("id").asString(""), one.path("title").asString("")));
            }
            if (result.size() < PER_PAGE) {
                return all;
            }
        }
    }

    public Page keys(String namespace, String prefix, @Nullable String cursor)
            throws WorkersKvFault, InterruptedException {
        String query = "/keys?limit=" + PAGE + (prefix.isEmpty() ? "" : "&prefix=" + Percent.encode(prefix))
                + (cursor == null ? "" : "&cursor=" + Percent.encode(cursor));
        JsonNode body = Answers.success(get(room(namespace) + query));
        List<Listed> keys = new ArrayList<>();
        for (JsonNode one : body.path("result")) {
            keys.add(new Listed(
                    one.path("name").asString(""),
                    one.path("expiration").asLong(0),
                    Answers.metadata(one.path("metadata"))));
        }
        String next = body.path("result_info").path("cursor").asString("");
        return new Page(keys, next.isEmpty() ? null : next);
    }

    /** @return empty when there is no such key */
    public Optional<Bare> value(String namespace, String key) throws WorkersKvFault, InterruptedException {
        HttpResponse<byte[]> answer = get(room(namespace) + "/values/" + Percent.encode(key));
        if (answer.statusCode() == 200) {
            long expiration = answer.headers()
                    .firstValue("expiration")
                    .map(Answers::seconds)
                    .orElse(0L);
            return Optional.of(new Bare(answer.body(), expiration));
        }
        if (Answers.noKey(answer)) {
            return Optional.empty();
        }
        throw Answers.fault(answer);
    }

    /** @return empty for none, also when there is no such key */
    public byte[] metadata(String namespace, String key) throws WorkersKvFault, InterruptedException {
        HttpResponse<byte[]> answer = get(room(namespace) + "/metadata/" + Percent.encode(key));
        return Answers.noKey(answer) ? new byte[0] : Answers.metadata(result(answer));
    }

    /**
     * Values that are text, many in one request. One that is not came altered, and is left out; so is a key that there is none of: whoever needs to
     * know asks for it by itself.
     *
     * @param keys at most {@link #BULK}
     * @return by key. A byte order mark at a value's beginning may be missing: some servers strip it
     */
    public Map<String, Content> texts(String namespace, List<String> keys) throws WorkersKvFault, InterruptedException {
        ObjectNode wish = Answers.MAPPER.createObjectNode();
        ArrayNode names = wish.putArray("keys");
        keys.forEach(names::add);
        wish.put("type", "text").put("withMetadata", true);
        HttpRequest.Builder request = request(room(namespace) + "/bulk/get")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Answers.MAPPER.writeValueAsBytes(wish)));
        JsonNode values = result(send(request)).path("values");
        Map<String, Content> texts = new LinkedHashMap<>();
        for (String key : keys) {
            Content text = Answers.text(values.path(key));
            if (text != null) {
                texts.put(key, text);
            }
        }
        return texts;
    }

    private static String room(String namespace) {
        return "/" + Percent.encode(namespace);
    }

    private static JsonNode result(HttpResponse<byte[]> answer) throws WorkersKvFault {
        return Answers.success(answer).path("result");
    }

    private HttpResponse<byte[]> get(String path) throws WorkersKvFault, InterruptedException {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) throws WorkersKvFault {
        return HttpRequest.newBuilder(
                        URI.create(base + "/accounts/" + Percent.encode(account) + "/storage/kv/namespaces" + path))
                .header("Authorization", "Bearer " + token.read())
                .header("User-Agent", "holdfast");
    }

    /** The JDK's own timeout ends with the head of an answer; a body that stops coming would be waited for for ever. */
    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws WorkersKvFault, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST));
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw away("did not answer within " + deadline.toMillis() + " ms", late);
        } catch (ExecutionException broken) {
            Throwable cause = broken.getCause() == null ? broken : broken.getCause();
            String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw away("cannot be reached (" + said + ")", cause);
        } finally {
            answer.cancel(true);
        }
    }

    private WorkersKvFault away(String what, Throwable cause) {
        return new WorkersKvFault(Kind.AWAY, base.getAuthority() + " " + what, 0, cause);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
