package dev.holdfast.server.binding;

import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Door;
import dev.holdfast.server.http.Gatekeeper;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Miniflare's remote-proxy protocol: the binding protocol in an envelope. Every request goes to one address, whatever it is
 * about, and carries in headers the binding's name, the URL that workerd asked for, and the headers that workerd sent.
 *
 * <p>The client can add no header of its own and drops the user of the address, so that the token is in the address's path, and its
 * query may say which namespace a binding means: {@code /miniflare/hf_…?SETTINGS=my-settings}.
 */
public final class MiniflareDoor implements Door {
    private static final String ROOT = "/miniflare";
    private static final String BINDING = "MF-Binding";
    private static final String URL = "MF-URL";
    private static final String HEADERS = "MF-Header-";

    private final BindingDoor inner;
    private final Function<String, Gatekeeper.Pass> secrets;

    /** @param secrets who comes with a token */
    public MiniflareDoor(BindingDoor inner, Function<String, Gatekeeper.Pass> secrets) {
        this.inner = inner;
        this.secrets = secrets;
    }

    /** Not by the path alone, which may be a key that another door was asked for. */
    @Override
    public boolean claims(Call call) {
        String path = call.path();
        return path.startsWith(ROOT)
                && (path.length() == ROOT.length() || path.charAt(ROOT.length()) == '/')
                && call.header(BINDING) != null;
    }

    @Override
    public void answer(Call call) throws IOException {
        String token = call.path().length() > ROOT.length() ? call.path().substring(ROOT.length() + 1) : "";
        String target = target(call.header(URL));
        if (token.isEmpty()) {
            refuse(call, 401, "The address of the remote proxy must end in " + ROOT + "/ and a token");
        } else if (target == null) {
            refuse(call, 400, "The header " + URL + " must be the URL that the binding asked for");
        } else {
            String binding = String.valueOf(call.headerUtf8(BINDING));
            String namespace = call.query().get(binding);
            call.unwrap(target, HEADERS);
            Room room = new Room(namespace == null ? binding : namespace, true, call.path());
            inner.answer(call, room, secrets.apply(token));
        }
    }

    /** Path and query of an absolute URL, as they stand there; null when it is none. */
    private static @Nullable String target(@Nullable String url) {
        int host = url == null ? -1 : url.indexOf("://") + 3;
        if (url == null || host < 3) {
            return null;
        }
        for (int i = host; i < url.length(); i++) {
            if (url.charAt(i) == '/') {
                return url.substring(i);
            }
            if (url.charAt(i) == '?') {
                return "/" + url.substring(i);
            }
        }
        return "/";
    }

    @Override
    public void refuse(Call call, int status, String sentence) {
        inner.refuse(call, status, sentence);
    }
}
